"""Any text parses to something, and every place in a diagnostic is a place in the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from anim_dsl.parse import parse, parse_value
from anim_dsl.report import as_json, concise, full
from anim_dsl.schedule import evaluate, evaluate_text
from anim_dsl.source import Source

PIECES = [
    *"{}()[],:;=+-*/%.<>\"'#\n \t",
    *("zoom", "camera", "3d", "prompt", "let", "def", "if", "else", "per", "with", "as", "not", "and", "or"),
    *(
        "0s",
        "10 s",
        "1.5",
        "0,5",
        "1:30",
        "50%",
        "768x512",
        "5frames",
        "ease_in",
        "hold",
        "song.bass",
        "max_f-1",
    ),
    *(
        '"a {b} c"',
        '"a',
        '"""x',
        '"{',
        "“x”",
        "'y'",
        "**",
        "==",
        "+=",
        "&&",
        "//",
        "\\",
        "é",
        "\u202e",
        "\r\n",
    ),
    *("camera 3d {", "}\n", "0s: 1, ", 'prompt { 0s: "a" }', "<lora:x:1>", "{frame:05}", "\\u{41}", "\\{"),
]

soup = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
texts = st.one_of(soup, soup, st.text(max_size=200))


@settings(max_examples=1000, deadline=None)
@given(texts)
def test_parse_never_raises(text: str) -> None:
    source = Source("film", text)
    document, diagnostics = parse(source)
    assert document.source is source
    for diagnostic in diagnostics:
        spans = [diagnostic.span, *(label.span for label in diagnostic.labels)]
        spans += [diagnostic.edit.span] if diagnostic.edit else []
        assert all(0 <= span.start <= span.end <= len(text) for span in spans), diagnostic
    shown = full(diagnostics, colour=False) + concise(diagnostics) + as_json(diagnostics)
    assert all(char.isprintable() or char == "\n" for char in shown)


@settings(max_examples=500, deadline=None)
@given(texts)
def test_value_never_raises(text: str) -> None:
    value, diagnostics = parse_value(Source("value", text))
    assert value is not None or diagnostics


SCHEDULE = [
    *"0123456789.,:()+-*/%<>=&|~ \"'",
    "t",
    "s",
    "max_f",
    "sin(",
    "abs(",
    "**",
    "//",
    "0:(",
    "), ",
    "1e9",
    "é",
]


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(SCHEDULE), max_size=30).map("".join), st.text(max_size=60)))
def test_schedule_never_raises(text: str) -> None:
    for reader in (evaluate, evaluate_text):
        values, diagnostics = reader(text, frames=7, seed=3)
        assert values is not None or diagnostics
        assert values is None or len(values) == 7
        assert all(0 <= d.span.start <= d.span.end <= len(text) for d in diagnostics)
