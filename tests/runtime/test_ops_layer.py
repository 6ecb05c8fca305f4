"""Pictures with alpha placed over others: where their pixels land, and what is left alone."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from anim_dsl.settings import SETTINGS
from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.composite import MODES
from anim_runtime.ops.layer import ANCHORS

torch.set_num_threads(1)

WIDTH, HEIGHT = 40, 24
CONTEXT = FrameContext(frame=0, width=WIDTH, height=HEIGHT, device=torch.device("cpu"))
PLAIN: dict[str, float | str] = {
    "x": 0.0,
    "y": 0.0,
    "scale": 1.0,
    "angle": 0.0,
    "opacity": 1.0,
    "mode": "normal",
    "anchor": "top_left",
}


def below(value: float = 0.0) -> Tensor:
    return torch.full((1, 3, HEIGHT, WIDTH), value)


def square(width: int = 8, height: int = 6, value: float = 1.0, alpha: float = 1.0) -> Tensor:
    return torch.cat(
        (torch.full((1, 3, height, width), value * alpha), torch.full((1, 1, height, width), alpha)), dim=1
    )


def laid(under: Tensor, above: Tensor, *mask: Tensor, **args: float | str) -> Tensor:
    return KERNELS["layer"]([under, above, *mask], dict(PLAIN | args), CONTEXT)


def box(picture: Tensor) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is brighter than half."""
    rows, columns = (picture[0, 0] > 0.5).nonzero(as_tuple=True)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_every_anchor_of_the_language_is_there() -> None:
    assert tuple(ANCHORS) == SETTINGS["layer", "anchor"].choices


@pytest.mark.parametrize(
    ("anchor", "wanted"),
    [
        ("top_left", (20, 12, 28, 18)),
        ("top", (16, 12, 24, 18)),
        ("right", (12, 9, 20, 15)),
        ("center", (16, 9, 24, 15)),
        ("bottom_right", (12, 6, 20, 12)),
    ],
)
def test_the_anchor_is_where_x_and_y_say(anchor: str, wanted: tuple[int, int, int, int]) -> None:
    made = laid(below(), square(), x=20.0, y=12.0, anchor=anchor)
    assert box(made) == wanted
    assert torch.equal(made.sum(), torch.tensor(8.0 * 6 * 3)), "on whole pixels nothing is filtered"


def test_it_is_scaled_about_its_anchor() -> None:
    assert box(laid(below(), square(), x=20.0, y=12.0, scale=2.0)) == (20, 12, 36, 24)
    assert box(laid(below(), square(), x=20.0, y=12.0, scale=0.5)) == (20, 12, 24, 15)
    centred = laid(below(), square(), x=20.0, y=12.0, scale=2.0, anchor="center")
    assert box(centred) == (12, 6, 28, 18)


