"""ControlNets: how they are loaded, what they are shown, and what they add to a denoiser."""
