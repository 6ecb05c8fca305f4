"""What the app does, an idea a file: each is a part of the app, on top of the one before."""
