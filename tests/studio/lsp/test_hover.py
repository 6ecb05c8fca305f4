"""Hover: what is told of every kind of thing, with the numbers of the film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types
from tests.studio.lsp.marked import opened, split, typed_on

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features.hover import hover, hover_at
from anim_studio.lsp.telling.layout import plain

EXAMPLES = Path(__file__).parents[3] / "examples"

HEAD = """fps = 24
bpm = 120
length = 8s
import "std:shake" as hand
let drop = 2s  # where it drops
let twice = 2 * 3
template sway(amount = 1deg) { roll += amount * sine(2s) }
image photo = "media/coast.jpg"
"""


def told(text: str, *, evaluated: bool = False) -> str:
    whole, offset = split(HEAD + text)
    return hover_at(opened(whole, EXAMPLES / "film.anim", evaluated=evaluated), offset)[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # settings: type, unit, range, default, example
        ("camera 3d { fo▮v = 60deg }", ["**fov**", "1deg … 179deg", "default `70deg`", "camera 3d {"]),
        ("diffuse.strength▮ = 0.5", ["**strength**", "0 … 1", "a part of one"]),
        ("camera 2d { fov = 1; perspective_flip_phi▮ = 0:(0) }", ["**flip_phi**", "is `flip_phi`"]),
        # functions, features, easings, clocks, units
        ("let a = smo▮oth(u, 80ms)", ["smooth(x, width)", "- `width`: how far"]),
        ("let a = sine(2s, pha▮se = 0.25)", ["**phase** — of `sine(period, phase = 0)`", "0 if left out"]),
        ("let a = ba▮ss", ["**bass**", "gives 0 … 1"]),
        ("let a = 0s: 0 ease_▮in, 2s: 1", ["**ease_in**", "│"]),
        ("let a = max_▮f", ["**max_f**", "last frame"]),
        ("camera 2d { pan = 4deg per b▮ar }", ["**bar**", "bars of the song"]),
        ("exp▮ect luma > 1%", ["**expect**", "statement"]),
        ("expect lum▮a > 1%", ["0 is black, 1 is white"]),
        ("pipeline { carry = dif▮fuse(previous) }", ["diffuse("]),
        # values
        ("camera 2d { border = wr▮ap }", ["**wrap** — the other side of the picture"]),
        ('diffuse { sampler = "dpmpp_2m▮ karras" }', ["**DPM++ 2M Karras** — sampler"]),
        ('layer t { text = "x"; color = "go▮ld" }', ["red 255, green 215, blue 0"]),
        # the film's own
        ("let a = dr▮op", ["let drop = 2s", "where it drops", "2 s = 48 frames = 4 beats"]),
        ("camera 2d { use sw▮ay() }", ["template sway(amount = 1deg)"]),
        ("camera 2d { use hand.sha▮ke() }", ["template shake(amount = 1deg, speed = 2hz", "`std:shake`"]),
        ("camera 2d { use hand.shake(spe▮ed = 1hz) }", ["**speed** — of", "hand.shake"]),
        ("camera 2d { use ha▮nd.shake() }", ["imported from", "`jolt(trigger, amount"]),
        ("init = pho▮to", ["**photo**", "512x512"]),
        (
            "pipeline { moved = warp(previous, camera); carry = diffuse(mov▮ed) }",
            ["**moved** — a step of the pipeline", "`warp(previous, camera)`"],
        ),
        # texts
        ('image b = "media/co▮ast.jpg"', ["**media/coast.jpg**", "512x512"]),
        ('image b = "media/no▮.jpg"', ["there is no file"]),
        ('import "std:or▮bit"', ["**std:orbit**", "around(turn"]),
        ('lora l = "media/blue▮print.safetensors"', ["lora", "the built-in model", "licence"]),
        # times
        ("camera 2d { zoom = 0s: 1, 4b▮eats: 2 }", ["2 s · frame 48 · beat 4"]),
        ("let a = smooth(u, 250▮ms)", ["0.25 s = 6 frames = 0.5 beats"]),
        ("camera 2d { angle = 90▮deg }", ["0.25 turns"]),
        ('prompt { 2s: "a ca▮t" }', ["from 2 s · frame 48 · beat 4 on"]),
        # codes
        ("# as W60▮09 says", ["**W6009**", "Wrong:", "Right:"]),
    ],
)
def test_told(text: str, words: list[str]) -> None:
    shown = told(text)
    assert not [word for word in words if word not in shown], shown


def test_a_key_has_the_value_of_its_curve_there() -> None:
    text = 'camera 2d { zoom = 0s: 1, 4s: 1.▮5, 8s: 1 }\nprompt = "a"'
    shown = told(text, evaluated=True)
    assert "**1.5** at frame 96 (4 s)" in shown
    assert "**1** … **1.5** on frames 0–191" in shown
    assert "█" in shown


def test_a_setting_is_told_by_its_scene() -> None:
    text = """scene a 2s { camera 2d { zoom▮ = 0s: 1, 2s: 2 } }
