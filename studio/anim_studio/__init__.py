"""What people touch: the command line, pictures of curves, contact sheets."""
