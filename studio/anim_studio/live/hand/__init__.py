"""Keys set by hand: each edit becomes a minimal change of the film's text, and can be taken back."""
