"""Pictures of which some parts are drawn further than others, in one run of the sampler.

Differential diffusion (Levin and Fried 2023): the sampler begins where the part that is drawn furthest does.
Until the turn of another part comes, what stands there is the picture itself, put to the noise of the step.
So each part is drawn by its own strength, and sees at every step what is around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as functional

from anim_runtime.diffusion.request import Request, part_steps
from anim_runtime.diffusion.sampling.runs import Run

#: one over the share of a latent from which on it is a hole altogether
WHOLE = 2.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The latents of a batch's pictures and of its noise, float32 `[B,C,h,w]`, and when each part's turn
    comes: `turns` float32 `[B,1,h,w]`, in calls of the model from the first that is made. `last` is when
    that of most of the picture does, which is drawn least.
    """

    pictures: torch.Tensor
    noise: torch.Tensor
    turns: torch.Tensor
    last: int

    @classmethod
    def of(
        cls, rows: Sequence[Request], pictures: torch.Tensor, noise: torch.Tensor, order: int
    ) -> Parts | None:
        """Those of a batch; None if all of each picture is drawn alike. `order` is calls a step."""
        maps = [row.strengths for row in rows if row.strengths is not None]
        if not maps:
            return None
        strengths = _in_latents(torch.cat(maps), *pictures.shape[2:])
        taken = part_steps(rows[0].how.steps, strengths).clamp_max_(rows[0].taken)
        last = (rows[0].taken - rows[0].signature.rest) * order
        return cls(pictures, noise, (rows[0].taken - taken) * order, last)

    def waiting(self, run: Run, latents: torch.Tensor, place: int) -> torch.Tensor:
        """The latents before a call of the model, parts whose turn comes with it or later being the picture
        under the noise of that call.
        """
        if place == 0:
            # they are that already, or noise alone, which a part that takes every step begins with
            return latents
        here = run.under(place, self.pictures, self.noise)
        return torch.where(self.turns >= place, here, latents)

    def joined(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        """The latents of two runs after a call: most of the picture goes by the second one.

        A sampler that remembers the steps before would go on there from what it made of the noise of other
        steps, and sharpen a little more each time; begun anew, it draws what it would draw without holes.
        """
        return torch.where(self.turns >= self.last, second, first)

    def done(self, latents: torch.Tensor, calls: int) -> torch.Tensor:
        """The latents after all calls, parts whose turn never came being the picture."""
        return torch.where(self.turns >= calls, self.pictures, latents)


def _in_latents(strengths: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    """Strengths `[B,1,H,W]` in latents of that many rows and columns, `[B,1,rows,columns]`.

    A latent of which half is a hole is one: else the hole's edge would stay. One with less of it is drawn
    less far: a camera that moves a pixel a frame does not make its border anew all the time, nor a line of
    pixels behind every edge the things beside it. A picture's ragged right and bottom edges are drawn out to
    whole latents, as codecs do it.
    """
    height, width = strengths.shape[2:]
    factor = max(-(-height // rows), -(-width // columns))
    edges = (0, columns * factor - width, 0, rows * factor - height)
    whole = functional.pad(strengths, edges, mode="replicate")
    least = strengths.amin(dim=(1, 2, 3), keepdim=True)
    share = functional.avg_pool2d(whole, factor) - least
    return torch.minimum(least + WHOLE * share, functional.max_pool2d(whole, factor))


def kept(request: Request, drawn: torch.Tensor) -> torch.Tensor:
    """What was drawn, with the picture itself where its strength is 0, bit for bit: `[1,3,H,W]`."""
    if request.strengths is None or request.image is None:
        return drawn
    return torch.where(request.strengths > 0.0, drawn, request.image)
