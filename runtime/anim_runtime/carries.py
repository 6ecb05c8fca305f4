"""The pictures that frames hand to each other, always as the store has them: 16 bits a channel. With a
picture goes how far things in it are, where the frame after goes on from that.

A carry that is still in memory and one that was read back are the same numbers, so a resumed render
equals an undisturbed one bit for bit.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
import torch

from anim_runtime.arriving import Arriving, arriving
from anim_runtime.depth import steady
from anim_runtime.depth.record import joined, parted
from anim_runtime.problems import RenderProblem
from anim_runtime.store import Picture, Shelf

LEVELS = 65535.0
#: pictures kept on the device though no frame is known to read them: both ends of a tween, a scene's first,
#: and those still being written
KEEP = 8
#: bytes of pictures kept on the device that some frame will read: chains of several scenes advance together,
#: each with its own
KEEP_BYTES = 256 * 2**20


def quantised(image: torch.Tensor) -> torch.Tensor:
    """Image float `[1,3,H,W]` of 0..1 to int32 `[1,3,H,W]` of 0..65535, rounded half to even."""
    return (image.clamp(0.0, 1.0) * LEVELS).round().to(torch.int32)


def restored(levels: torch.Tensor) -> torch.Tensor:
    """Levels int32 of 0..65535 to an image float32 of 0..1."""
    return levels.to(torch.float32) / LEVELS


def from_picture(picture: Picture, device: torch.device) -> torch.Tensor:
    """A stored picture uint16 `[H,W,3]` to levels int32 `[1,3,H,W]` on the device."""
    planes = np.stack(cv2.split(picture)).astype(np.int32)
    return torch.from_numpy(planes).unsqueeze(0).to(device)


class Carries:
    """The carries of the film's frames: the latest ones on the device, the others in the store.

    `height` is that of the pictures in px; it tells a picture from the depth that is stored below it.
    """

    def __init__(
        self, store: Shelf, key: Callable[[int], str], device: torch.device, height: int | None = None
    ) -> None:
        self._store = store
        self._key = key
        self._device = device
        self._height = height
        self._depths: dict[str, torch.Tensor] = {}
        #: by key: frames that are the same picture share it
        self._near: OrderedDict[str, torch.Tensor] = OrderedDict()
        #: frames that will still read each
        self._readers: Counter[str] = Counter()

    def expect(self, needs: Iterable[Sequence[int]]) -> None:
        """What the frames that will be made read, one entry a frame."""
        self._readers = Counter(self._key(frame) for needed in needs for frame in needed)

    def read(self, needed: Sequence[int]) -> None:
        """A frame is done that needed these: one reader of each is gone."""
        for frame in needed:
            self._readers[self._key(frame)] -= 1

    def at(self, frame: int) -> torch.Tensor:
        """The carry of a frame that is done, float32 `[1,3,H,W]`."""
        return restored(self._levels(frame))

    def depth_at(self, frame: int) -> torch.Tensor:
        """How far things in the carry of a frame that is done are, float32 `[1,1,h,w]` of 0..1; an empty
        `[1,1,0,0]` if nothing is kept of it.
        """
        self._levels(frame)
        found = self._depths.get(self._key(frame))
        return torch.empty((1, 1, 0, 0), device=self._device) if found is None else steady.restored(found)

    def keep_depth(self, frame: int, far: torch.Tensor) -> None:
        """Take how far things in a frame's carry will be, `[1,1,h,w]` of 0..1, before the carry itself."""
        self._depths[self._key(frame)] = steady.quantised(far)

    def _levels(self, frame: int) -> torch.Tensor:
        key = self._key(frame)
        levels = self._near.get(key)
        if levels is None:
            picture = self._store.get(key)
            if picture is None:
                message = f"frame {frame} went missing from the store while it was needed"
                raise RenderProblem(
                    message, "run the same command again: only what is missing is rendered", 2
                )
            depth = None
            if self._height is not None:
                picture, depth = parted(picture, self._height)
            if depth is not None:
                host = torch.from_numpy(depth.astype(np.int32))
                self._depths[key] = host[None, None].to(self._device)
            levels = from_picture(picture, self._device)
            self._remember(key, levels)
        self._near.move_to_end(key)
        return levels

    def keep(self, frame: int, image: torch.Tensor) -> Arriving:
        """Take a frame's new carry; returns what gives that which goes to the store, uint16 `[H,W,3]`, longer
        with depth, once it is on the host.
        """
        levels, key = quantised(image), self._key(frame)
        self._remember(key, levels)
        depth = self._depths.get(key)
        picture = arriving(levels)
        if depth is None:
            return picture
        host = depth[0, 0].cpu().numpy().astype(np.uint16)
        return lambda: joined(picture(), host)

    def _remember(self, key: str, levels: torch.Tensor) -> None:
        self._near[key] = levels
        self._near.move_to_end(key)
        most = max(KEEP, KEEP_BYTES // levels.nbytes)
        idle = (old for old in list(self._near) if self._readers[old] <= 0)
        while len(self._near) > KEEP:
            # what no frame reads any more goes first
            gone = next(idle, None)
            if gone is None:
                if len(self._near) <= most:
                    return
                gone = next(iter(self._near))
            del self._near[gone]
            self._depths.pop(gone, None)
