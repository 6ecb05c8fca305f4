"""Frames of a plan in whatever order somebody wants to see them, small, and given up at once."""
