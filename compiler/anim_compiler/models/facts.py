"""What is known of a model without opening it: from a lock, from the library, or from a file's header."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

ModelKind: TypeAlias = Literal[
    "checkpoint",
    "lora",
    "controlnet",
    "embedding",
    "vae",
    "unet",
    "text encoder",
    "upscaler",
    "depth",
    "unknown",
]
"""What a model file is. A `checkpoint` is a whole image model, as a file or as a folder of diffusers."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Facts about the model that a reference names; `family` is a name of `FAMILIES`, "" if it is not known.

    `sha256` is the digest that plans and locks hold (of a file: of its content), "" before it was read.
    `trigger_words` are those that a LoRA or embedding was trained on. `steps` is how many a distilled model
    wants (SD-Turbo 1, Lightning 4), None if it is none or not known.
    """

    reference: str
    kind: ModelKind = "unknown"
    family: str = ""
    sha256: str = ""
    size: int | None = None
    title: str = ""
    trigger_words: tuple[str, ...] = ()
    #: of a ControlNet: which hints it was trained on (`canny`), "" if it is not known
    control: str = ""
    steps: int | None = None
    licence: str = ""
    #: where this was found: `lock`, `library`, `header` or `built in`
    told_by: str = ""
    #: how its tensors are named: `kohya`, `diffusers`, `original`, `a1111`; "" if there is one way only. Of
    #: an adapter that is no plain LoRA what it is instead, of `OTHER_ADAPTERS`
    layout: str = ""
    #: what it predicts, `epsilon`, `v` or `flow`; "" if it does not say so
    prediction: str = ""
    #: `embedded` if it takes the scale of guidance as a number and is never run without the text: then no
    #: negative prompt reaches it
    guidance: str = ""
    #: the edge of the pictures it was trained on; None if it does not say so
    resolution_px: int | None = None
    author: str = ""
    description: str = ""


KnownModels: TypeAlias = Callable[[str], ModelFacts | None]
"""The facts of a reference as a film writes it; None if nothing is known of it."""


def nothing_known(reference: str) -> ModelFacts | None:
    """Knows no model: what stands where nobody has told any facts."""
    del reference
    return None
