"""First films: the templates of `anim new`, and the media that they need."""
