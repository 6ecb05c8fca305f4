"""Pictures larger than a model's own, in windows and in two stages, and pictures whose edges meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.analytic import FLOW, NOTHING, SD, Bench, PlainCodec
from tests.runtime.diffusion.control import tiny_nets

from anim_compiler.models.families import FAMILIES
from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.request import Hint, Large, Request, Sampling
from anim_runtime.diffusion.sampling.large import Sizes
from anim_runtime.diffusion.sampling.tiled_codec import TiledCodec
from anim_runtime.diffusion.sampling.windows import Joined, Windows, window_weights, windows_of
from anim_runtime.diffusion.setup import Setup

HOW = Sampling(6, 3.0, "Euler", 5)


class EighthCodec(PlainCodec):
    """One latent for 8×8 pixels, as of U-Nets."""

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        return -(-height // 8), -(-width // 8)


def asked(width: int, height: int, large: Large = "auto", *, over: bool = False) -> Request:
    image = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1)) if over else None
    return Request(NOTHING, NOTHING, replace(HOW, large=large), height, width, image, 0.6)


@pytest.mark.parametrize("total", [64, 65, 90, 128, 135, 240])
@pytest.mark.parametrize("step", [1, 2])
def test_windows_cover_all_and_overlap(total: int, step: int) -> None:
    total -= total % step
    windows = windows_of(total, total // 2 - total // 2 % step, 64, 16, step)
    for places, edge, whole in (
        (windows.tops, windows.rows, total),
        (windows.lefts, windows.columns, total // 2 - total // 2 % step),
    ):
        assert places[0] == 0
        assert places[-1] + edge == whole
        assert all(place % step == 0 for place in places)
        gaps = [after - before for before, after in pairwise(places)]
        assert all(0 < gap <= edge - 16 + step for gap in gaps)
    assert windows == windows_of(total, total // 2 - total // 2 % step, 64, 16, step)


def test_joined_windows_of_a_picture_are_the_picture() -> None:
    picture = torch.rand(2, 4, 70, 100, generator=torch.Generator().manual_seed(0))
    windows = windows_of(70, 100, 32, 8)
    made = [windows.cut(picture, corner) for corner in windows.corners]
    assert torch.allclose(
        Joined(windows, picture.shape, picture.device).of(made, picture.shape), picture, atol=1e-6
    )
    weights = window_weights(windows)
    # smooth: no step between neighbours of more than a few hundredths, next to nothing at the edges
    assert float(weights.diff(dim=0).abs().max()) < 0.12
    assert float(weights[0].max()) < 0.01
    assert float(weights.min()) > 0.0


@pytest.mark.parametrize(
    ("family", "width", "height", "over", "large", "way"),
    [
        ("sd1", 512, 512, False, "auto", "whole"),
        ("sd1", 640, 512, False, "auto", "whole"),
        ("sd1", 1920, 1080, False, "auto", "two_stage"),
        ("sd1", 1920, 1080, True, "auto", "tiled"),
        ("sd1", 1920, 1080, True, "whole", "whole"),
        ("sd1", 1920, 1080, False, "tiled", "tiled"),
        ("sd1", 640, 512, False, "two_stage", "two_stage"),
        ("sd1", 640, 512, True, "two_stage", "tiled"),
        ("sd1", 256, 256, False, "tiled", "whole"),
        ("sdxl", 1344, 768, False, "auto", "whole"),
        ("sdxl", 1920, 1080, False, "auto", "two_stage"),
        ("flux", 1920, 1080, False, "auto", "whole"),
        ("flux", 3840, 2160, True, "auto", "tiled"),
        ("postcard", 1024, 1024, False, "auto", "whole"),
        ("", 1920, 1080, False, "auto", "whole"),
    ],
)
def test_which_way_a_picture_is_drawn(
    family: str, width: int, height: int, over: bool, large: Large, way: str
) -> None:
    sizes = Sizes(FAMILIES.get(family), EighthCodec(), tiling=False)
    assert sizes.way(asked(width, height, large, over=over)) == way
    assert Sizes(FAMILIES.get(family), EighthCodec(), tiling=True).way(asked(width, height, large)) == "whole"


def test_the_first_stage_has_the_models_own_size_and_the_pictures_shape() -> None:
    sizes = Sizes(FAMILIES["sd1"], EighthCodec(), tiling=False)
    hint = Hint("canny", torch.rand(1, 3, 1080, 1920))
    small = sizes.smaller(replace(asked(1920, 1080), hints=(hint,)))
    assert small.height % 16 == small.width % 16 == 0
    assert small.height * small.width == pytest.approx(512**2, rel=0.06)
    assert small.width / small.height == pytest.approx(1920 / 1080, rel=0.05)
    assert small.hints[0].picture.shape == (1, 3, small.height, small.width)
    assert "1920x1080" in sizes.told("two_stage", 1080, 1920)


def trained_small(engine: Any, family: str, native_px: int) -> None:
    """Has an engine draw as if its model were trained on small pictures, which takes less time."""
    row = replace(FAMILIES[family], native_px=native_px)
    engine._sizes = Sizes(row, engine._codec, tiling=False)


@pytest.mark.parametrize("config", [SD, FLOW])
def test_windows_leave_no_seams(config: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a model that looks at each place by itself, windows draw what it draws of the whole."""
    bench = Bench(config)
    trained_small(bench.engine, "sd3" if config is FLOW else "sd1", 16)
    # places have a mean of their own, which a window does not know: the same everywhere
    bench.denoiser.mean = lambda latents: torch.full_like(latents, 0.3)
    drawn: list[torch.Tensor] = []
    made = bench.engine._latents

    def noted(*args: Any) -> torch.Tensor:
        drawn.append(made(*args))
        return drawn[-1]

    monkeypatch.setattr(bench.engine, "_latents", noted)
    ways: tuple[Large, ...] = ("whole", "tiled")
    for large in ways:
        row = asked(38, 24, large, over=True)
        bench.denoiser.levels = bench.levels(row)
        bench.denoiser.calls = 0
        bench.engine.draw([row])
    assert drawn[0].shape == (1, 4, 24, 38)
    assert torch.allclose(drawn[0], drawn[1], atol=1e-5)


