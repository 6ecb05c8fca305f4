"""Rows of cells with signs of one cell, two, and none."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.style import Style

from anim_studio.tui.cells import Cells, cut, fitted

STYLES = {"": Style(), "a": Style(bold=True)}


def _text(cells: Cells) -> str:
    strip = cells.strip(STYLES)
    assert cell_len(strip.text) == len(cells)
    return strip.text


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("rain", 4, "rain"),
        ("raining", 4, "rai…"),
        ("雨の夜", 6, "雨の夜"),
        ("雨の夜", 5, "雨の…"),
        ("雨の夜", 4, "雨…"),
        ("a\x1b[31mb\n", 9, "a[31mb"),
        ("e\u0301t", 3, "et"),
        ("rain", 0, ""),
    ],
)
def test_fitted(text: str, width: int, shown: str) -> None:
    """Texts are cut by cells, and nothing in them reaches the terminal as a command."""
    assert fitted(text, width) == shown


def test_wide_signs_are_never_halved() -> None:
    """What is written over half a wide sign leaves a space for the other half."""
    cells = Cells(6, "")
    assert cells.put(0, "雨の夜", "a") == 6
    cells.put(1, "|", "a")
    cells.put(4, "|", "a")
    assert _text(cells) == " |の| "


def test_beyond_the_row() -> None:
    """Texts that begin before the row or reach past it are cut to it."""
    cells = Cells(4, "")
    cells.put(-2, "abcd", "a")
    assert _text(cells) == "cd  "
    assert cells.put(3, "xyz", "a") == 4
    cells.fill(-5, 2, "─", "a")
    assert _text(cells) == "── …"


def test_styles_run_together() -> None:
    """Neighbours of one style are one segment."""
    cells = Cells(6, "")
    cells.put(2, "ab", "a")
    segments = list(cells.strip(STYLES))
    assert [segment.text for segment in segments] == ["  ", "ab", "  "]


def test_cutting_counts_cells() -> None:
    assert cut("雨の夜", 6) == "雨の夜"
    assert cut("雨の夜", 5) == "雨の…"
    assert cut("abc", 0) == ""
