"""What `anim audio` says, draws and writes of a track."""
