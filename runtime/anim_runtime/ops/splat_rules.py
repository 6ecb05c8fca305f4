"""The numbers of `splat`: when neighbours hang together, how holes are filled."""

from __future__ import annotations

#: Neighbours whose 1/z differ by no more than the first share of the larger are of one surface, by more than
#: the second of two; between the two they are of one as long as the move stretches it no more than so much:
#: by `STRETCH` times what it would be were both as far away, on top of that.
ALWAYS_WHOLE, ALWAYS_TORN, STRETCH = 0.02, 0.10, 1.5
#: So many px a source pixel covers more than its share, so that rounding leaves no crack between two.
EDGE = 1e-3
#: Surfaces seen more edge-on than this are taken to face the camera.
STEEPEST = 0.2
#: Steps that look for what is seen where no pixel came to: whether it is beyond the picture.
STEPS = 5
#: How much nearer than the farthest side of a hole a side may be and still half count for what fills it.
FAR = 0.1
