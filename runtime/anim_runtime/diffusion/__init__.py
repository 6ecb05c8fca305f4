"""Diffusion: engines, samplers, prompt encoding. torch and diffusers load with the modules that need them."""
