"""The commands, one a file; each module imports heavy things only inside its functions."""
