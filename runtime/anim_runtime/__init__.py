"""Plan to frames to video: kernels, diffusion, store, journal, encoder."""
