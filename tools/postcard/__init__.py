"""How the built-in text-to-image model `postcard` is drawn, trained, measured and exported."""
