"""The frames of one plan, made one at a time in whatever order they are asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from anim_compiler.plan import Columns, Plan
from anim_runtime.carries import quantised, restored
from anim_runtime.determinism import deterministic
from anim_runtime.diffusion.setup import every_setup
from anim_runtime.maker import FrameMaker, Means
from anim_runtime.preview.depths import Depths
from anim_runtime.preview.engines import Engines
from anim_runtime.preview.shelves import Images
from anim_runtime.spent import Spent, clock_of
from anim_runtime.store import Picture, Shelf

PREVIEW_VERSION = 1
"""Raised whenever the same frame is shown by another picture than before."""


class Keeping(Shelf, Protocol):
    """A shelf that takes pictures."""

    def put(self, key: str, picture: Picture) -> None:
        """Keep a picture."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """What one version of a film leaves for the next: its pictures as they are loaded, and their depth."""

    images: Images = field(default_factory=Images)
    depths: Depths = field(default_factory=Depths)


class Reel:
    """A plan's frames. `names` are those of the pictures that are shown, one a frame of the film: what is the
    same picture has the same name. `longest` is px of a picture's longer edge, at most.

    Whoever is asked on the way, such as an engine before a step, may raise: the frame in work is lost then,
    and nothing else.
    """

    def __init__(
        self,
        plan: Plan,
        columns: Columns,
        *,
        root: Path,
        cache: Path,
        device: str,
        shelf: Keeping,
        engines: Engines,
        longest: int,
        kept: Kept | None = None,
        warn: Callable[[str], None] = lambda said: None,
    ) -> None:
        kept = kept or Kept()
        self.plan = plan
        self._device = device
        self._shelf = shelf
        self._longest = longest
        self.spent = Spent(clock_of(device))
        means = Means(
            root,
            cache,
            device,
            shelf,
            lambda setup: engines.of(setup, root),
            warn,
            self.spent,
            kept.images,
            kept.depths.over,
            engines.library,
        )
        self._maker = FrameMaker(plan, columns, means)
        #: the engine that draws first
        self.setup = every_setup(plan)[0]
        self.keys = self._maker.keys
        self.names = self._names()

    def lacking(self, frame: int) -> list[int]:
        """The carries to be made before a frame can be shown, each after those that it is made of."""
        found: list[int] = []
        done: set[int] = set()
        stack = [(part, False) for part in self._shown_of(frame)]
        while stack:
            part, ready = stack.pop()
            if ready:
                found.append(part)
            elif part not in done:
                done.add(part)
                if self._shelf.get(self.keys[part]) is None:
                    stack.append((part, True))
                    stack.extend((needed, False) for needed in self._maker.needs(part))
        return found

    def make(self, frame: int) -> None:
        """Make a frame's carry; those that it is made of are there. RenderProblem if it cannot be made."""
        with torch.inference_mode(), deterministic(self._device):
            (carry,) = self._maker.carried((frame,), (frame,))
            picture = self._maker.carries.keep(frame, carry)()
            self._maker.settle()
            self._shelf.put(self.keys[frame], picture)

    def picture(self, frame: int) -> NDArray[np.uint8]:
        """The picture that is shown at a frame that lacks nothing, uint8 `[H,W,3]`."""
        with torch.inference_mode(), deterministic(self._device):
            seen = self._maker.seen(frame, self._maker.carries.at(frame))
            return _small(restored(quantised(seen)), self._longest)

    def _shown_of(self, frame: int) -> tuple[int, ...]:
        under = self._maker.table.under[frame]
        return (frame,) if under < 0 else (under, frame)

    def _names(self) -> tuple[str, ...]:
        table = self._maker.table
        head = hashlib.sha256(repr((PREVIEW_VERSION, self._longest, self._maker.where)).encode())
        names: list[str] = []
        for frame in range(self.plan.frames):
            whole = head.copy()
            whole.update(table.recipes[frame].encode() + table.shown[frame].encode())
            names.append(whole.hexdigest()[:40])
        return tuple(names)


def _small(image: torch.Tensor, longest: int) -> NDArray[np.uint8]:
    """Image float `[1,3,H,W]` of 0..1 to uint8 `[h,w,3]` on the host, no longer than that."""
    height, width = image.shape[-2:]
    if max(height, width) > longest:
        scale = longest / max(height, width)
        size = (max(1, round(height * scale)), max(1, round(width * scale)))
        image = torch.nn.functional.interpolate(image, size=size, mode="area")
    levels = (image[0].clamp(0.0, 1.0) * 255.0).round().to(torch.uint8)
    return np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy())
