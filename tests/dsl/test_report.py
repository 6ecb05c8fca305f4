"""How diagnostics look."""

from __future__ import annotations

import json

from anim_dsl.diagnostic import Diagnostic, Edit, Label, Severity
from anim_dsl.report import as_json, concise, full, one, summary
from anim_dsl.source import Source, Span

FILM = Source("rain.anim", "length = 4s\ncamera 3d {\n\tzom = bass * 0.2\n}\n")


ZOM = Span(25, 28)


def found(**more: object) -> Diagnostic:
    return Diagnostic(
        "E1102", Severity.ERROR, FILM, ZOM, "`zom` is not a setting", "did you mean `zoom`?", **more
    )  # type: ignore[arg-type]


def test_full_text() -> None:
    text = one(found(notes=("a note",), hint="write `zoom`", labels=(Label(Span(12, 18), "in this block"),)))
    assert text.splitlines() == [
        "error[E1102]: `zom` is not a setting",
        "  ┌─ rain.anim:3:2",
        "2 │ camera 3d {",
        "  │ ------ in this block",
        "3 │     zom = bass * 0.2",
        "  │     ^^^ did you mean `zoom`?",
        "  = note: a note",
        "  = hint: write `zoom`",
    ]


def test_colour_is_only_colour() -> None:
    import re

    plain = full([found()], colour=False)
    painted = full([found()], colour=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


def test_left_out_lines_and_long_lines() -> None:
    source = Source("long.anim", "a\nb\nc\n" + "x" * 1000 + "!" + "y" * 1000)
    span = Span(1006, 1007)
    diagnostic = Diagnostic("E1", Severity.WARNING, source, span, "m", labels=(Label(Span(0, 1), "here"),))
    lines = one(diagnostic).splitlines()
    assert "⋮" in lines[4]
    assert max(map(len, lines)) < 140
    assert lines[5].index("!") == lines[6].index("^")


def test_wide_characters_keep_the_caret_in_place() -> None:
    source = Source("wide.anim", '"雨の街" zom')
    line = one(Diagnostic("E1", Severity.ERROR, source, Span(6, 9), "m")).splitlines()[3]
    assert line == "  │ " + " " * 9 + "^^^"


def test_foreign_text_is_escaped() -> None:
    source = Source("evil\x1b.anim", "a \x1b]0;x\x07 \u202e b\x9b2J")
    diagnostic = Diagnostic("E1", Severity.ERROR, source, Span(0, 1), "the name \x1b[31m", hint="\u2066")
    for text in (one(diagnostic), concise([diagnostic]), as_json([diagnostic])):
        assert all(char.isprintable() or char == "\n" for char in text)
    assert "\\x1b]0;x\\x07 \\u{202e}" in one(diagnostic)


def test_concise() -> None:
    assert concise([found()]) == "rain.anim:3:2: error[E1102] `zom` is not a setting"


def test_json() -> None:
    (entry,) = json.loads(as_json([found(edit=Edit(ZOM, "zoom"))]))
    assert entry["span"]["start"] == {"line": 3, "column": 2, "offset": 25}
    assert entry["edit"]["text"] == "zoom"
    assert (entry["code"], entry["severity"], entry["file"]) == ("E1102", "error", "rain.anim")


def test_summary() -> None:
    warning = Diagnostic("W1", Severity.WARNING, FILM, Span(0, 1), "m")
    assert summary([found(), warning, warning], seconds=0.213) == "1 error, 2 warnings in 1 file · 0.21 s"
    assert summary([], files=2) == "nothing to report in 2 files"


def test_span_at_the_end_of_the_text() -> None:
    for text in ("", "a", "a\n"):
        source = Source("x", text)
        end = len(text)
        assert "^" in one(Diagnostic("E1", Severity.ERROR, source, Span(end, end), "m"))
