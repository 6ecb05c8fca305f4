"""The parts of `expand`: one template in work, moves as warps, and the op-by-op rules."""
