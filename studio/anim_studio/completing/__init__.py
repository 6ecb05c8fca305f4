"""What may stand next on a command line: candidates for bash, zsh and fish."""
