"""`anim models`: the models on this machine, where they came from, and what holds a film to them."""
