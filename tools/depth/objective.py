"""What the estimator is trained for, and how it is measured; both on the logarithm of distance."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from tools.postcard.plate import LOG_RANGE

EDGE_WEIGHT = 0.5
SCALES = 3


def loss(found: Tensor, true: Tensor) -> Tensor:
    """Of [B,1,H,W]: the scale-invariant error (Eigen et al. 2014, λ = 0.5) and that of slopes at 3 scales."""
    d = (found - true) * LOG_RANGE
    invariant = (d.square().mean((1, 2, 3)) - 0.5 * d.mean((1, 2, 3)).square() + 1e-6).sqrt().mean()
    return invariant + EDGE_WEIGHT * sum(
        (_slopes(functional.avg_pool2d(d, 2**k)) for k in range(SCALES)), d.new_zeros(())
    )


def _slopes(d: Tensor) -> Tensor:
    return d.diff(dim=2).abs().mean() + d.diff(dim=3).abs().mean()


@dataclass(frozen=True, slots=True)
class Figures:
    """How far an estimate is from the truth, after the best shift and gain of each picture (as in use)."""

    scale_invariant: float  # the root of the mean squared error of log distance, a shift free (Eigen et al.)
    fitted: float  # the same, a shift and a gain free
    within: float  # the share of pixels whose distance is within a factor 1.25, a shift and a gain free


def measured(found: Tensor, true: Tensor) -> Figures:
    """The figures of estimates [B,1,H,W] of farness 0..1 against true ones."""
    a, b = found.flatten(1).double() * LOG_RANGE, true.flatten(1).double() * LOG_RANGE
    a, b = a - a.mean(1, keepdim=True), b - b.mean(1, keepdim=True)
    gain = (a * b).sum(1, keepdim=True) / a.square().sum(1, keepdim=True).clamp_min(1e-9)
    left = a * gain.clamp_min(0) - b
    return Figures(
        float((a - b).square().mean(1).sqrt().mean()),
        float(left.square().mean(1).sqrt().mean()),
        float((left.abs() < torch.log(torch.tensor(1.25))).double().mean()),
    )
