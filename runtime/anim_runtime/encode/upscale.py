"""Enlarging by a model: any single-picture one that the package `spandrel` can load, such as ESRGAN."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from anim_runtime.encode.levels import U16
from anim_runtime.encode.problem import EncodeError
from anim_runtime.encode.resize import resized

#: side of the tiles that pass the model, how far they overlap, and what is left out at their edges where the
#: model had to guess what lies beyond, in pixels of the small picture
TILE, OVERLAP, EDGE = 256, 32, 6
#: the weight of an edge, so that there is always some
_LITTLE = 1e-4


class Enlarger(Protocol):
    """What a loaded model does: an image float32 `[1,3,H,W]`, 0..1, comes out `scale` times as large."""

    @property
    def scale(self) -> int:
        """How many times as wide and high its pictures come out."""
        ...

    def __call__(self, image: torch.Tensor) -> torch.Tensor:
        """The enlarged image."""
        ...


def load_enlarger(path: Path, device: torch.device) -> Enlarger:
    """A model from its file; raises EncodeError if it cannot be used.

    Old `.pth` files are read by spandrel's restricted unpickler, which makes tensors and nothing else.
    """
    loader, described = _spandrel()
    if not path.is_file():
        raise EncodeError(f"there is no model `{path.name}`", "check `upscale_model`")
    try:
        loaded: Any = loader(device=device).load_from_file(path)  # Any: spandrel has no types here
    except Exception as problem:  # its formats raise whatever they meet
        hint = "give an upscaling model that spandrel knows, as `.safetensors` or `.pth`"
        raise EncodeError(f"`{path.name}` is no model that enlarges pictures", hint) from problem
    if not isinstance(loaded, described) or (loaded.input_channels, loaded.output_channels) != (
        3,
        3,
    ):
        raise EncodeError(
            f"`{path.name}` does not make a picture from a picture", "give one for upscaling, such as ESRGAN"
        )
    loaded.eval()
    enlarger: Enlarger = loaded
    return enlarger


def _spandrel() -> tuple[Any, Any]:
    """The package's loader and what it calls a model of single pictures; Any as it is no dependency."""
    try:
        spandrel: Any = import_module("spandrel")
    except ModuleNotFoundError as problem:
        hint = "run `pip install spandrel`, or take `upscale_model` out: Lanczos needs nothing"
        message = f"`upscale_model` needs the package `{problem.name}`, which is not installed"
        raise EncodeError(message, hint) from problem
    except Exception as problem:  # a torchvision made for another torch breaks in its own ways
        hint = "install the torchvision that belongs to your torch"
        raise EncodeError(f"the package `spandrel` does not load: {problem}", hint) from problem
    return spandrel.ModelLoader, spandrel.ImageModelDescriptor


def enlarged(picture: U16, by: Enlarger, size: tuple[int, int], device: torch.device) -> U16:
    """The picture, uint16 `[H,W,3]`, through the model and on to `(width, height)` by Lanczos."""
    with torch.inference_mode():
        image = torch.from_numpy(picture.astype(np.float32) / np.float32(65535.0))
        image = image.permute(2, 0, 1).unsqueeze(0)
        large = tiled(image, by, device)
    levels = large[0].permute(1, 2, 0).mul(65535.0).round().numpy().astype(np.uint16)
    return resized(levels, *size)


def tiled(image: torch.Tensor, by: Enlarger, device: torch.device) -> torch.Tensor:
    """The model's picture of an image `[1,3,H,W]`, on the CPU: what the model needs depends on a tile alone.

    Neighbouring tiles overlap and melt into each other, so that no seam shows.
    """
    _, channels, height, width = image.shape
    scale = by.scale
    total = torch.zeros(1, channels, height * scale, width * scale)
    weight = torch.zeros(1, 1, height * scale, width * scale)
    for top in _starts(height):
        for left in _starts(width):
            tile = image[:, :, top : top + TILE, left : left + TILE]
            made = by(tile.to(device)).float().cpu().nan_to_num(0.0).clamp(0.0, 1.0)
            across = _ramp(left, tile.shape[3], width, scale)
            ramp = _ramp(top, tile.shape[2], height, scale).unsqueeze(1) * across
            rows = slice(top * scale, top * scale + made.shape[2])
            columns = slice(left * scale, left * scale + made.shape[3])
            total[:, :, rows, columns] += made * ramp
            weight[:, :, rows, columns] += ramp
    return total / weight


def _starts(length: int) -> tuple[int, ...]:
    """Where tiles begin, so that they cover the length and overlap."""
    if length <= TILE:
        return (0,)
    step = TILE - OVERLAP
    return (*range(0, length - TILE, step), length - TILE)


def _ramp(start: int, tile: int, whole: int, scale: int) -> torch.Tensor:
    """Weights of a tile's pixels along one side: next to nothing at its edges, but for the picture's own."""
    place = torch.arange(tile * scale, dtype=torch.float32) + 0.5
    far = torch.full_like(place, TILE * scale)
    from_start = place if start else far
    from_end = tile * scale - place if start + tile < whole else far
    inside = torch.minimum(from_start, from_end) / scale - EDGE
    return inside.div(OVERLAP - 2.0 * EDGE).clamp(_LITTLE, 1.0)
