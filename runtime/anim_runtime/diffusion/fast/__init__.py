"""What makes a model quick on a graphics card, and lets it fit."""
