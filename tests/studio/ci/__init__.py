"""Films in continuous integration."""
