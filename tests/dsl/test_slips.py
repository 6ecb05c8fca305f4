"""Slips of people who come from other programs: one message each, and the tree that was meant."""

from __future__ import annotations

import pytest

from anim_dsl import syntax
from anim_dsl.edit import apply_edits
from anim_dsl.findings import Findings
from anim_dsl.parse import parse
from anim_dsl.schedule import examine
from anim_dsl.source import Source, Span


def read(text: str) -> tuple[syntax.Document, list[str], list[str]]:
    document, diagnostics = parse(Source("film.anim", text))
    return document, [d.code for d in diagnostics], [d.hint for d in diagnostics]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("camera 4d { zoom = 1 }", "E1012", "write `camera 2d { … }`"),
        ("camera 2d zoom = 1 }", "E1036", "write `camera 2d { zoom = … }`"),
        ("coherence blend = 0.5", "E1036", "write `coherence { blend = … }`"),
        (
            "camera 2d\n  zoom = 1.1\n  angle = 3deg\n  angel = 4\nfps = 24",
            "E1036",
            "write `camera 2d {`, and `}`",
        ),
        ("camera main 3d\nroll = 3deg\nzoom = 2\n}\nseed = 3", "E1036", "write `camera main 3d {`"),
        ("diffuse\n  steps = 20\n", "E1036", "write `diffuse {`, and `}`"),
        ('prompt\n  0s: "a"\n  2s: "b"\n', "E1036", "write `prompt {`"),
        ('prompt { "a cat" }', "E1041", 'write `0s: "a cat"`'),
        ('prompt { "a", "b" }', "E1041", 'write `0s: "a"`'),
        ('prompt "a cat"', "E1042", 'write `prompt = "a cat"`'),
        ("/* a note */", "E1015", "write `#`"),
        ("diffuse { s'teps = 5; strength = 50% }\r\nsize = 768x512\n", "E1049", "write `"),
        ("prompt { it's raining }\n", "E1049", "write `"),
        ("zöom = 1", "E1010", "write `zoom`"),
        ("camera 2d { zoom = 0s: 1; 1s: 2 }", "E1044", "write `,` instead of the `;`"),
        ('prompt { 1,5s: "b" }', "E1014", "write `1.5s`"),
        ("camera 2d { zoom = 0s: 1, 1,5s: 2 }", "E1014", "write `1.5s`"),
        ('prompts = { "0": "a", "30": "b" }', "E1054", "write `prompt { … }`"),
        ("camera 3d { pan = { 0: 1, 10: 3 } }", "E1054", "write `pan { … }`"),
        ('length = 2s\n{\n  "0": "a"\n}', "E1035", "write `prompt {`"),
        ('"max_frames": 120,', "E1042", "`max_frames` is Deforum's"),
        ('"my_thing": 120,', "E1042", "write `my_thing = …`"),
        ("prompt { 0: a cat --neg blurry }", "E1049", 'write `"a cat"`, and `negative = "blurry"`'),
        ('prompt = "a --neg blurry, bad"', "E1026", 'write `negative = "blurry, bad"`'),
        ('prompt = "a ${bass} b"', "E1028", "write `{…}`"),
        ('prompt = "a [cat:dog:0.5]"', "E1028", 'write a key for each text, `0s: "cat"`'),
        ('prompt = "__colour__ cat"', "E1028", "write `let colour = cycle("),
        ('prompt = "a AND b"', "E1028", "write a weighted sum"),
        ('image p = "stills\\photo.png"', "E1018", 'write `"stills/photo.png"`'),
    ],
)
def test_a_slip_costs_one_message(text: str, code: str, hint: str) -> None:
    _, codes, hints = read(text)
    assert codes == [code]
    assert hint in hints[0]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("camera 2d  # flat\n  zoom = 1\nfps = 3\n", "camera 2d {  # flat\n  zoom = 1\n}\nfps = 3\n"),
        ("camera 2d\nzoom = 1\n}\n", "camera 2d {\nzoom = 1\n}\n"),
        (
            "scene a 2s {\r\n  diffuse\r\n    eta = 1\r\n}",
            "scene a 2s {\r\n  diffuse {\r\n    eta = 1\r\n  }\r\n}",
        ),
        ('prompt { "a" }', 'prompt { 0s: "a" }'),
    ],
)
def test_the_edit_of_a_slip_mends_it(text: str, mended: str) -> None:
    found = parse(Source("film.anim", text))[1]
    assert apply_edits(text, [each.edit for each in found if each.edit]) == mended
    assert parse(Source("film.anim", mended))[1] == ()


