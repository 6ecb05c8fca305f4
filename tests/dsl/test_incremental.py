"""An edited text gives what a fresh parse of it gives, and only what was touched is read."""

from __future__ import annotations

import random

import pytest
from bench.films import film
from hypothesis import given, settings
from hypothesis import strategies as st

from anim_dsl import incremental
from anim_dsl.incremental import Parsed
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.tokens import Token

STATEMENTS = (
    "size = 768x512\n",
    "let a = sin(t) * 2\n",
    "let b = [1, 2,\n  3]\n",
    "# a note\n\n",
    "camera 3d {\n  zoom = 0s: 1,\n    2s: 2\n  roll = 2deg\n}\n",
    'prompt {\n  0s: "a {a} b"\n  4s: "c" * 2\n}\n',
    'let words = """one\n  two { a }\n"""\n',
    "diffuse { steps = 5; strength = 50% }\r\n",
    "def f(x, y = 2) = x *\n  y\n",
    "fps = 24; seed = 1\n",
    "let swell {\n  0s: 0\n  4s: 1\n}\n",
    "let broken = (1 + \n",
    "zoom: 3\n",
    "4s: 2\n",
    "if a {\n  x = 1\n}\nelse {\n}\n",
    "use x 5 s\n",
)
PIECES = (
    *"{}()[],:;=+-*\"'#\n\t 7a.",
    '"""',
    "\r",
    "\r\n",
    "let x = 1",
    "\n4s: 2\n",
    "else",
    "hold 0s: 1",
    "\ufeff",
    "\u202e",
    "é",
    "//",
    "camera 3d {",
    "0s: 1,",
)

films = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=12).map("".join)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A film, and what it reads after each of several edits."""
    text = first = draw(films)
    later = []
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 8)))
        put = "".join(draw(st.lists(st.sampled_from(PIECES + STATEMENTS), max_size=2)))
        text = text[:start] + put + text[end:]
        later.append(text)
    return first, later


@settings(max_examples=250, deadline=None)
@given(edits())
def test_edits_give_what_a_fresh_parse_gives(case: tuple[str, list[str]]) -> None:
    first, later = case
    parsed = Parsed.of(Source("film", first))
    assert (parsed.document, parsed.diagnostics) == parse(Source("film", first))
    for text in later:
        parsed = parsed.edited(Source("film", text))
        assert (parsed.document, parsed.diagnostics) == parse(Source("film", text))


BARE = (
    *("camera 2d", "camera main 3d", "diffuse", "prompt", "}", "camera 2d {", "scene x 2s {", "# a note", ""),
    *("zoom = 1", "  angle = 3deg", "fps = 3", "steps = 3", "seed = 4", '0s: "a"', "let a = 1"),
)
"""Lines of films whose blocks lack a brace: what a line says hangs on those before it."""


@pytest.mark.parametrize("put", ["let x = 1", "#", "a", "}"])
def test_an_edit_in_the_spaces_before_a_statement(put: str) -> None:
    parsed = Parsed.of(Source("film", "  a {\n  x = 1\n}\n  fps = 3\n"))
    for at in (1, 18):
        source = Source("film", parsed.source.text[:at] + put + parsed.source.text[at:])
        edited = parsed.edited(source)
        assert (edited.document, edited.diagnostics) == parse(source)


def test_a_bracket_that_closes_nothing_ends_no_value() -> None:
    first = Source("film", "fps = 24; seed = 1\ndiffuse { steps = 5 }\nzoom: 3\n")
    source = Source("film", "fps = 24; seed = )\ndiffuse { steps = 5 }\nzoom: 3\n")
    edited = Parsed.of(first).edited(source)
    assert (edited.document, edited.diagnostics) == parse(source)


@pytest.mark.parametrize("seed", range(100))
def test_edits_of_films_without_braces(seed: int) -> None:
    chance = random.Random(seed)
    lines = chance.choices(BARE, k=8)
    parsed = Parsed.of(Source("film", "\n".join(lines)))
    for _ in range(12):
        start = chance.randrange(len(lines) + 1)
        lines[start : start + chance.randrange(3)] = chance.choices(BARE, k=chance.randrange(1, 3))
        source = Source("film", "\n".join(lines))
        parsed = parsed.edited(source)
        assert (parsed.document, parsed.diagnostics) == parse(source), source.text


@pytest.mark.parametrize("seed", range(5))
def test_edits_one_after_another_in_a_long_film(seed: int) -> None:
    """Trees are asked for only now and then, so that moved pieces are moved again."""
    chance = random.Random(seed)
    text = film(300, seed)
    parsed = Parsed.of(Source("film", text))
    for step in range(40):
        at = chance.randrange(len(text))
        put = chance.choice((*PIECES, "", "", ""))
        text = text[:at] + put + text[at + chance.randrange(3) :]
        if step % 10 == 9:
            text = film(300, seed)
        parsed = parsed.edited(Source("film", text))
        if step % 3 == 0:
            assert (parsed.document, parsed.diagnostics) == parse(Source("film", text))


def test_only_the_touched_piece_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = film(300)
    parsed = Parsed.of(Source("film", text))
    read: list[str] = []
    original = incremental.lex

    def watching(text: str, start: int = 0, end: int | None = None) -> list[Token]:
        read.append(text[start:end])
        return original(text, start, end)

    monkeypatch.setattr(incremental, "lex", watching)
    at = text.index("steps = ", len(text) // 2) + len("steps = ")
    edited = parsed.edited(Source("film", text[:at] + "1" + text[at:]))
    assert read
    assert all("steps = 1" in part and len(part) < 400 for part in read)
    monkeypatch.undo()
    assert edited.document == parse(edited.source)[0]
