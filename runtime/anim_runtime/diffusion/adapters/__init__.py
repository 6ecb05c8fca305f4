"""LoRAs: read from files, fitted to the layers of a model, and weighed row by row while it draws."""
