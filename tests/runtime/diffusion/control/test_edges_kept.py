"""The built-in model's ControlNet keeps an edge map: the IoU of edges with it and without, by weight."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as functional
from tools.postcard.scenes import draw
from tools.postcard.spec import Landscape, Product, Spec

from anim_compiler.plan import ModelRef, NamedRef
from anim_runtime.diffusion.engine import load_engine
from anim_runtime.diffusion.request import Hint, Request, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.ops.hints.canny import hint_canny
from anim_runtime.ops.kernel import FrameContext

SIDE = 128
#: pictures that the training has not seen: other seeds
SHOWN = (
    (Spec(Landscape("city", "night", "clear"), "neon"), 901),
    (Spec(Product("shoe", "blue", "warm"), "pixel"), 902),
    (Spec(Product("lamp", "red", "grey"), "photo"), 903),
)


def _edges(picture: torch.Tensor) -> torch.Tensor:
    frame = FrameContext(0, SIDE, SIDE, torch.device("cpu"))
    return hint_canny([picture], {"low": 100.0, "high": 200.0}, frame)


def _iou(one: torch.Tensor, other: torch.Tensor) -> float:
    """Of edges that are widened by a pixel: nobody draws a line through the same pixels twice."""
    a, b = (functional.max_pool2d(edges[:, :1], 3, 1, 1) > 0 for edges in (one, other))
    return float((a & b).sum() / (a | b).sum())


def test_edges_are_kept_the_better_the_more_the_control_weighs() -> None:
    canny = NamedRef(name="canny", kind="canny", reference="postcard-canny", sha256="")
    setup = Setup(ModelRef(reference="postcard", sha256="0" * 64), controls=(canny,))
    engine = load_engine(setup, "cpu")
    nothing, weights = engine.encode(""), (0.0, 1.0, 2.0)
    requests, hints = [], []
    for spec, seed in SHOWN:
        shown = draw(np.random.default_rng(seed), spec, SIDE, SIDE)
        hint = _edges(torch.from_numpy(np.ascontiguousarray(shown.rgb.transpose(2, 0, 1)))[None])
        told, how = engine.encode(shown.caption), Sampling(8, 3.0, "Euler", seed)
        for weight in weights:
            # a hint of no weight, so that all rows are drawn in one batch
            requests.append(Request(told, nothing, how, SIDE, SIDE, hints=(Hint("canny", hint, weight),)))
            hints.append(hint)
    drawn = engine.draw(requests)
    found = np.array([_iou(hint, _edges(picture)) for hint, picture in zip(hints, drawn, strict=True)])
    without, once, twice = found.reshape(len(SHOWN), len(weights)).mean(0)
    assert once > without + 0.08, (without, once, twice)
    assert twice > once, (without, once, twice)
