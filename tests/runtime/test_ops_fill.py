"""Noise in holes, and a film whose holes are filled."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tests.compiler.film_texts import compiled
from tests.runtime.running import run
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext

SIZE = 64
CONTEXT = FrameContext(3, SIZE, SIZE, torch.device("cpu"))


def halves() -> Tensor:
    """Red to the left, blue to the right."""
    picture = torch.zeros(1, 3, SIZE, SIZE)
    picture[:, 0, :, :32], picture[:, 2, :, 32:] = 0.8, 0.6
    return picture


def hole(left: int, right: int) -> Tensor:
    mask = torch.zeros(1, 1, SIZE, SIZE)
    mask[..., left:right] = 1.0
    return mask


def filled(picture: Tensor, mask: Tensor, seed: float = 1.0, frame: FrameContext = CONTEXT) -> Tensor:
    return KERNELS["fill_noise"]([picture, mask], {"seed": seed}, frame)


def test_what_is_no_hole_stays_bit_for_bit() -> None:
    picture, mask = halves(), hole(50, 64)
    found = filled(picture, mask)
    assert torch.equal(found[..., :50], picture[..., :50])
    assert 0.0 <= float(found.min()) <= float(found.max()) <= 1.0
    assert torch.equal(filled(picture, torch.zeros_like(mask)), picture)


def test_a_hole_has_the_colour_of_what_is_around_it() -> None:
    """The hole itself, whatever the warp left there, adds nothing to the colour."""
    picture = halves()
    picture[:, 1, :, 50:] = 1.0
    mean = filled(picture, hole(50, 64))[..., 52:].mean(dim=(0, 2, 3))
    # noise that is cut off at 0 is a little above it
    assert float(mean[2]) == pytest.approx(0.6, abs=0.05)
    assert float(mean[0]) < 0.12
    assert float(mean[1]) < 0.12
    assert float(filled(picture, hole(50, 64))[0, 2, :, 52:].std()) == pytest.approx(0.12, abs=0.02)


def test_a_picture_that_is_one_hole_keeps_its_own_colour() -> None:
    found = filled(halves(), hole(0, 64))
    assert bool(torch.isfinite(found).all())
    assert float(found[0, 0].mean()) == pytest.approx(0.4, abs=0.05)


def test_the_noise_is_of_the_seed_and_the_frame() -> None:
    picture, mask = halves(), hole(10, 30)
    assert torch.equal(filled(picture, mask), filled(picture, mask))
    other = FrameContext(4, SIZE, SIZE, torch.device("cpu"))
    for changed in (filled(picture, mask, 2.0), filled(picture, mask, frame=other)):
        assert not torch.equal(changed, filled(picture, mask))


# --- films ---

HEAD = 'size = 64x64; fps = 8; length = 4f; model = "null"; seed = 3\nprompt { 0s: "a coast" }\n'
FLIGHT = """camera 2d { motion = per_frame; translation_x = 16; border = black }
diffuse { steps = 10; strength = 20% }
"""


def carried(text: str, folder: Path) -> list[Tensor]:
    """The pictures that a film's frames hand on."""
    from anim_compiler.frame_table import frame_table
    from anim_runtime.digests import environment, store_key
    from anim_runtime.store import Store

    folder.mkdir()
    made = compiled(HEAD + text, folder)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    run((made.plan, made.columns), folder)
    store, where = Store(folder, 1 << 30), environment("null 1", "cpu")
    pictures = []
    for recipe in frame_table(made.plan, made.columns).recipes:
        found = store.get(store_key(recipe, where))
        assert found is not None
        pictures.append(torch.from_numpy(found.astype("float32") / 65535.0).permute(2, 0, 1))
    return pictures


def test_a_film_fills_what_its_camera_uncovers(tmp_path: Path) -> None:
    ways = ("border", "noise", "diffuse")
    films = {w: carried(f"{FLIGHT}coherence {{ fill = {w} }}", tmp_path / w) for w in ways}
    for way in ways:
        assert torch.equal(films[way][0], films["border"][0])
    border, noise, diffuse = (films[way][1] for way in ways)
    # what was seen before is drawn as it always is, what comes into view is not
    assert torch.equal(diffuse[..., 18:], border[..., 18:])
    assert torch.equal(noise[..., 18:], border[..., 18:])
    for found in (noise, diffuse):
        assert float((found - border)[..., :14].abs().mean()) > 0.05
    # the null engine goes 9 steps of 10 to its picture there, which on the black border is nearly all of it
    (full,) = (carried(f"{FLIGHT.replace('20%', '90%')}", tmp_path / "full"),)
    seen = carried(f"{FLIGHT}coherence {{ fill = diffuse; fill_strength = 10% }}", tmp_path / "low")[1]
    assert torch.equal(seen, border)
    assert full[1].shape == diffuse.shape
    assert float((diffuse - full[1])[..., :14].abs().max()) < 0.01
