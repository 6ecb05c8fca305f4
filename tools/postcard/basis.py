"""The linear half of the codec: principal components of 8×8 patches, in closed form."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from anim_runtime.builtin.codec import PATCH, PostcardCodec
from tools.postcard.dataset import Shards

FLATTEN = 0.25  # the spread of a component becomes its variance to the power 0.5 - 0.25


def patches(images: Tensor) -> Tensor:
    """Patches [N,192] of pictures uint8 [B,H,W,3], as -1..1."""
    planes = images.permute(0, 3, 1, 2).float() / 127.5 - 1
    return functional.pixel_unshuffle(planes, PATCH).permute(0, 2, 3, 1).reshape(-1, 3 * PATCH * PATCH)


def fit(codec: PostcardCodec, shards: Shards, count: int = 3000) -> float:
    """Set the codec's basis from `count` pictures and their mirror images; returns the share explained."""
    images, _ = shards.batch(np.random.default_rng(0), count)
    both = torch.from_numpy(np.concatenate([images, images[:, :, ::-1]]))
    x = patches(both)
    mean = x.mean(0)
    covariance = (x - mean).T.double() @ (x - mean).double() / len(x)
    variance, vectors = torch.linalg.eigh(covariance)
    order = variance.argsort(descending=True)[: codec.channels]
    kept = variance[order]
    spread = kept.sqrt() * kept**-FLATTEN
    gain = kept**-FLATTEN / spread.square().mean().sqrt()
    codec.basis.copy_(vectors[:, order].T)
    codec.mean.copy_(mean)
    codec.scale.copy_(gain)
    return float(kept.sum() / variance.sum())
