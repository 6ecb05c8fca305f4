"""Sound files as `check` sees them, without numpy or a decoder: headers, limits, lock files."""
