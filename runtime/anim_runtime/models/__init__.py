"""Models: where a reference leads on this machine, and the digest of what is there."""
