"""How a model's parts share a device's memory: from all at once to layer by layer, and which of it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import torch

from anim_runtime.speed import Memory

#: parts that are on the device together
Seat: TypeAlias = Literal["text", "denoiser", "codec"]

SHARE: Final = 0.92
"""Of the free memory that a model may take; the rest are fragments and the film's own pictures."""

LAYER_BYTES: Final = 512 * 2**20
"""What the layers of a large model take on the device when they come in turn, with those on their way."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way, from the quickest to the thriftiest. `groups` are parts that are there together; parts of
    different groups take turns.
    """

    name: Memory
    groups: tuple[tuple[Seat, ...], ...]
    tiles: bool = False
    layers: bool = False


WAYS: Final = (
    Way("all", (("text", "denoiser", "codec"),)),
    Way("read", (("text",), ("denoiser", "codec"))),
    Way("tiles", (("text",), ("denoiser", "codec")), tiles=True),
    Way("parts", (("text",), ("denoiser",), ("codec",)), tiles=True),
    Way("layers", (("text",), ("denoiser",), ("codec",)), tiles=True, layers=True),
)
"""Each needs less of the device than the one before, and more time."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Bytes that a model takes: its parts, and what work on one picture takes besides."""

    text: int
    denoiser: int
    codec: int
    drawing: int
    decoding: int
    decoding_in_tiles: int


#: bytes of the text encoders in half precision: two for each of 123 (CLIP L), 340 (OpenCLIP H), 695 (OpenCLIP
#: bigG), 4762 (T5 XXL), 7616 (Qwen 2.5 7B) and 4022 (Qwen 3 4B) million weights
_TEXTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "sd1": 246_000_000,
        "sd2": 680_000_000,
        "sdxl": 1_636_000_000,
        "sd3": 11_160_000_000,
        "flux": 9_770_000_000,
        "qwen-image": 15_232_000_000,
        "z-image": 8_044_000_000,
    }
)


def text_bytes(family: str) -> int:
    """The bytes of a family's text encoders, which are loaded when the first text comes."""
    return _TEXTS.get(family, 0)


def module_bytes(module: object) -> int:
    """The memory of a module's weights; 0 of what is none."""
    if not isinstance(module, torch.nn.Module):
        return 0
    held = (*module.parameters(), *module.buffers())
    return sum(tensor.numel() * tensor.element_size() for tensor in held)


def needed(way: Way, needs: Needs) -> int:
    """Bytes that a model takes at most when its parts share the device in that way."""
    weights = {"text": needs.text, "denoiser": needs.denoiser, "codec": needs.codec}
    work = {
        "text": 0,
        "denoiser": needs.drawing,
        "codec": needs.decoding_in_tiles if way.tiles else needs.decoding,
    }
    if way.layers:
        weights = {seat: min(held, LAYER_BYTES) for seat, held in weights.items()}
    return max(
        sum(weights[seat] for seat in group) + max(work[seat] for seat in group) for group in way.groups
    )


def chosen(needs: Needs, free: int, asked: Memory = "auto") -> Way:
    """The quickest way that fits in `free` bytes, the thriftiest if none does; or the one that is asked
    for.
    """
    if asked != "auto":
        return next(way for way in WAYS if way.name == asked)
    return next((way for way in WAYS if needed(way, needs) <= free * SHARE), WAYS[-1])


def thriftier(way: Way) -> Way | None:
    """The next one that needs less; None behind the last."""
    behind = WAYS.index(way) + 1
    return WAYS[behind] if behind < len(WAYS) else None


_SAID: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all": "all of it on the device",
        "read": "the text encoder on the cpu once it has read",
        "tiles": "vae in tiles, the text encoder on the cpu once it has read",
        "parts": "vae in tiles, its parts on the device in turn",
        "layers": "vae in tiles, its layers on the device in turn",
    }
)

_WORDS: Final = {torch.float16: "fp16", torch.bfloat16: "bf16", torch.float32: "fp32"}


def told(way: Way, needs: Needs, dtype: torch.dtype, free: int) -> str:
    """In one line how the model shares the device, and what it takes of the memory that was free."""
    used, there = (f"{count / 1e9:.1f}" for count in (needed(way, needs), free))
    return f"{_WORDS.get(dtype, str(dtype))}, {_SAID[way.name]}: {used} of {there} GB"
