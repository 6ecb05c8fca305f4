"""`estimated`: the network that comes with the product, `net.DepthNet`, trained by `tools/depth`."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.depth.net import STRIDE, DepthNet
from anim_runtime.depth.protocol import Space

#: `depth.safetensors` and `model_card.json`
FOLDER = Path(__file__).parent / "estimator"
#: the shorter side of the picture that the network looks at, px, and the most that the longer one may have
SHORT, LONG = 96, 256


def card() -> dict[str, Any]:  # Any: the card is JSON
    """The model card: version, sha256 of the weights, training, evaluation."""
    fields: dict[str, Any] = json.loads((FOLDER / "model_card.json").read_text("utf-8"))
    return fields


def working_size(height: int, width: int) -> tuple[int, int]:
    """The size, multiples of `STRIDE`, at which a picture is looked at."""
    scale = min(SHORT / min(height, width), LONG / max(height, width))
    rows, columns = (max(STRIDE, round(side * scale / STRIDE) * STRIDE) for side in (height, width))
    return rows, columns


class BuiltIn:
    """The built-in estimator on a device; farness is the logarithm of the distance, 0 near to 1 the sky."""

    space: Space = "logarithm"
    #: a fourth of what the training scenes span from their nearest to the sky
    least: float = 0.25

    def __init__(self, net: DepthNet) -> None:
        self._net = net

    def __call__(self, image: Tensor) -> Tensor:
        """Farness `[1,1,h,w]` of an image `[1,3,H,W]` at its working size."""
        size = working_size(*image.shape[2:])
        small = functional.interpolate(image, size=size, mode="bilinear", antialias=True, align_corners=False)
        found: Tensor = self._net(small.contiguous(memory_format=torch.channels_last))
        return found.float()


@lru_cache(maxsize=4)
def built_in(device: torch.device) -> BuiltIn:
    """The estimator, loaded once a device."""
    from safetensors.torch import load_file

    net = DepthNet()
    net.load_state_dict({k: v.float() for k, v in load_file(FOLDER / "depth.safetensors").items()})
    return BuiltIn(net.eval().requires_grad_(requires_grad=False).to(device).laid_out())
