import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from anim_studio.draw.chart import (
    PALETTE,
    STRIP,
    Boundary,
    Chart,
    Trace,
    chart_size,
    draw_png,
    draw_svg,
    number_text,
)
from anim_studio.draw.ticks import tick_step


def chart(values: list[float], **parts: tuple[float, ...]) -> Chart:
    return Chart("film", 10.0, (Trace("camera.zoom", np.array(values)),), **parts)  # type: ignore[arg-type]


def column_of(chart: Chart, colour: tuple[int, int, int], x: int) -> np.ndarray:
    """Rows in which a column of the PNG is closer to a colour than to the strip it is drawn on."""
    pixels = np.asarray(draw_png(chart).image(), dtype=np.int64)
    column = pixels[:, x]
    near = np.abs(column - np.array(colour)).sum(axis=1) < np.abs(column - np.array(STRIP)).sum(axis=1)
    return np.flatnonzero(near & (np.arange(len(column)) > 50))


def test_a_rising_curve_rises() -> None:
    rising = chart(list(np.linspace(0, 5, 100)))
    left, right = column_of(rising, PALETTE[0], 190), column_of(rising, PALETTE[0], 900)
    assert left.size
    assert right.size
    assert left.mean() > right.mean() + 50


def test_beats_stand_at_their_time() -> None:
    one = chart([0.0] * 100, beats=(5.0,))
    width, _ = chart_size(one)
    pixels = np.asarray(draw_png(one).image(), dtype=np.int64)[60]
    strip = pixels[170 : width - 66]
    marked = 170 + np.flatnonzero(np.abs(strip - np.array(STRIP)).sum(axis=1) > 10)
    middle = (168 + width - 64) / 2
    assert marked.size
    assert abs(marked.mean() - middle) < 1.5


def test_the_svg_is_well_formed_and_says_name_and_range(tmp_path: Path) -> None:
    path = tmp_path / "c.svg"
    draw_svg(Chart("a < b & c", 10.0, (Trace("zoom", np.array([1.0, 1.25])),))).save(path)
    words = [e.text for e in ElementTree.parse(path).iter() if e.tag.endswith("text")]
    assert "a < b & c" in words
    assert "1 to 1.25" in words


def test_what_is_no_number_leaves_a_gap() -> None:
    cut = chart([0.0, 1.0, float("nan"), 1.0, 0.0])
    lines = [line for line in draw_svg(cut).markup().splitlines() if "#0072b2" in line and "polyline" in line]
    assert len(lines) == 2
    draw_png(chart([float("nan")] * 3)).image()


@pytest.mark.parametrize("values", [[], [1.0], [3.0, 3.0]])
def test_short_and_constant_curves_are_drawn(values: list[float]) -> None:
    assert draw_png(chart(values)).image().size == chart_size(chart(values))


@pytest.mark.parametrize("seconds", [0.04, 1, 9.9, 10, 61, 600, 36000])
def test_the_axis_has_a_readable_number_of_labels(seconds: float) -> None:
    assert 2 <= seconds / tick_step(seconds) <= 12


@pytest.mark.parametrize(
    ("value", "span", "text"),
    [
        (1.25, 0.25, "1.25"),
        (2.8e-35, 50.0, "0"),
        (-1e-9, 1.0, "0"),
        (0.0006812, 0.88, "0.001"),
        (268.5, 358.5, "268"),
        (120.0, 0.0, "120"),
        (0.65, 0.0, "0.65"),
        (100.0, 100.0, "100"),
    ],
)
def test_numbers_are_as_exact_as_their_span_needs(value: float, span: float, text: str) -> None:
    assert number_text(value, span) == text


def points(drawn: Chart) -> list[list[tuple[float, float]]]:
    lines = [
        line for line in draw_svg(drawn).markup().splitlines() if "#0072b2" in line and "polyline" in line
    ]
    return [
        [(float(x), float(y)) for x, y in (p.split(",") for p in line.split('"')[1].split())]
        for line in lines
    ]


def test_what_holds_and_jumps_is_drawn_as_steps() -> None:
    (line,) = points(chart([0.0] * 5 + [1.0] * 5))
    assert any(a[0] == b[0] and a[1] > b[1] + 50 for a, b in pairwise(line))
    assert not any(a[0] != b[0] and a[1] != b[1] for a, b in pairwise(line))


def test_what_ramps_is_drawn_as_a_ramp() -> None:
    (line,) = points(chart([0.0, 0.0, 0.5, 1.0, 1.0]))
    assert not any(a[0] == b[0] for a, b in pairwise(line))


def test_a_line_of_scenes_breaks_where_a_scene_begins() -> None:
    trace = Trace("strength", np.linspace(0, 1, 10), by_scene=True)
    scenes = (Boundary("a", 0), Boundary("b", 4))
    assert [len(line) for line in points(Chart("film", 10.0, (trace,), scenes=scenes))] == [4, 6]
    one = Chart("film", 10.0, (Trace("let", np.linspace(0, 1, 10)),), scenes=scenes)
    assert [len(line) for line in points(one)] == [10]
