"""Pictures with a depth that anybody sees."""

from __future__ import annotations

import torch
from torch import Tensor


def hills(height: int, width: int) -> Tensor:
    """A pale sky, a bluish hill on the left and green ground, `[1,3,height,width]`."""
    y = (torch.arange(height).reshape(-1, 1) + 0.5) / height
    x = (torch.arange(width).reshape(1, -1) + 0.5) / width
    image = torch.empty(1, 3, height, width)
    image[0] = torch.tensor([0.72, 0.84, 0.95]).reshape(3, 1, 1)
    hill = (y > 0.35 + 0.6 * (x - 0.2).abs()).expand(height, width)
    ground = (y > 0.66).expand(height, width)
    for where, colour in ((hill, (0.45, 0.5, 0.55)), (ground, (0.3, 0.5, 0.18))):
        image[0] = torch.where(where, torch.tensor(colour).reshape(3, 1, 1), image[0])
    return image
