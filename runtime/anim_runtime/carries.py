"""The pictures that frames hand to each other, always as the store has them: 16 bits a channel.

A carry that is still in memory and one that was read back are the same numbers, so a resumed render
equals an undisturbed one bit for bit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import torch

from anim_runtime.problems import RenderProblem
from anim_runtime.store import Picture, Store

LEVELS = 65535.0
#: pictures kept on the device whatever their size: both ends of a tween, a scene's first, and those still
#: being written
KEEP = 8
#: bytes of pictures kept on the device: chains of several scenes advance together, each with its own
KEEP_BYTES = 256 * 2**20


def quantised(image: torch.Tensor) -> torch.Tensor:
    """Image float `[1,3,H,W]` of 0..1 to int32 `[1,3,H,W]` of 0..65535, rounded half to even."""
    return (image.clamp(0.0, 1.0) * LEVELS).round().to(torch.int32)


def restored(levels: torch.Tensor) -> torch.Tensor:
    """Levels int32 of 0..65535 to an image float32 of 0..1."""
    return levels.to(torch.float32) / LEVELS


def to_picture(levels: torch.Tensor) -> Picture:
    """Levels int32 `[1,3,H,W]` to uint16 `[H,W,3]` on the host."""
    host = levels[0].permute(1, 2, 0).cpu().numpy()
    return np.ascontiguousarray(host.astype(np.uint16))


def from_picture(picture: Picture, device: torch.device) -> torch.Tensor:
    """A stored picture uint16 `[H,W,3]` to levels int32 `[1,3,H,W]` on the device."""
    host = torch.from_numpy(picture.astype(np.int32))
    return host.permute(2, 0, 1).unsqueeze(0).contiguous().to(device)


class Carries:
    """The carries of the film's frames: the latest ones on the device, the others in the store."""

    def __init__(self, store: Store, key: Callable[[int], str], device: torch.device) -> None:
        self._store = store
        self._key = key
        self._device = device
        #: by key: frames that are the same picture share it
        self._near: OrderedDict[str, torch.Tensor] = OrderedDict()

    def at(self, frame: int) -> torch.Tensor:
        """The carry of a frame that is done, float32 `[1,3,H,W]`."""
        key = self._key(frame)
        levels = self._near.get(key)
        if levels is None:
            picture = self._store.get(key)
            if picture is None:
                message = f"frame {frame} went missing from the store while it was needed"
                raise RenderProblem(
                    message, "run the same command again: only what is missing is rendered", 2
                )
            levels = from_picture(picture, self._device)
            self._remember(key, levels)
        self._near.move_to_end(key)
        return restored(levels)

    def keep(self, frame: int, image: torch.Tensor) -> Picture:
        """Take a frame's new carry; returns what must go to the store, uint16 `[H,W,3]`."""
        levels = quantised(image)
        self._remember(self._key(frame), levels)
        return to_picture(levels)

    def _remember(self, key: str, levels: torch.Tensor) -> None:
        self._near[key] = levels
        keep = max(KEEP, KEEP_BYTES // levels.nbytes)
        while len(self._near) > keep:
            self._near.popitem(last=False)
