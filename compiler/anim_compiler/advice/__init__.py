"""Advice: what a checked film says that its author surely did not mean. One file a check."""
