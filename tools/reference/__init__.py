"""The manual: hand-written chapters and everything that the tables of the language say."""
