"""Plots of curves as signs."""

from __future__ import annotations

import numpy as np
import pytest

from anim_studio.tui.timeline.curve_rows import CurveRows
from anim_studio.tui.timeline.plot import Extent, plot_rows, value_text
from anim_studio.tui.timeline.window import Window


def _rows(values: list[float], columns: int, rows: int, view: tuple[int, int] = (0, 0)) -> list[str]:
    array = np.array(values, np.float64)
    return plot_rows(array, Extent.of(array), Window.of(view, columns, len(values)), rows)


def test_one_row() -> None:
    """Blocks from the least to the greatest value, gaps where there is none, a line where nothing moves."""
    assert _rows([0, 1, 2, 3, np.nan, 7], 6, 1) == ["▁▂▃▄ █"]
    assert _rows([5, 5, np.nan, 5], 4, 1) == ["── ─"]
    assert _rows([np.nan, np.nan], 4, 1) == ["    "]


def test_peaks_are_kept() -> None:
    """A peak of one frame is seen however far away."""
    values = [0.0] * 100
    values[50] = 1.0
    assert _rows(values, 10, 1) == ["▁▁▁▁▁█▁▁▁▁"]


def test_braille() -> None:
    """A line from the lower left to the upper right, without gaps between its steps."""
    assert _rows([0, 1, 2, 3, 4, 5, 6, 7], 4, 2) == ["  ⡠⠊", "⡠⠊  "]
    assert _rows([0, 0, 7, 7], 2, 2) == [" ⡏", "⣀⠇"]


def test_gaps_are_not_bridged() -> None:
    """Where a scene has no such setting, nothing is drawn."""
    assert _rows([0, 0, np.nan, np.nan, 1, 1], 3, 1) == ["▁ █"]
    assert [row[1] for row in _rows([0, 0, np.nan, np.nan, 1, 1], 3, 3)] == [" ", " ", " "]


def test_the_scale_is_that_of_the_whole_curve() -> None:
    """Zoomed in, a value is as high as before."""
    assert _rows([0, 1, 2, 3, 4, 5, 6, 7], 4, 1, (0, 4)) == ["▁▂▃▄"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.18, "number", "1.18"),
        (87.5, "angle", "87.5°"),
        (12.4, "px", "12.4 px"),
        (float("nan"), "", "–"),
        (-1e-17, "", "0"),
        (123456.7, "", "123457"),
        (0.123456, "ratio", "0.1235"),
    ],
)
def test_values(value: float, unit: str, text: str) -> None:
    """Values as they are read, with their units."""
    assert value_text(value, unit) == text


def test_rows_of_curves() -> None:
    """Few curves are tall, many have a row each and are scrolled through."""
    few = CurveRows.of(("camera.zoom", "grade.exposure"), 60, 10)
    assert (few.tall, few.at(0), few.at(6), few.at(9)) == (5, (0, 0), (1, 1), (1, 4))
    names = tuple(f"c{number}" for number in range(20))
    many = CurveRows.of(names, 60, 8)
    assert (many.tall, many.at(7), many.top_for(15), many.scrolled(99)) == (1, (7, 0), 8, 12)
    assert CurveRows.of(names, 60, 8, 99).top == 12
    assert CurveRows.of((), 60, 8).at(0) is None
    both = CurveRows.of(("camera.zoom", "layer.a.zoom"), 60, 8)
    assert [both.label(name) for name in both.names] == ["camera.zoom", "layer.a.zoom"]