@pytest.mark.parametrize(
    "text",
    [
        'prompt = "[fog], (rain:1.2), at 5:30, C:D"',
        'prompt = "salt AND_pepper, band AND, __"',
        "camera 2d { zoom = 0: 1,5: 2 }",
        "camera 2d { zoom = 4 /\n  2 }",
        'prompt { "max_f - 1": "a" }',
        "camera 2d { zoom { 0: 1 \n 10: 2 } }",
    ],
)
def test_what_only_looks_like_a_slip_is_read(text: str) -> None:
    assert read(text)[1] == []


def test_a_block_without_its_brace_holds_its_setting() -> None:
    document, _, _ = read("camera 2d zoom = 1 }\nlength = 2s")
    camera, length = document.statements
    assert isinstance(camera, syntax.Word)
    assert camera.block is not None
    assert [type(statement) for statement in camera.block.statements] == [syntax.Setting]
    assert isinstance(length, syntax.Setting)


def test_pasted_prompts_are_the_prompts() -> None:
    for text in ('prompts = {"0": "a", "30": "b"}', '\nfps = 12\n{"0": "a",\n"30": "b",}'):
        word = read(text)[0].statements[-1]
        assert isinstance(word, syntax.Word)
        assert word.word.text == "prompt"
        assert word.block is not None
        (line,) = word.block.statements
        assert isinstance(line, syntax.KeyLine)
        assert len(line.keys.keys) == 2


def test_a_comment_over_lines_hides_what_is_in_it() -> None:
    document, codes, _ = read("fps = 12\n/* length = 2s\nseed = 1 */\nseed = 2")
    assert codes == ["E1015"]
    assert len(document.statements) == 2


def test_a_finding_is_taken_back_once() -> None:
    findings = Findings(Source("film.anim", "}}}"))
    for at in range(3):
        findings.error("E1031", Span(at, at + 1), "this `}` closes no block")
    assert findings.retract("E1031", 1)
    assert [d.span.start for d in findings.all()] == [0, 2]
    assert not findings.retract("E1032", 0)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0:(1), 30:(1.2+0.1*sin(t/5))", []),
        ("10:(1)", ["E1066"]),
        ("0:(1), 5:(x)", ["E1064"]),
        ("0: 0: (t)", ["W1060"]),
        ("0:(1), 60:(t)", ["W1061"]),
        ("0:(where(t<5,1,2))", ["E1068"]),
    ],
)
def test_schedules_are_examined_at_their_keys(text: str, codes: list[str]) -> None:
    assert [d.code for d in examine(text, frames=48)] == codes


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("expect luma > 0.1, flicker < 2%", "expect luma > 0.1 and flicker < 2%"),
        ("expect luma between 10%-90%", "expect luma between 10% and 90%"),
        ("expect luma between (10% and 90%) if beat", "expect luma between 10% and 90% if beat"),
        ("expect luma is < 50%", "expect luma < 50%"),
        ("expect luma above 50%", "expect luma > 50%"),
        ("expects luma > 10%", "expect luma > 10%"),
        ("except luma between 10% and 90%", "expect luma between 10% and 90%"),
    ],
)
def test_an_expectation_is_mended(text: str, meant: str) -> None:
    _, found = parse(Source("film.anim", text))
    edits = [d.edit for d in found if d.edit is not None]
    assert len(found) == len(edits) == 1
    assert apply_edits(text, edits) == meant
    assert read(meant)[1] == []


@pytest.mark.parametrize("text", ["let except = 1 > 0", "let luma = a > b", "expect = 3", "expect += 3"])
def test_a_name_is_no_expectation(text: str) -> None:
    assert "E2004" not in read(text)[1]
    assert not any("between" in hint or "`expect`?" in hint for hint in read(text)[2])
