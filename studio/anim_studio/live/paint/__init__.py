"""Pictures of a version, painted tier by tier in a process of its own, and kept for the screen."""
