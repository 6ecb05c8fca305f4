"""What draws a film besides its model: LoRAs, embeddings, ControlNets, and how each is said in the graph."""
