"""The terminal UI of `anim live`: Textual widgets over what `live` tells."""
