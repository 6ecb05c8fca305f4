"""Writes the word lists of the editors from the language's tables."""
