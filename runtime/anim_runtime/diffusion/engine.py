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
from anim_runtime.models.library import NULL, POSTCARD, MissingModel, locate
from anim_runtime.problems import RenderProblem
from anim_runtime.spent import Spent, settler

#: raised whenever the same inputs give other pixels than before; part of every store key
ENGINE_VERSION = 1


class Engine(Protocol):
    """What the session needs of a model. Conditionings are `[1, tokens, width]`."""

    name: str
    #: all that may change a picture's bits besides its inputs
    fingerprint: str
    device: torch.device
    spent: Spent
    #: called before each step of the model; what it raises ends the drawing
    each_step: Callable[[], None]

    def encode(self, text: str) -> torch.Tensor:
        """The conditioning of a prompt."""
        ...

    def tokens(self, text: str) -> int:
        """The tokens of a prompt's conditioning, without encoding it."""
        ...

    def draw(self, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        """The pictures of requests of one signature, in their order, drawn in one batch.

        The batch has `pad_to` rows if that is more: the last request is repeated, and those rows are
        dropped. A picture depends on the size of the batch and its place in it (by about 1e-6: sums run
        in another order), never on what else is in it. No step at all leaves an image as it is.
        ValueError if the signatures differ or there is none; RenderProblem if a picture holds no numbers.
        """
        ...


def load_engine(
    model: ModelRef, device: str, *, root: Path | None = None, spent: Spent | None = None
) -> Engine:
    """The engine of a model on a device (`cpu`, `cuda`, `mps`); relative paths start at `root`.

    Raises RenderProblem (exit code 7) if the model is not here or cannot be read.
    """
    found = locate(model.reference, root)
    if isinstance(found, MissingModel):
        raise RenderProblem(found.message, found.hint, exit_code=7)
    where = torch.device(device)
    counted = spent or Spent(settler(device))
    if found.path is None:
        from anim_runtime.diffusion.null import NullEngine

        return NullEngine(where, counted)
    # diffusers and transformers take seconds to import, and the null engine needs neither
    from anim_runtime.diffusion.loading import load_model

    return load_model(found, found.path, fingerprint(model, where), where, counted)


def fingerprint(model: ModelRef, device: torch.device) -> str:
    """What may change the bits of a picture: engine, libraries, dtype, model. Loads none of them."""
    if model.reference == NULL:
        return "null 1"
    libraries = " ".join(f"{name} {version(name)}" for name in ("torch", "diffusers", "transformers"))
    return f"engine {ENGINE_VERSION} {libraries} {dtype_on(model, device)} model {model.sha256}"


def nothing() -> None:
    """What is done before each step where nobody asks for anything."""


def dtype_on(model: ModelRef, device: torch.device) -> torch.dtype:
    """What a model computes in: half precision on accelerators, except the built-in one, which is tiny."""
    full = device.type == "cpu" or model.reference == POSTCARD
    return torch.float32 if full else torch.float16


def alike(requests: Sequence[Request], pad_to: int) -> tuple[Request, ...]:
    """The rows of a batch: the requests, the last one repeated up to `pad_to`; ValueError if they differ."""
    if len({request.signature for request in requests}) != 1:
        raise ValueError("a batch needs requests of one signature")
    return (*requests, *(requests[-1],) * (pad_to - len(requests)))


def checked(image: torch.Tensor) -> torch.Tensor:
    """The picture itself; RenderProblem if it holds NaN or infinity, or is black all over."""
    low, high = (float(v) for v in image.aminmax())
    if not (torch.isfinite(torch.tensor(low)) and torch.isfinite(torch.tensor(high))):
        hint = "lower `cfg_scale`, try another `sampler`, or run on the CPU, which computes at full precision"
        raise RenderProblem("the model gave a picture that holds no numbers (NaN)", hint)
    if high < 1 / 512:
        hint = "lower `cfg_scale` or try another `sampler`; fp16 models can overflow on some devices"
        raise RenderProblem("the model gave a picture that is black all over", hint)
    return image
