"""What a model is asked to draw, as values: requests that are alike can be drawn in one batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a picture is drawn: steps (1 or more), guidance (1 = none), sampler name, seed.

    A seed with a fraction lies between the noises of its two neighbours.
    """

    steps: int
    cfg_scale: float
    sampler: str
    seed: float


class Signature(NamedTuple):
    """What requests must have in common to be drawn together: they differ in prompts, seeds and guidance."""

    sampler: str
    steps: int
    #: the steps that are taken; 0 leaves the picture as it is
    taken: int
    guided: bool
    height: int
    width: int
    #: tokens of the conditionings; both of a guided request count as the longer one
    tokens: int
    #: the steps that most of the picture takes where parts of it are drawn further; -1 if none are
    rest: int = -1


@dataclass(frozen=True, slots=True)
class Request:
    """One picture to draw, of `height` × `width` px.

    `positive` and `negative` are conditionings `[1, tokens, width]`. Without an `image` it is drawn from
    noise alone; from an image float32 `[1,3,height,width]` of 0..1, `strength` (0..1) says how far. With
    `strengths` float32 `[1,1,height,width]` each part is drawn as far as its own says, `strength` is the most
    that any of them may be and `least` the least; what is 0 there stays bit for bit.
    """

    positive: torch.Tensor
    negative: torch.Tensor
    how: Sampling
    height: int
    width: int
    image: torch.Tensor | None = None
    strength: float = 1.0
    strengths: torch.Tensor | None = None
    least: float = 0.0

    @property
    def taken(self) -> int:
        """The steps that are taken: all of them from noise alone."""
        return self.how.steps if self.image is None else steps_at(self.how.steps, self.strength)

    @property
    def from_noise(self) -> bool:
        """Whether nothing of the image is left in the picture."""
        return self.image is None or (self.strengths is None and self.taken >= self.how.steps)

    @property
    def signature(self) -> Signature:
        """What it must have in common with others to be drawn together with them."""
        how, guided = self.how, self.how.cfg_scale != 1.0
        tokens = self.positive.shape[1]
        if guided:
            tokens = max(tokens, self.negative.shape[1])
        rest = -1 if self.strengths is None else steps_at(how.steps, self.least)
        return Signature(how.sampler, how.steps, self.taken, guided, self.height, self.width, tokens, rest)


def part_steps(steps: int, strengths: torch.Tensor) -> torch.Tensor:
    """Steps that image-to-image takes at each of the strengths float32 of 0..1: float32, whole numbers.

    As `steps_at`, but for the hair, which has to show in single precision.
    """
    return (strengths * steps + 1e-4).floor_().clamp_(0.0, float(steps))


def steps_at(steps: int, strength: float) -> int:
    """Steps that image-to-image takes: `int(min(steps * strength, steps))`, as diffusers has it.

    A hair is added before rounding down, so that 0.29 of 100 steps are 29 and not 28.
    """
    return int(min(steps * strength + 1e-9, steps))
