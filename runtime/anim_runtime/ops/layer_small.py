"""Pictures with alpha made smaller: filtered once, and kept for the frames that follow."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import torch
import torch.nn.functional as functional
from torch import Tensor

#: pictures made smaller that are kept for the next frame
_KEPT = 8

_small: OrderedDict[tuple[int, int, int], tuple[Tensor, Tensor]] = OrderedDict()
_small_lock = Lock()


def kept_smaller(above: Tensor, height: int, width: int) -> Tensor:
    """The filtered picture, from the last few if it is there: a still logo is filtered once."""
    if (height, width) == tuple(above.shape[2:]):
        return above
    key = (id(above), height, width)
    with _small_lock:
        found = _small.get(key)
        # the picture is held beside, so that no other can have taken its identity
        if found is not None:
            _small.move_to_end(key)
            return found[1]
    made = functional.interpolate(above, (height, width), mode="bicubic", align_corners=False, antialias=True)
    made = inside(made)
    with _small_lock:
        _small[key] = (above, made)
        while len(_small) > _KEPT:
            _small.popitem(last=False)
    return made


def inside(premultiplied: Tensor) -> Tensor:
    """Without what interpolation swings beyond: alpha 0..1, colours 0..alpha.

    Where alpha swings above 1 the colours go down with it, so that a plain colour has no bright rim.
    """
    alpha = premultiplied[:, 3:]
    color = premultiplied[:, :3].div_(alpha.clamp_min(1.0)).clamp_min_(0.0)
    torch.minimum(color, alpha.clamp_(0.0, 1.0), out=color)
    return premultiplied
