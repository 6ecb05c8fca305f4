"""What a render asks of a model, and how a model is loaded.

Pictures are float32 tensors `[1,3,H,W]`, RGB, 0..1, on the engine's device, in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import torch

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken
from anim_runtime.models.library import NULL, POSTCARD, Places
from anim_runtime.speed import AS_FITS, Speed
from anim_runtime.spent import Spent, clock_of

#: raised whenever the same inputs give other pixels than before; part of every store key
ENGINE_VERSION = 2


class Engine(Protocol):
    """What the session needs of a model."""

    name: str
    #: all that may change a picture's bits besides its inputs
    fingerprint: str
    device: torch.device
    spent: Spent
    #: called before each step of the model; what it raises ends the drawing
    each_step: Callable[[], None]
    #: takes in one line what the user should know of how texts were read and pictures drawn
    tell: Callable[[str], None]
    #: how it shares the device's memory, in one line; empty where that is the machine's own
    line: str

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        """The conditioning of a prompt."""
        ...

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of a prompt's conditioning, stream by stream, without encoding it."""
        ...

    def settle(self) -> None:
        """Wait until it is known of all pictures drawn so far that they hold numbers; RenderProblem if one
        does not, or is black all over. Who keeps pictures calls this before.
        """
        ...

    def save(self) -> str:
        """Take less of the device's memory from now on, which ran out: in one line how; empty if nothing is
        left to try.
        """
        ...

    def draw(self, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        """The pictures of requests of one signature, in their order, drawn in one batch.

        The batch has `pad_to` rows if that is more: the last request is repeated, and those rows are
        dropped. A picture depends on the size of the batch and its place in it (by about 1e-6: sums run
        in another order), never on what else is in it. No step at all leaves an image as it is.
        ValueError if the signatures differ or there is none; RenderProblem, here or in `settle`, if a picture
        holds no numbers.
        """
        ...


def load_engine(
    setup: Setup,
    device: str,
    *,
    root: Path | None = None,
    library: Path | None = None,
    cache: Path | None = None,
    spent: Spent | None = None,
    speed: Speed = AS_FITS,
    pixels: int = 0,
) -> Engine:
    """The engine of a setup on a device (`cpu`, `cuda`, `mps`); relative paths start at `root`, other models
    are looked for in the `library`, and with a `cache` their content is held to the setup's digests. Memory
    is shared so that pictures of so many `pixels` can be drawn; 0 means the model's own size.

    Raises RenderProblem (exit code 7) if a model is not here, is another one, or cannot be read.
    """
    places = Places(root, library, cache)
    found = places.find(setup.model.reference, setup.model.sha256)
    where = torch.device(device)
    counted = spent or Spent(clock_of(device))
    if found.path is None:
        from anim_runtime.diffusion.null import NullEngine

        return NullEngine(where, counted)
    # diffusers and transformers take seconds to import, and the null engine needs neither
    from anim_runtime.diffusion.loading import load_model

    return load_model(setup, found, found.path, places, where, counted, speed, pixels)


def fingerprint(setup: Setup, device: torch.device) -> str:
    """What may change the bits of a picture: engine, libraries, dtype, model. Loads none of them."""
    if setup.model.reference == NULL:
        return "null 1"
    libraries = " ".join(f"{name} {version(name)}" for name in ("torch", "diffusers", "transformers"))
    return f"engine {ENGINE_VERSION} {libraries} {dtype_on(setup.model, device)} model {setup.model.sha256}"


def nothing() -> None:
    """What is done before each step where nobody asks for anything."""


def unheard(said: str) -> None:
    """What is told where nobody asks what there is to know."""
    del said


def dtype_on(model: ModelRef, device: torch.device) -> torch.dtype:
    """What a model computes in: half precision on accelerators, except the built-in one, which is tiny."""
    full = device.type == "cpu" or model.reference == POSTCARD
    return torch.float32 if full else torch.float16


def alike(requests: Sequence[Request], pad_to: int) -> tuple[Request, ...]:
    """The rows of a batch: the requests, the last one repeated up to `pad_to`; ValueError if they differ."""
    if len({request.signature for request in requests}) != 1:
        raise ValueError("a batch needs requests of one signature")
    return (*requests, *(requests[-1],) * (pad_to - len(requests)))