def test_windows_are_taken_in_turn_where_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_runtime.diffusion.sampling import windows as module

    bench, made = Bench(SD), []
    trained_small(bench.engine, "sd1", 16)
    for at_once in (16, 4):
        monkeypatch.setattr(module, "AT_ONCE", at_once)
        row = asked(38, 24, "tiled", over=True)
        calls = -(-bench.engine._sizes.windows(24, 38).corners.__len__() // at_once)
        bench.denoiser.levels = [level for level in bench.levels(row) for _ in range(calls)]
        bench.denoiser.calls = 0
        bench.engine.draw([row])
        made.append(bench.denoiser.calls)
    assert made == [3, 6]


def test_tiled_codec_of_one_window_is_the_codec(tiny: Engine) -> None:
    codec = tiny._codec  # type: ignore[attr-defined]
    image = torch.rand(1, 3, 96, 120, generator=torch.Generator().manual_seed(0))
    tiled = TiledCodec(codec, 512)
    with torch.inference_mode():
        latents = codec.encode(image)
        assert torch.equal(tiled.encode(image), latents)
        assert torch.equal(tiled.decode(latents, 96, 120), codec.decode(latents, 96, 120))
        parts = TiledCodec(codec, 256)
        large = torch.rand(1, 3, 330, 500, generator=torch.Generator().manual_seed(0))
        assert parts.encode(large).shape == codec.encode(large).shape
        drawn = parts.decode(codec.encode(large), 330, 500)
        whole = codec.decode(codec.encode(large), 330, 500)
    assert drawn.shape == whole.shape == (1, 3, 330, 500)
    assert float((drawn - whole).abs().mean()) < 0.05


@pytest.mark.parametrize("over", [False, True])
def test_a_large_picture_of_a_real_engine(tiny_folder: Path, over: bool) -> None:
    said: list[str] = []
    engine = load_engine(Setup(ModelRef(reference=str(tiny_folder), sha256="0" * 64)), "cpu")
    engine.tell = said.append
    trained_small(engine, "sd1", 64)
    texts = engine.encode("a photo"), engine.encode("")
    row = replace(asked(150, 100, over=over), positive=texts[0], negative=texts[1])
    first, second = engine.draw([row])[0], engine.draw([row])[0]
    assert first.shape == (1, 3, 100, 150)
    assert torch.equal(first, second)
    assert len(said) == 1
    assert "windows" in said[0]
    assert ("small first" in said[0]) is not over
    whole = engine.draw([replace(row, how=replace(row.how, large="whole"))])[0]
    assert not torch.equal(first, whole)


def wrap(picture: torch.Tensor) -> float:
    """How much the two edges of a picture differ from each other, over how much neighbours do inside."""
    across = (picture[..., 0] - picture[..., -1]).abs().mean()
    down = (picture[..., 0, :] - picture[..., -1, :]).abs().mean()
    inside = picture.diff(dim=-1).abs().mean() + picture.diff(dim=-2).abs().mean()
    return float((across + down) / inside)


def test_seamless_pictures_meet_at_their_edges() -> None:
    seams = []
    for tiling in (False, True):
        engine = load_engine(Setup(ModelRef(reference="postcard", sha256="0" * 64), tiling=tiling), "cpu")
        texts = engine.encode("a photo of the mountain"), engine.encode("")
        drawn = engine.draw([Request(*texts, replace(HOW, seed=seed), 64, 64) for seed in range(4)])
        seams.append(sum(wrap(picture) for picture in drawn) / 4)
    assert seams[1] < 0.75 * seams[0]


def test_a_seamless_picture_turned_is_drawn_as_the_picture_turned(tiny_folder: Path) -> None:
    """No place is an edge: what a U-Net and its autoencoder make moves with what they are given."""
    engine = load_engine(Setup(ModelRef(reference=str(tiny_folder), sha256="0" * 64), tiling=True), "cpu")
    codec = engine._codec  # type: ignore[attr-defined]
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        made = codec.decode(codec.encode(picture), 64, 64)
        turned = codec.decode(codec.encode(picture.roll((16, 32), (-2, -1))), 64, 64)
    assert torch.allclose(made.roll((16, 32), (-2, -1)), turned, atol=2e-4)


def test_seamless_transformers_are_shown_the_picture_from_everywhere(
    family_folder: Callable[[str], Path],
) -> None:
    ref = ModelRef(reference=str(family_folder("sd3")), sha256="0" * 64)
    texts, drawn = None, []
    for tiling in (False, True, True):
        engine = load_engine(Setup(ref, tiling=tiling), "cpu")
        texts = engine.encode("a photo"), engine.encode("")
        drawn.append(engine.draw([Request(*texts, HOW, 64, 64)])[0])
    assert torch.equal(drawn[1], drawn[2])
    assert not torch.equal(drawn[0], drawn[1])


def test_hints_are_cut_with_their_windows() -> None:
    from anim_runtime.diffusion.sampling.windows import _cut

    picture = torch.arange(3 * 100 * 132, dtype=torch.float32).view(1, 3, 100, 132)
    windows = Windows((0, 5), (0, 9), 8, 8)
    row = replace(asked(132, 100), hints=(Hint("canny", picture, 0.7),))
    cut = _cut(row, windows, (5, 9), 8)
    assert (cut.height, cut.width) == (64, 64)
    assert cut.hints[0].weight == 0.7
    shown = cut.hints[0].picture
    assert torch.equal(shown[..., :60, :60], picture[..., 40:100, 72:132])
    # the ragged edge is drawn out
    assert torch.equal(shown[..., 60, :60], picture[..., 99, 72:132])


@pytest.mark.parametrize("over", [False, True])
def test_controls_act_in_windows_too(over: bool) -> None:
    unet, vae = tiny_nets.sd1()
    nets = [("a", "canny", tiny_nets.unet_net(unet, 1))]
    engine = tiny_nets.engine(tiny_nets.denoiser_of(unet), vae, nets)
    trained_small(engine, "sd1", 64)
    row = replace(
        asked(150, 100, over=over),
        positive=tiny_nets.conditioning(5),
        negative=tiny_nets.conditioning(6),
    )
    edges = torch.zeros(1, 3, 200, 300)
    edges[..., 150:] = tiny_nets.picture(1, 200, 150)
    plain, idle, drawn = (
        engine.draw([replace(row, hints=hints)])[0]
        for hints in ((), (Hint("a", edges, 0.0),), (Hint("a", edges, 1.0),))
    )
    assert torch.equal(plain, idle)
    assert drawn.shape == (1, 3, 100, 150)
    assert not torch.allclose(plain, drawn, atol=1e-2)
