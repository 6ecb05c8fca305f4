"""The families of image models: how each is loaded, told and asked."""