def test_it_turns_counter_clockwise_about_its_own_middle() -> None:
    above = torch.zeros((1, 4, 9, 9))
    above[:, :, 4, 8] = 1.0  # a dot in the middle of its right edge
    turned = laid(below(), above, x=10.0, y=5.0, angle=90.0)
    at = int(turned[0, 0].argmax())
    assert (at % WIDTH, at // WIDTH) == (14, 5), "it is at its top now"


def test_half_a_pixel_lies_half_in_two() -> None:
    made = laid(below(), square(), x=10.5, y=5.0)
    row = made[0, 0, 8]
    assert row[10:20].sum() == pytest.approx(8.0, abs=1e-4)
    assert row[10] == pytest.approx(float(row[18]), abs=1e-5)
    assert 0.4 < row[10] < 0.7


def test_slow_moves_do_not_jump() -> None:
    middles = []
    for step in range(21):
        made = laid(below(), square(), x=10.0 + step / 20, y=5.0)[0, 0, 8]
        middles.append(float((made * torch.arange(WIDTH)).sum() / made.sum()))
    steps = torch.tensor(middles).diff()
    assert float((steps - 0.05).abs().max()) < 0.03


def test_scaling_down_averages_instead_of_skipping() -> None:
    stripes = square(32, 32)
    stripes[:, :3, :, ::2] = 0.0
    made = laid(below(), stripes, x=4.0, y=4.0, scale=0.25)[0, 0, 5:11, 5:11]
    assert float((made - 0.5).abs().max()) < 0.02


def test_edges_of_a_transparent_picture_stay_clean() -> None:
    # premultiplied: what is hidden beside the edge does not bleed in
    above = square(8, 8, value=0.8)
    above[:, :, :, :4] = 0.0
    made = laid(below(0.8), above, x=10.3, y=5.6, angle=13.0, scale=1.7)
    assert float((made - 0.8).abs().max()) < 1e-5


@pytest.mark.parametrize("mode", MODES)
def test_half_transparent_is_half_of_what_it_would_be(mode: str) -> None:
    under = below(0.3)
    whole = laid(under, square(value=0.7), x=4.0, y=4.0, mode=mode)
    half = laid(under, square(value=0.7, alpha=0.5), x=4.0, y=4.0, mode=mode)
    by_opacity = laid(under, square(value=0.7), x=4.0, y=4.0, mode=mode, opacity=0.5)
    assert torch.allclose(half, (whole + under) / 2, atol=1e-6)
    assert torch.allclose(half, by_opacity, atol=1e-6)


def test_a_mask_says_where_it_shows() -> None:
    mask = torch.zeros((1, 1, HEIGHT, WIDTH))
    mask[..., :12] = 1.0
    assert box(laid(below(), square(), mask, x=8.0, y=8.0)) == (8, 8, 12, 14)


def test_what_it_does_not_cover_is_the_picture_below() -> None:
    under = torch.rand((1, 3, HEIGHT, WIDTH), generator=torch.Generator().manual_seed(1))
    kept = under.clone()
    assert laid(under, square(), opacity=0.0) is under
    assert laid(under, square(), x=500.0) is under
    assert laid(under, square(), scale=0.0) is under
    made = laid(under, square(), x=10.0, y=5.0)
    assert torch.equal(under, kept), "inputs are never changed"
    made[:, :, 5:11, 10:18] = under[:, :, 5:11, 10:18]
    assert torch.equal(made, under)


@pytest.mark.parametrize("mode", MODES)
def test_layers_on_nothing_laid_over_a_picture_are_layers_over_it(mode: str) -> None:
    # a group whose layers blend normally among themselves; the group as a whole blends
    empty = KERNELS["empty"]([], {}, CONTEXT)
    one, two = square(value=0.9, alpha=0.6), square(value=0.2, alpha=0.5)
    group = laid(laid(empty, one, x=4.0, y=4.0), two, x=7.0, y=6.0)
    over = KERNELS["composite"]([below(0.4), group], {"mode": mode, "opacity": 1.0}, CONTEXT)
    if mode == "normal":
        wanted = laid(laid(below(0.4), one, x=4.0, y=4.0), two, x=7.0, y=6.0)
        assert torch.allclose(over, wanted, atol=1e-6)
    assert torch.allclose(over[..., :4], below(0.4)[..., :4])
    only = KERNELS["composite"](
        [below(0.4), laid(empty, one, x=4.0, y=4.0)], {"mode": mode, "opacity": 1.0}, CONTEXT
    )
    assert torch.allclose(only, laid(below(0.4), one, x=4.0, y=4.0, mode=mode), atol=1e-6)


def test_modes_act_between_layers_on_nothing() -> None:
    empty = KERNELS["empty"]([], {}, CONTEXT)
    group = laid(laid(empty, square(value=0.5)), square(value=0.5), mode="multiply")
    assert float(group[0, 0, 1, 1]) == pytest.approx(0.25)
    assert float(group[0, 3, 1, 1]) == 1.0
    assert float(KERNELS["flat"]([group], {}, CONTEXT)[0, 0, 1, 1]) == pytest.approx(0.25)


def test_room_around_a_text_does_not_count_for_its_anchor() -> None:
    above = torch.nn.functional.pad(square(), (3, 3, 3, 3))
    assert box(laid(below(), above, x=10.0, y=5.0, inset=3)) == (10, 5, 18, 11)
    assert box(laid(below(), above, x=20.0, y=12.0, inset=3, anchor="bottom_right")) == (12, 6, 20, 12)


def test_places_that_are_no_numbers_show_nothing() -> None:
    under = below()
    assert laid(under, square(), x=float("inf")) is under
    assert laid(under, square(), x=1e30) is under


@pytest.mark.parametrize(("scale", "angle"), [(3.0, 0.0), (3.0, 37.0), (1.0, 200.0), (0.7, 10.0)])
def test_what_is_seen_of_a_large_picture_is_what_it_is_as_a_whole(scale: float, angle: float) -> None:
    made = torch.rand((1, 4, 90, 120), generator=torch.Generator().manual_seed(2))
    made[:, :3] *= made[:, 3:]
    seen = laid(below(0.2), made, x=7.3, y=3.6, scale=scale, angle=angle, anchor="center")
    wide = FrameContext(frame=0, width=4 * WIDTH, height=4 * HEIGHT, device=torch.device("cpu"))
    args = dict(PLAIN | {"x": 7.3 + 60, "y": 3.6 + 36, "scale": scale, "angle": angle, "anchor": "center"})
    whole = KERNELS["layer"]([torch.full((1, 3, 4 * HEIGHT, 4 * WIDTH), 0.2), made], args, wide)
    assert torch.allclose(seen, whole[:, :, 36 : 36 + HEIGHT, 60 : 60 + WIDTH], atol=2e-4)


@pytest.mark.parametrize(
    ("scale", "angle", "size"),
    [(1.0, 0.0, 9), (2.3, 0.0, 9), (1.0, 33.0, 9), (0.6, -140.0, 20), (5.0, 80.0, 1), (1.0, 7.0, 60)],
)
def test_compiled_loops_and_tensors_agree(
    monkeypatch: pytest.MonkeyPatch, scale: float, angle: float, size: int
) -> None:
    above = torch.rand((1, 4, size, size + 3), generator=torch.Generator().manual_seed(3))
    above[:, :3] *= above[:, 3:]
    place: dict[str, float | str] = {"x": 14.3, "y": 9.7, "scale": scale, "angle": angle, "anchor": "center"}
    quick = laid(below(0.3), above, **place)
    monkeypatch.setattr("anim_runtime.ops.layer.is_native", lambda *_: False)
    assert torch.allclose(quick, laid(below(0.3), above, **place), atol=1e-5)
    assert not torch.equal(quick, below(0.3))


def test_what_is_seen_is_the_same_on_any_number_of_threads() -> None:
    above = torch.rand((1, 4, 400, 400), generator=torch.Generator().manual_seed(4))
    above[:, :3] *= above[:, 3:]
    wide = FrameContext(frame=0, width=500, height=400, device=torch.device("cpu"))
    args = dict(PLAIN | {"x": 250.0, "y": 200.0, "angle": 30.0, "anchor": "center"})
    one = KERNELS["layer"]([torch.zeros((1, 3, 400, 500)), above], args, wide)
    torch.set_num_threads(2)
    try:
        assert torch.equal(one, KERNELS["layer"]([torch.zeros((1, 3, 400, 500)), above], args, wide))
    finally:
        torch.set_num_threads(1)
