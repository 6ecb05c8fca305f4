"""A film made again after each change, on a thread of its own: versions, curves and plans."""
