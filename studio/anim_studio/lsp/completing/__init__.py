"""What may be written at a place of a film: candidates for an editor."""
