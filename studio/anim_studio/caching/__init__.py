"""What the cache folder holds, whether it is whole, and what may go."""
