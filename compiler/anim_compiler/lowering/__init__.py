"""A pipeline as nodes: its calls by name, their arguments, the pictures that they start from."""
