"""What `anim explain` and the manual say about the names of the language."""
