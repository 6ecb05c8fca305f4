"""What stands at a place, in whole texts and in the middle of typing."""

from __future__ import annotations

import pytest
from tests.studio.lsp.marked import split

from anim_studio.lsp.at import At, at


def _at(text: str) -> At:
    return at(*split(text))


@pytest.mark.parametrize(
    ("text", "place", "block", "path"),
    [
        ("▮", "statement", "film", ()),
        ("zo▮", "statement", "film", ()),
        ("camera 3d {\n  ▮\n}", "statement", "camera 3d", ()),
        ("camera 3d { zoom = ▮ }", "value", "camera 3d", ("zoom",)),
        ("camera 3d { zoom = 1 + ▮", "value", "camera 3d", ("zoom",)),
        ("camera 3d { zoom = 0s: 1 ▮ }", "easing", "camera 3d", ("zoom",)),
        ("camera 3d { zoom = 0s: 1, ▮ }", "time", "camera 3d", ("zoom",)),
        ("camera 3d { zoom = 0s: 1, 4s: ▮ }", "value", "camera 3d", ("zoom",)),
        ("camera 3d { zoom = 0s: 1, 4s: 2 with ▮ }", "with", "camera 3d", ("zoom",)),
        ("camera 3d { pan = 5deg per ▮ }", "per", "camera 3d", ("pan",)),
        ("zoom = bass ▮", "operator", "film", ("zoom",)),
        ("camera 2d { zoom {\n 0s: 1\n ▮\n} }", "time", "camera 2d", ("zoom",)),
        ("camera 2d { zoom {\n 0s: 1 ▮\n} }", "easing", "camera 2d", ("zoom",)),
        ('prompt {\n 0s: "a"\n 4s: ▮\n}', "value", "prompt", ("prompt",)),
        ("diffuse.strength = ▮", "value", "film", ("diffuse", "strength")),
        ("scene a ▮", "head", "film", ()),
        ("camera ▮", "head", "film", ()),
        ("let ▮", "name", "film", ()),
        ("let a = ▮", "value", "film", ("let", "a")),
        ("# write W60▮09", "comment", "film", ()),
        ('prompt = "a ▮"', "text", "film", ("prompt",)),
        ('prompt = "a {▮}"', "value", "film", ("prompt",)),
        ('prompt = "a {b ▮', "operator", "film", ("prompt",)),
        ("expect ▮", "value", "film", ()),
        ("expect luma ▮", "operator", "film", ()),
    ],
)
def test_place(text: str, place: str, block: str, path: tuple[str, ...]) -> None:
    found = _at(text)
    assert (found.place, found.block.context, found.path) == (place, block, path)


@pytest.mark.parametrize(
    ("text", "function", "number", "name"),
    [
        ("let a = smooth(▮", "smooth", 0, ""),
        ("let a = smooth(bass, ▮)", "smooth", 1, ""),
        ("let a = smooth(bass, width = ▮)", "smooth", 1, "width"),
        ("let a = mix(1, smooth(bass, 80ms), ▮", "mix", 2, ""),
        ("let a = mix(1, (2 + ▮), 3)", "mix", 1, ""),
        ("camera 3d { use hand.shake(amount = 2deg, ▮) }", "hand.shake", 1, ""),
        ("let a = smooth(\n  bass,\n  ▮", "smooth", 1, ""),
        ('prompt = "a {smooth(bass, ▮"', "smooth", 1, ""),
    ],
)
def test_argument(text: str, function: str, number: int, name: str) -> None:
    call = _at(text).argument
    assert call is not None
    assert (call.function, call.number, call.name) == (function, number, name)


def test_names_that_are_given_are_told() -> None:
    call = _at("let a = envelope(bass, release = 40ms, ▮)").argument
    assert call is not None
    assert call.given == ("release",)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        # the line before lacks its value, its bracket or its brace
        ("zoom =\nangle = ▮", ("angle",)),
        ("let a = smooth(bass,\nangle = ▮", ("angle",)),
        ("let a = [1, 2\nangle = ▮", ("angle",)),
        ('prompt {\n  0s: "a"\ncamera 3d {\n  angle = ▮\n}', ("angle",)),
        ("camera 3d {\n  zoom = 0s: 1,\n  angle = ▮", ("angle",)),
        ('title = "never closed\nangle = ▮', ("angle",)),
    ],
)
def test_what_lacks_before_has_no_say(text: str, path: tuple[str, ...]) -> None:
    found = _at(text)
    assert (found.place, found.path) == ("value", path)


def test_a_missing_brace_ends_where_another_block_begins() -> None:
    assert _at("camera 3d {\n  zoom = 1\ndiffuse {\n  ▮\n}").block.context == "diffuse"


def test_a_word_is_known_whole_and_as_far_as_it_is_typed() -> None:
    found = _at("let a = song.ba▮ss + 1")
    assert (found.name, found.typed, found.owner, found.start) == ("song.bass", "ba", ("song",), 13)


def test_a_number_with_its_unit() -> None:
    found = _at("camera 2d { angle = 12▮0deg }")
    assert found.is_number
    assert found.word is not None
    assert found.word.text == "120deg"
    assert found.spec is not None
    assert found.spec.name == "angle"


def test_every_offset_of_a_broken_text_is_answered() -> None:
    text = 'camera 3d { zoom = 0s: (1, "a {b" ] }} let = ))\nscene 4s { """x\n{"'
    for offset in range(-1, len(text) + 2):
        assert at(text, offset).levels


def test_deep_brackets_are_walked_without_end() -> None:
    assert at("let a = " + "(" * 20_000, 20_008).path == ("let", "a")
