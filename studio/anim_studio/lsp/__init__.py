"""The language server: what an editor asks about a film while it is written."""
