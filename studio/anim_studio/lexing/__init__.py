"""Colours for the text of films: a lexer for Pygments, and what paints lines of a terminal with it."""
