"""How diagnostics look."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from anim_dsl.diagnostic import Diagnostic, Edit, Label, Severity
from anim_dsl.findings import Findings
from anim_dsl.report import as_json, as_jsonl, concise, full, one, summary
from anim_dsl.report_ci import as_github, as_gitlab
from anim_dsl.report_junit import as_junit
from anim_dsl.report_sarif import as_sarif
from anim_dsl.source import Source, Span
from anim_dsl.visible import width

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


def test_long_sentences_are_wrapped_to_the_terminal() -> None:
    text = one(found(hint="a hint of words " * 60), columns=60)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 60
    assert len(lines) > 15
    assert " ".join(" ".join(lines[4:]).split()) == "= hint: " + ("a hint of words " * 60).strip()
    assert one(found(hint="a hint of words " * 60)).count("\n") == 4


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x" * 5, ""),
        ("", "y" * 200),
        ("x" * 90, "y" * 90),
        ("x" * 90, ""),
        ("夜" * 40, "夜" * 40),
        ("\t" * 30, "y"),
    ],
)
@pytest.mark.parametrize("columns", [30, 48, 80])
def test_lines_are_cut_to_the_terminal_around_what_is_marked(before: str, after: str, columns: int) -> None:
    source = Source("x", f"{before}zom{after}\n")
    span = Span(len(before), len(before) + 3)
    _, _, shown, marks = one(
        Diagnostic("E1", Severity.ERROR, source, span, "m"), columns=columns
    ).splitlines()
    assert max(width(shown), width(marks)) <= columns
    assert marks.endswith("^^^")
    start = len(marks) - 3
    cells = [char for char in shown for _ in range(width(char))]
    assert "".join(cells[start : start + 3]) == "zom"


def test_a_mark_wider_than_the_terminal_is_cut() -> None:
    source = Source("x", "y" * 110)
    found = Diagnostic("E1", Severity.ERROR, source, Span(4, 110), "m")
    assert max(map(len, one(found, columns=40).splitlines())) == 40


def test_sentences_stand_on_one_line_and_quote_little() -> None:
    long = "y" * 500
    told = Findings(FILM)
    label = Label(ZOM, f"`{long}`")
    told.error(
        "E1",
        ZOM,
        f"`{long}` and\r\n  `b`",
        marker=long,
        hint=f"write `{long}`",
        notes=("a\nb",),
        labels=(label,),
    )
    (short,) = told.all()
    assert short.message == f"`{'y' * 59}…` and `b`"
    assert short.hint == f"write `{'y' * 119}…`"
    assert short.notes == ("a b",)
    assert len(short.marker) == 300
    assert short.labels[0].text == f"`{'y' * 59}…`"


def test_a_label_in_another_file_is_shown_with_its_name() -> None:
    looks = Source("looks.anim", "let pulse = 1\nlet swell = 2\n")
    label = Label(Span(18, 23), "given here", looks)
    lines = one(found(labels=(label, Label(Span(12, 18), "in this block")))).splitlines()
    assert lines[-3:] == ["  ┌─ looks.anim:2:5", "2 │ let swell = 2", "  │     ----- given here"]
    assert "2 │ camera 3d {" in lines
    (entry,) = json.loads(as_json([found(labels=(label,))]))
    assert entry["labels"][0]["file"] == "looks.anim"
    assert entry["labels"][0]["span"]["start"]["line"] == 2


# --- other programs' formats ---------------------------------------------------------------------

EVIL = Source("a b,c:100%\x1b.anim", 'x = "雨" <&> y\n')
HOSTILE = Diagnostic(
    "E2003",
    Severity.ERROR,
    EVIL,
    Span(4, 7),
    "100% <b>&amp;\x1b[31m\n::error::x `\u202e`]]>",
    hint='write "x"',
    labels=(Label(Span(0, 1), "here\x07"),),
    edit=Edit(Span(4, 7), '"\x1b"'),
)


def test_jsonl_is_an_object_a_line() -> None:
    lines = as_jsonl([found(), HOSTILE]).splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["E1102", "E2003"]


def test_github_commands_cannot_be_forged() -> None:
    line = as_github([found(hint="write `zoom`")])
    assert line == (
        "::error file=rain.anim,line=3,endLine=3,col=2,endColumn=5,title=anim E1102"
        "::`zom` is not a setting (hint: write `zoom`)"
    )
    (hostile,) = as_github([HOSTILE]).splitlines()
    assert hostile.startswith("::error file=a b%2Cc%3A100%25\\x1b.anim,line=1,")
    assert "100%25 <b>" in hostile
    assert hostile.isprintable()


def test_gitlab_fingerprints_survive_edits_elsewhere() -> None:
    (first,) = json.loads(as_gitlab([found()]))
    assert first["location"] == {"path": "rain.anim", "lines": {"begin": 3, "end": 3}}
    assert (first["severity"], first["check_name"]) == ("major", "E1102")
    moved = Diagnostic(
        "E1102", Severity.ERROR, Source("rain.anim", "\n" + FILM.text), Span(26, 29), found().message
    )
    twice = json.loads(as_gitlab([moved, moved]))
    assert twice[0]["fingerprint"] == first["fingerprint"]
    assert twice[1]["fingerprint"] != first["fingerprint"]


def test_sarif_has_what_readers_require() -> None:
    log = json.loads(as_sarif([found(edit=Edit(ZOM, "zoom")), HOSTILE], version="1.2.3"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "anim"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"].isprintable()
        assert "helpUri" not in rules[result["ruleIndex"]]
    first, hostile = run["results"]
    region = first["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (3, 2, 5)
    (replacement,) = first["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "zoom"}
    assert replacement["deletedRegion"]["charOffset"] == 25
    uri = hostile["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%20b%2Cc%3A100%25%1B.anim"


def test_junit_has_a_suite_a_file() -> None:
    note = Diagnostic("N1", Severity.NOTE, FILM, Span(0, 1), "m")
    suites = ElementTree.fromstring(as_junit([found(), note, HOSTILE], ["rain.anim", "good.anim"]))
    assert suites.tag == "testsuites"
    assert (suites.get("tests"), suites.get("failures")) == ("4", "2")
    assert [suite.get("name") for suite in suites] == ["rain.anim", "good.anim", "a b,c:100%\\x1b.anim"]
    assert [suite.get("tests") for suite in suites] == ["2", "1", "1"]
    failure = suites[0][0][0]
    assert (failure.tag, failure.get("type")) == ("failure", "error")
    assert failure.get("message") == found().message
    assert "^^^" in (failure.text or "")
    assert list(suites[1][0]) == []


def test_no_findings_are_a_valid_document_too() -> None:
    assert json.loads(as_gitlab([])) == []
    assert json.loads(as_sarif([]))["runs"][0]["results"] == []
    assert len(ElementTree.fromstring(as_junit([], ["a.anim"]))) == 1
    assert (as_github([]), as_jsonl([])) == ("", "")
