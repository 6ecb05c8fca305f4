"""The picture on the terminal: as half-blocks everywhere, as pixels where it draws them."""
