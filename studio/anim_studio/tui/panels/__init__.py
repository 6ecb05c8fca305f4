"""What stands around picture and timeline: the first and last lines, and the panels at the side."""
