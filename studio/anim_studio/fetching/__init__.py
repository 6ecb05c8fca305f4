"""What the commands need that fetch models: tokens, the user's network, progress, and lines for films."""
