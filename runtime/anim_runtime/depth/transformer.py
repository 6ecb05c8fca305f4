"""Depth models of transformers (DPT, Depth Anything, ZoeDepth, GLPN …), loaded from disk alone.

What a picture goes through first is read from the model's own files and done here, so that torchvision, which
transformers' processors want, is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.depth.library import read_json
from anim_runtime.depth.protocol import Space
from anim_runtime.problems import RenderProblem

#: kinds of model whose values are distances in metres; those of the others are disparities
METRIC = frozenset({"zoedepth", "glpn", "prompt_depth_anything"})
#: backbones that take pictures of one size and shape only
_FIXED = frozenset({"beit", "swin", "swinv2"})
_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
#: sides of pictures are multiples of this where a model says nothing, and no longer than so many short ones
_MULTIPLE, _LONGEST = 32, 2.5
_USUAL_SIZE = 384


@dataclass(frozen=True, slots=True)
class Look:
    """How a model wants to see a picture: its shorter side and the multiples of its sides in px; `square`
    whatever its shape; `mean` and `spread` of its channels.
    """

    short: int
    multiple: int
    square: bool
    mean: tuple[float, ...]
    spread: tuple[float, ...]

    def size(self, height: int, width: int) -> tuple[int, int]:
        """The height and width of a picture of that size as the model sees it."""
        if self.square:
            return self.short, self.short
        scale = self.short / min(height, width)
        most = self.short * _LONGEST
        rows, columns = (
            max(self.multiple, round(min(side * scale, most) / self.multiple) * self.multiple)
            for side in (height, width)
        )
        return rows, columns


class TransformerDepth:
    """An estimator by a model of transformers."""

    least: float = 1e-6

    def __init__(self, model: Any, look: Look, space: Space) -> None:  # Any: transformers' models are untyped
        self._model = model
        self._look = look
        self.space: Space = space

    def __call__(self, image: Tensor) -> Tensor:
        """The model's values `[1,1,h,w]` of an image `[1,3,H,W]`; what is no number is 0."""
        size = self._look.size(*image.shape[2:])
        seen = functional.interpolate(image, size=size, mode="bicubic", antialias=True, align_corners=False)
        mean, spread = (seen.new_tensor(v).reshape(1, 3, 1, 1) for v in (self._look.mean, self._look.spread))
        found: Tensor = self._model(pixel_values=(seen.clamp(0.0, 1.0) - mean) / spread).predicted_depth
        return found.float().reshape(1, 1, *found.shape[-2:]).nan_to_num(0.0, 0.0, 0.0)


def load(reference: str, path: Path, device: torch.device) -> TransformerDepth:
    """The model of a folder; RenderProblem (exit code 7) if it cannot be read."""
    from transformers import AutoModelForDepthEstimation

    try:
        config = read_json(path / "config.json")
        look = look_of(config, read_json(path / "preprocessor_config.json"))
        with _quiet():
            model = AutoModelForDepthEstimation.from_pretrained(
                str(path), local_files_only=True, use_safetensors=True, trust_remote_code=False
            )
    except Exception as error:
        # foreign files through a foreign loader: each raises types of its own, and all mean the same here
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        hint = "the files may be damaged, or not of a depth model"
        raise RenderProblem(f"the depth model `{reference}` cannot be loaded: {reason}", hint, 7) from error
    return TransformerDepth(model.float().to(device).eval().requires_grad_(False), look, space_of(config))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps transformers' progress bars and notes off the user's terminal while loading."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def space_of(config: Mapping[str, Any]) -> Space:
    """What the values of a model are, by its `config.json`."""
    metric = config.get("model_type") in METRIC or config.get("depth_estimation_type") == "metric"
    return "distance" if metric else "disparity"


def look_of(config: Mapping[str, Any], says: Mapping[str, Any]) -> Look:
    """How a model wants to see a picture, by its `config.json` and `preprocessor_config.json`.

    TypeError or ValueError if they say what cannot be.
    """
    size = says.get("size")
    sides = [v for v in size.values() if isinstance(v, int)] if isinstance(size, dict) else [size]
    short = min((side for side in sides if isinstance(side, int)), default=_USUAL_SIZE)
    backbone = config.get("backbone_config")
    backbone = backbone if isinstance(backbone, dict) else {}
    multiple = says.get("ensure_multiple_of") or says.get("size_divisor")
    if not isinstance(multiple, int) or multiple <= 1:
        multiple = backbone.get("patch_size") or config.get("patch_size") or _MULTIPLE
    if not isinstance(multiple, int):
        multiple = _MULTIPLE
    mean, spread = says.get("image_mean", _IMAGENET[0]), says.get("image_std", _IMAGENET[1])
    if not says.get("do_normalize", "image_mean" in says or not says):
        mean, spread = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
    if len(mean) != 3 or len(spread) != 3 or not all(spread):
        raise ValueError(
            "`image_mean` and `image_std` are not three numbers each, those of `image_std` above 0"
        )
    # without a backbone of its own DPT knows square pictures only
    square = backbone.get("model_type") in _FIXED or (config.get("model_type") == "dpt" and not backbone)
    short = max(multiple, min(short, 2048))
    return Look(short, multiple, square, tuple(map(float, mean)), tuple(map(float, spread)))
