"""Colours of a film: where they stand, what they are, and how a picked one is written."""

from __future__ import annotations

import pytest
from lsprotocol import types
from tests.studio.lsp.marked import opened

from anim_compiler.colors import CSS
from anim_studio.lsp import colours
from anim_studio.lsp.features.colours import colours_in, document_colours, presentations

FILM = """layer a { text = "red"; color = "gold"; outline_color = navy; shadow_color = "#00000080" }
scene b 2s { transition = dip(1s, color = black); prompt = "gold" }
let tone = "#fc0"
let word = "gold"
layer c { color = "no colour"; x = red }
"""


def test_where_colours_stand() -> None:
    made = opened(FILM)
    found = [(made.source.slice(span), rgba) for span, rgba in colours_in(made.document.statements)]
    assert found == [
        ('"gold"', (1.0, 215 / 255, 0.0, 1.0)),
        ("navy", (0.0, 0.0, 128 / 255, 1.0)),
        ('"#00000080"', (0.0, 0.0, 0.0, 128 / 255)),
        ("black", (0.0, 0.0, 0.0, 1.0)),
        ('"#fc0"', (1.0, 0.8, 0.0, 1.0)),
    ]


def test_the_answer_has_places() -> None:
    made = opened('# 🎬\nlayer a { color = "red" }\n')
    params = types.DocumentColorParams(types.TextDocumentIdentifier(made.uri))
    (found,) = document_colours(made, params)
    assert (found.range.start.line, found.range.start.character, found.range.end.character) == (1, 18, 23)
    assert (found.color.red, found.color.green) == (1.0, 0.0)


def test_every_name_is_a_colour_and_stays_the_same() -> None:
    for name in CSS:
        rgba = colours.parsed(name)
        assert rgba is not None
        again = colours.named(rgba)
        assert again is not None
        assert colours.parsed(again) == rgba


@pytest.mark.parametrize("text", ["#12", "#ggg", "", "#12345", "redd", "rgb(1,2,3)"])
def test_no_colours(text: str) -> None:
    assert colours.parsed(text) is None


@pytest.mark.parametrize(
    ("rgba", "labels"),
    [
        ((1.0, 215 / 255, 0.0, 1.0), ['"#ffd700"', '"gold"']),
        ((0.1, 0.2, 0.3, 0.5), ['"#1a334d80"']),
        ((0.0, 0.0, 0.0, 0.0), ['"#00000000"', '"transparent"']),
    ],
)
def test_presentations(rgba: tuple[float, float, float, float], labels: list[str]) -> None:
    made = opened('layer a { color = "red" }')
    place = types.Range(types.Position(0, 18), types.Position(0, 23))
    params = types.ColorPresentationParams(types.TextDocumentIdentifier(made.uri), types.Color(*rgba), place)
    found = presentations(made, params)
    assert [one.label for one in found] == labels
    assert all(one.text_edit is not None and one.text_edit.range == place for one in found)