scene b 2s { camera 2d { zoom = 5 } }
"""
    whole, offset = split("fps = 10\n" + text)
    shown = hover_at(opened(whole, evaluated=True), offset)[0]
    assert "on frames 0–19" in shown
    assert "**5**" not in shown


def test_a_scene_is_told_with_its_place() -> None:
    text = """fps = 24\nbpm = 120\nscene dawn 3s { prompt = "a" }
scene du▮sk 4beats { transition = crossfade(1s); prompt = "b" }
"""
    whole, offset = split(text)
    shown = hover_at(opened(whole), offset)[0]
    assert "**dusk** — scene" in shown
    assert "2 s = 48 frames = 4 beats" in shown
    assert "frames 72–119, from 3 s of the film" in shown
    assert "crossfade of 1 s" in shown


def test_a_let_is_told_by_its_value() -> None:
    assert "**6** on every frame" in told("camera 2d { zoom = twi▮ce }", evaluated=True)


def test_while_a_film_has_mistakes_its_last_numbers_are_told_as_such() -> None:
    good = "length = 4s\nfps = 12\ncamera 2d { zoom = 0s: 1, 4s: 2 }\n"
    whole, offset = split(good.replace("zoom", "zo▮om") + "let a = (")
    shown = hover_at(typed_on(good, whole), offset)[0]
    assert "**1** … **1.9792**" in shown
    assert "of the last text that could be evaluated" in shown


def test_what_was_not_heard_says_so() -> None:
    whole, offset = split('audio song = "media/pulse.ogg"\nlet a = 2 * ba▮ss\n')
    made = opened(whole, EXAMPLES / "film.anim")
    made = replace(made, unheard=("song",))
    assert "`song` was not heard yet: `anim audio " in hover_at(made, offset)[0]


def test_mistakes_are_explained() -> None:
    assert "there is no setting of this name here" in told("camera 2d { zom▮ = 2 }")


def test_foreign_text_is_shown_as_text() -> None:
    shown = told("let evil = 1 # <img src=x> ![a](http://b) \u202e\nlet b = ev▮il")
    assert "\u202e" not in shown
    assert "\\<img" in shown
    assert "!\\[a" in shown or "\\!\\[a" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("there is no file `my_song.ogg` *here*", "there is no file `my_song.ogg` \\*here\\*"),
        ("`` a ` [b](c) `` [d](e)", "`` a ` [b](c) `` \\[d\\](e)"),
        ("a ` [b](c)", "a \\` \\[b\\](c)"),
        ("x" * 3000, "x" * 2000 + "…"),
    ],
)
def test_only_code_keeps_its_signs(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_block_of_code_ends_where_it_is_to() -> None:
    shown = told('let evil = """\n```\n[a](command:b) \u202e\n"""\nlet b = ev▮il')
    assert shown.startswith("````anim\n")
    assert "\u202e" not in shown
    assert shown.count("````") == 2


def test_a_path_that_leads_out_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x" * 1000)
    (tmp_path / "film").mkdir()
    whole, offset = split('markers m = "../secr▮et.txt"\n')
    shown = hover_at(opened(whole, tmp_path / "film" / "film.anim"), offset)[0]
    assert "outside the film's folder" in shown
    assert "kB" not in shown
    assert "1000" not in shown


def test_the_answer_covers_the_word() -> None:
    whole, offset = split("🎬 = 1\ndiffuse { ste▮ps = 3 }")
    made: Analysed = opened(whole)
    line, start = whole.count("\n", 0, offset), whole.rfind("\n", 0, offset) + 1
    document = types.TextDocumentIdentifier(made.uri)
    answer = hover(made, types.HoverParams(document, types.Position(line, offset - start)))
    assert answer is not None
    assert answer.range is not None
    assert (answer.range.start.character, answer.range.end.character) == (10, 15)


def test_no_place_of_the_examples_fails() -> None:
    for path in sorted(EXAMPLES.glob("*.anim"))[:4]:
        made = opened(path.read_text(encoding="utf-8"), path)
        for offset in range(0, len(made.text) + 1, 7):
            hover_at(made, offset)


def test_a_client_without_markdown_gets_plain_text() -> None:
    told = types.HoverClientCapabilities(content_format=[types.MarkupKind.PlainText])
    client = types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities(hover=told))
    made = opened("diffuse { steps = 3 }", desk=Desk(client=client))
    params = types.HoverParams(types.TextDocumentIdentifier(made.uri), types.Position(0, 12))
    answer = hover(made, params)
    assert answer is not None
    assert isinstance(answer.contents, types.MarkupContent)
    assert answer.contents.kind is types.MarkupKind.PlainText
    assert "**" not in answer.contents.value
    assert "```" not in answer.contents.value
    assert answer.contents.value.startswith("steps — setting of")
