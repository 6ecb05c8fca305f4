"""A short rough video of a film, for a chat or a pull request."""
