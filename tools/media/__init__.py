"""How the sound and the stills of the example films are made: `python -m tools.media`."""
