"""Where people meet anim: the command line, its progress displays and its drawings."""
