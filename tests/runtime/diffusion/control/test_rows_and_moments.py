"""Weights differ from row to row and from step to step, and hints are fitted to the frame."""

from __future__ import annotations

import pytest
import torch
from tests.runtime.diffusion.control import tiny_nets as tiny

from anim_runtime.diffusion.control.acting import acting
from anim_runtime.diffusion.control.fitting import fitted
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.request import Hint, Request, Sampling


@pytest.fixture(scope="module")
def engine() -> DiffusionEngine:
    """Two random networks on a tiny Stable Diffusion 1."""
    unet, vae = tiny.sd1()
    nets = [("a", "canny", tiny.unet_net(unet, 1)), ("b", "depth", tiny.unet_net(unet, 2))]
    return tiny.engine(tiny.denoiser_of(unet), vae, nets)


def _asked(*hints: Hint, seed: float = 1.0, height: int = 64, width: int = 64) -> Request:
    how = Sampling(3, 4.0, "DDIM", seed)
    return Request(tiny.conditioning(5), tiny.conditioning(6), how, height, width, hints=hints)


def test_a_row_is_drawn_as_it_is_alone(engine: DiffusionEngine) -> None:
    """Weights, starts and ends are data of a row: they neither split batches nor leak into other rows."""
    rows = [
        _asked(Hint("a", tiny.picture(1), 0.5), seed=1),
        _asked(Hint("a", tiny.picture(2), 1.5, 0.3, 1.0), seed=2),
        _asked(Hint("a", tiny.picture(3), 1.0, 0.0, 0.5), seed=3),
    ]
    together = engine.draw(rows)
    for row, drawn in zip(rows, together, strict=True):
        (alone,) = engine.draw([row])
        assert torch.allclose(drawn, alone, atol=1e-5)


def test_a_weight_of_nothing_is_no_control(engine: DiffusionEngine) -> None:
    (plain,) = engine.draw([_asked()])
    (idle,) = engine.draw([_asked(Hint("a", tiny.picture(1), 0.0))])
    (acts,) = engine.draw([_asked(Hint("a", tiny.picture(1), 1.0))])
    assert torch.equal(plain, idle)
    assert not torch.allclose(plain, acts, atol=1e-2)


def test_a_control_that_begins_after_the_last_step_changes_nothing(engine: DiffusionEngine) -> None:
    (plain,) = engine.draw([_asked()])
    (late,) = engine.draw([_asked(Hint("a", tiny.picture(1), 1.0, 0.9, 1.0))])
    assert torch.equal(plain, late)


def test_more_weight_changes_more(engine: DiffusionEngine) -> None:
    (plain,) = engine.draw([_asked()])
    changes = []
    for weight in (0.1, 0.3, 0.9):
        (drawn,) = engine.draw([_asked(Hint("a", tiny.picture(1), weight))])
        changes.append(float((drawn - plain).abs().mean()))
    assert changes == sorted(changes)
    assert changes[0] > 1e-4


def test_a_frame_of_no_whole_latents_is_controlled_too(engine: DiffusionEngine) -> None:
    picture = tiny.picture(4, 60, 52)
    (drawn,) = engine.draw([_asked(Hint("a", picture), Hint("b", picture), height=60, width=52)])
    assert drawn.shape == (1, 3, 60, 52)


def test_acts_at_the_steps_that_lie_within_its_span() -> None:
    """`1 - (i/n < start or (i + 1)/n > end)`, as in diffusers' pipelines."""
    made = acting("a", [(Hint("a", tiny.picture(1), 2.0, 0.25, 0.75),), ()], 64, 64)
    assert made is not None
    steps = [made.at(i / 4, (i + 1) / 4) for i in range(4)]
    assert steps == [(0.0, 0.0), (2.0, 0.0), (2.0, 0.0), (0.0, 0.0)]
    assert made.picture[1].sum() == 0
    assert acting("b", [(Hint("a", tiny.picture(1)),)], 64, 64) is None


def test_hints_are_cut_and_padded_like_the_frame() -> None:
    """One of another shape covers the frame; past its edge it goes on as the frame's latents do."""
    line = torch.zeros(1, 3, 64, 128)
    line[..., 64] = 1.0
    cut = fitted(line, 64, 64, (8, 8), 8)
    assert cut.shape == (1, 3, 64, 64)
    assert int(cut[0, 0, 10].argmax()) == 32, "the middle stays in the middle"
    ragged = torch.zeros(1, 3, 60, 52)
    ragged[..., -1, :] = 1.0
    padded = fitted(ragged, 60, 52, (8, 7), 8)
    assert padded.shape == (1, 3, 64, 56)
    assert padded[..., 59:, :].min() == 1.0
    assert padded[..., :59, :].max() == 0.0
    # transformers take latents by twos: 100 px are 14 of them
    by_twos = fitted(torch.ones(1, 3, 100, 64), 100, 64, (14, 8), 8)
    assert by_twos.shape == (1, 3, 112, 64)
    # twice as many px to a latent as the network takes, as the built-in model has in large pictures
    halved = fitted(torch.rand(1, 3, 256, 256), 256, 256, (16, 16), 8)
    assert halved.shape == (1, 3, 128, 128)
    assert halved.min() >= 0.0
    assert halved.max() <= 1.0


def test_hints_may_be_masks_and_of_any_size(engine: DiffusionEngine) -> None:
    mask = (tiny.picture(1) > 0.5).float()[:, :1]
    (of_mask,) = engine.draw([_asked(Hint("a", mask))])
    (of_grey,) = engine.draw([_asked(Hint("a", mask.expand(-1, 3, -1, -1)))])
    assert torch.equal(of_mask, of_grey)
    rows = [_asked(Hint("a", tiny.picture(2, 128, 96))), _asked(Hint("a", tiny.picture(3)), seed=2)]
    assert len(engine.draw(rows)) == 2
