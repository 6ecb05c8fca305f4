"""What a model is asked to draw, as values: requests that are alike can be drawn in one batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.told import Conditioning, longest

if TYPE_CHECKING:
    import torch


#: a large picture: `whole`; `tiled` in windows of the size that the model was trained on; in `two_stage`s, at
#: that size first and then in windows over it; `auto` as it suits the model
Large: TypeAlias = Literal["auto", "whole", "tiled", "two_stage"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a picture is drawn: steps (1 or more), guidance (1 = none), sampler name, seed.

    A seed with a fraction lies between the noises of its two neighbours. `eta` (0..1) is how much noise the
    sampler puts back at every step, None as much as it is known for; `noise_multiplier` is a factor on the
    noise that a picture starts from. `large` is how one is drawn that is larger than those the model was
    trained on.
    """

    steps: int
    cfg_scale: float
    sampler: str
    seed: float
    eta: float | None = None
    noise_multiplier: float = 1.0
    large: Large = "auto"


@dataclass(frozen=True, slots=True)
class Hint:
    """What one ControlNet of the engine is shown: `picture` float32 `[1,3,H,W]` of 0..1. It acts with
    `weight` from `start` to `end` (0..1) of the sampling.
    """

    name: str
    picture: torch.Tensor
    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0


class Signature(NamedTuple):
    """What requests must have in common to be drawn together: they differ in prompts, seeds and guidance."""

    sampler: str
    steps: int
    #: the steps that are taken; 0 leaves the picture as it is
    taken: int
    guided: bool
    height: int
    width: int
    #: tokens of the conditionings, stream by stream; both of a guided request count as the longer one
    tokens: tuple[int, ...]
    #: the steps that most of the picture takes where parts of it are drawn further; -1 if none are
    rest: int = -1
    eta: float | None = None
    #: which of the engine's LoRAs act at all
    loras: tuple[bool, ...] = ()
    #: the names of the hints
    hints: tuple[str, ...] = ()
    #: the engine that draws
    setup: Setup | None = None
    large: Large = "auto"


@dataclass(frozen=True, slots=True)
class Request:
    """One picture to draw, of `height` × `width` px.

    `positive` and `negative` are conditionings of the engine that draws it. Without an `image` it is drawn
    from noise alone; from an image float32 `[1,3,height,width]` of 0..1, `strength` (0..1) says how far. With
    `strengths` float32 `[1,1,height,width]` each part is drawn as far as its own says, `strength` is the most
    that any of them may be and `least` the least; what is 0 there stays bit for bit. `loras` are the weights
    of the engine's LoRAs, in their order; `setup` says which engine it is, where there are several.
    """

    positive: Conditioning
    negative: Conditioning
    how: Sampling
    height: int
    width: int
    image: torch.Tensor | None = None
    strength: float = 1.0
    strengths: torch.Tensor | None = None
    least: float = 0.0
    loras: tuple[float, ...] = ()
    hints: tuple[Hint, ...] = ()
    setup: Setup | None = None

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
        tokens = self.positive.tokens
        if guided:
            tokens = longest((tokens, self.negative.tokens))
        rest = -1 if self.strengths is None else steps_at(how.steps, self.least)
        return Signature(
            how.sampler,
            how.steps,
            self.taken,
            guided,
            self.height,
            self.width,
            tokens,
            rest,
            how.eta,
            tuple(weight != 0.0 for weight in self.loras),
            tuple(hint.name for hint in self.hints),
            self.setup,
            how.large,
        )


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
