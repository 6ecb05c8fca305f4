"""Texts that are too large, too deep, of another program, or hostile: diagnostics, never exceptions."""

from __future__ import annotations

import pytest

from anim_dsl.codes import CODES
from anim_dsl.findings import MOST
from anim_dsl.gate import LIMIT_CODES, MOST_BYTES, UNREAD_CODES
from anim_dsl.parse import parse, parse_value
from anim_dsl.source import Source


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in parse(Source("film", text))[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\ufefffps = 24\r\n", []),
        ("fps = 24\rseed = 1", []),
        ("fps = 24\x00", ["E1003"]),
        ('prompt { 0s: "\x1b]0;x\x07" }', ["E1003"]),
        ("fps = 24 # \u202e } # \u2066", ["E1005"]),
        ("z\u043eom = 1", ["E1010"]),
        ("%YAML 1.1\n%TAG !u! tag:unity3d.com,2011:\n--- !u!74\nAnimationClip:\n", ["E1001"]),
        ("animVersion 1.1;\nmayaVersion 2024;\n", ["E1001"]),
        ('{"animation_mode": "3D", "max_frames": 120}', ["E1001"]),
        ('prompt { 0s: "' + "y" * 100_000, ["E1019"]),
        ('prompt { 0s: "' + "y" * 100_000 + '" }', []),
        ("y" * (MOST_BYTES + 1), ["E1002"]),
        ("zoom = " + "(" * 10_000 + "1" + ")" * 10_000, ["E1004"]),
        ("zoom = " + "abs(" * 600 + "x" + ")" * 600, ["E1004"]),
        ("a {" * 1000 + "}" * 1000, ["E1004"]),
        ("a {" * 100 + "}" * 100, []),
        ("zoom = " + "-" * 5_000 + "1", ["E1004"]),
        ("zoom = " + "+".join(["x"] * 1000), ["E1004"]),
        ("zoom = " + "+".join(["x"] * 150), []),
        ("zoom = " + "2**" * 500 + "2", ["E1004"]),
        ("let a = " + "not " * 1000 + "1", ["E1004"]),
        ("seed = " + "9" * 5000, ["E1013"]),
        ("size = " + "9" * 5000 + "x1", ["E1013"]),
    ],
    ids=lambda value: str(value)[:24].encode("unicode_escape").decode(),
)
def test_hostile_text(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_flood_of_errors_is_cut_short() -> None:
    found = codes("@\n" * 5_000)
    assert len(found) == MOST + 1
    assert found[-1] == "E1006"


def test_limits_have_codes_of_their_own() -> None:
    assert set(LIMIT_CODES) == {
        *("E1002", "E1004", "E1070", "E1071", "E1072", "E1073"),
        *("E2017", "E2030", "E2032", "E2044", "E4032"),
    }


def test_a_text_beyond_a_limit_counts_as_unread() -> None:
    assert {code for code in LIMIT_CODES if code.startswith("E1")} < UNREAD_CODES
    assert set(CODES) >= UNREAD_CODES


@pytest.mark.parametrize("text", ["", "   ", "# only a comment", "1 +", "{", "}", "a = 1", "(" * 500, "\x00"])
def test_value_that_is_none(text: str) -> None:
    value, diagnostics = parse_value(Source("value", text))
    assert value is None
    assert diagnostics


@pytest.mark.parametrize(
    "unit",
    [
        '"{" ',
        "x = f(1,",
        "0,5 ",
        '"',
        "'",
        "\u201c",
        '"""',
        "}",
        "{",
        ";",
        "1 if ",
        "a.",
        "\\q",
        "\n,",
        "a:",
        "1s",
    ],
)
def test_long_repetitions_end(unit: str) -> None:
    """Each would take minutes if reading were quadratic; the suite's own time limit is the judge."""
    for text in ("x = " + unit * 8_000, 'x = "' + unit * 8_000):
        document, found = parse(Source("film", text))
        assert document.statements or found  # read or reported, never dropped
