"""How latents are led from noise to a picture: noise levels, the rules of samplers, and their runs."""
