"""Completion: what is offered at each place, what stands first, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types
from tests.studio.lsp.marked import opened, split, typed_on

from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.lock import LockedModel, ModelLock
from anim_dsl.incremental import Parsed
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.lsp.completing.candidate import Candidate
from anim_studio.lsp.completing.complete import candidates
from anim_studio.lsp.completing.plain import without_places
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features.completion import completion, resolve

EXAMPLES = Path(__file__).parents[3] / "examples"

HEAD = """length = 8s
audio song = "media/pulse.ogg"
import "std:shake" as hand
image photo = "media/coast.jpg"
let thump = smooth(bass, 80ms)
let drop = 4s
def pump(x, amount = 0.1) = 1 + amount * x
template sway(speed, amount = 1deg) { roll += amount * sine(speed) }
"""


def offered(text: str, path: Path | None = None) -> list[Candidate]:
    whole, offset = split(HEAD + text)
    return list(candidates(opened(whole, path or EXAMPLES / "film.anim"), offset)[1])


def labels(text: str, path: Path | None = None) -> list[str]:
    return [one.label for one in offered(text, path)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # statements and settings by block
        ("▮", ["fps", "camera 3d", "camera 2d", "scene", "prompt", "diffuse", "let", "template"]),
        ("camera 3d {\n  ▮\n}", ["zoom", "dolly", "pan", "depth", "use"]),
        ("camera 2d { zo▮ }", ["zoom"]),
        ("diffuse.▮", ["strength", "steps", "sampler"]),
        ("camera.▮", ["zoom", "dolly"]),
        ("scene a 4s {\n  ▮\n}", ["prompt", "camera 3d", "transition", "layer"]),
        ("prompt {\n  ▮\n}", ["negative", "morph", "0s: …"]),
        ("pipeline {\n ▮\n}", ["carry", "frame"]),
        ("camera ▮", ["3d", "2d"]),
        ("control ▮", ["depth", "canny"]),
        ("camera 3d { use ▮ }", ["sway", "hand"]),
        ("camera 3d { use hand.▮ }", ["shake", "handheld", "drift", "jolt"]),
        ("expect ▮", ["luma", "flicker"]),
        # values
        ("camera 2d { border = ▮ }", ["reflect", "wrap"]),
        ("coherence { flow = ▮ }", ["on", "off"]),
        ("init = ▮", ["photo"]),
        ("clock = ▮", ["song"]),
        ("camera 2d { zoom = 1 + ▮ }", ["thump", "bass", "smooth", "pump", "u", "sine"]),
        ("camera 2d { zoom = song.▮ }", ["bass", "kick", "band"]),
        ("let a = film.▮", ["time", "u"]),
        ("let a = hand.▮", ["shake"]),
        ("scene b 2s { }\nlet a = b.▮", ["start", "end"]),
        ("camera 2d { zoom = smooth(bass, ▮) }", ["width =", "thump"]),
        ("camera 2d { use sway(▮) }", ["speed =", "amount ="]),
        ("camera 2d { zoom = pump(▮) }", ["x =", "amount ="]),
        ("scene b 2s { transition = ▮ }", ["cut", "crossfade", "dip"]),
        ("pipeline { carry = ▮ }", ["warp", "previous", "diffuse"]),
        ("size = ▮", ["768x512", "1024x1024"]),
        ("fps = ▮", ["24", "30"]),
        ("camera 3d { depth = ▮ }", ["estimated", "flat", "photo"]),
        ("audio b = ▮", ['"…"']),
        ("mask m = ▮", ["circle", "gradient", "photo"]),
        ("output ▮", ['"…"']),
        ("pipeline { moved = warp(previous, camera); carry = diffuse(▮) }", ["moved", "previous"]),
        # keys
        ("camera 2d { zoom = 0s: 1, ▮ }", ["drop", "duration", "max_f"]),
        ("camera 2d { zoom = 0s: 1 ▮ }", ["ease_in_out", "hold", "with", "bezier"]),
        ("camera 2d { zoom = 0s: 1, 4s: 2 with ▮ }", ["ease", "smooth"]),
        ("camera 2d { angle = 4deg per ▮ }", ["s", "beat", "bar"]),
        # texts
        ('diffuse { sampler = "▮" }', ["Euler a", "DPM++ 2M Karras"]),
        ('layer t { color = "▮" }', ["gold", "rebeccapurple"]),
        ('import "▮"', ["std:orbit", "std:shake"]),
        ('audio b = "▮"', ["media/anthem.ogg", "media/"]),
        ('image b = "media/▮', ["media/coast.jpg"]),
        ('lora l = "▮"', ["media/blueprint.safetensors"]),
        ('output "▮"', ["film.mp4"]),
        ('prompt = "a {▮}"', ["thump", "smooth"]),
        ('prompt = "a ▮"', ["{thump}"]),
    ],
)
def test_offered(text: str, wanted: list[str]) -> None:
    found = labels(text)
    assert not [label for label in wanted if label not in found], found


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("camera 2d {\n  ▮\n}", ["dolly", "steps", "scene", "audio"]),
        ("camera 2d { border = ▮ }", ["thump", "sin"]),
        ('audio b = "▮"', ["media/coast.jpg"]),
        ('import "▮"', ["zoom.anim", "std:2d"]),
        ("camera 2d { zoom = 0s: 1 ▮ }", ["smooth"]),
        ("let ▮", ["bass", "size"]),
        ("audio b = ▮", ["smooth", "bass"]),
        ("fps = ▮", ["bass", "smooth"]),
        ("diffuse { steps ▮ }", ["per", "if"]),
        ("camera 2d { zoom = 0s: 1, ▮ }", ["thump"]),
        ("camera 3d ▮", ["3s"]),
        ("diffuse { steps = 20▮ }", ["20s"]),
        ("scene night ▮", ["night"]),
        ("camera 2d { zoom = 1 } ▮", ["3d"]),
        ("# ▮", ["size"]),
    ],
)
def test_not_offered(text: str, unwanted: list[str]) -> None:
    found = labels(text)
    assert not [label for label in unwanted if label in found]


def test_a_template_of_the_library_brings_its_import() -> None:
    whole = 'import "std:shake" as hand\ncamera 3d { use ▮ }\n'
    item = next(i for i in _asked(whole).items if i.label == "orbit.around")
    (edit,) = item.additional_text_edits or ()
    assert (edit.range.start.line, edit.new_text) == (0, '\nimport "std:orbit" as orbit')
    assert not [i.label for i in _asked(whole).items if i.label.startswith("shake.")]
    assert "orbit.around" not in [i.label for i in _asked(whole.replace("3d", "2d")).items]


def test_what_is_written_already_stands_last() -> None:
    found = labels("camera 3d {\n  zoom = 1\n  ▮\n}")
    assert found.index("zoom") > found.index("flip_fov")


def test_a_setting_comes_with_a_value_that_fits() -> None:
    found = {one.label: one.snippet for one in offered("camera 2d {\n  ▮\n}")}
    assert found["zoom"] == "zoom = ${1:1}"
    assert found["angle"] == "angle = ${1:0deg}"
    assert found["border"] == "border = ${1|reflect,wrap,replicate,black|}"


def test_where_the_sign_stands_already_only_the_name_is_written() -> None:
    assert {one.label: one.snippet for one in offered("camera 2d { zo▮ = 1 }")}["zoom"] == ""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("camera 2d { angle = 4▮ }", ["4deg", "4rad"]),
        ("camera 2d { angle = 0s: 1deg, 4▮ }", ["4s", "4ms"]),
        ("let a = smooth(bass, 80▮)", ["80ms", "80s"]),
        ("length = 1▮", ["1s"]),
        ("scene a 4▮", ["4s"]),
        ("fps = 24▮", ["24fps"]),
    ],
)
def test_units_that_fit_stand_first(text: str, first: list[str]) -> None:
    assert labels(text)[: len(first)] == first


def test_every_snippet_of_a_statement_is_a_film_s() -> None:
    """What a word or a setting writes can be read, whatever else it needs."""
    for block in ("", "camera 3d", "camera 2d", "diffuse", "coherence", "grade", "layer x", "prompt"):
        begin, end = (f"{block} {{\n", "\n}") if block else ("", "")
        for one in offered(f"{begin}▮{end}"):
            if one.label in ("use", "expect"):  # they begin, and the next word is asked for
                continue
            text = without_places(one.snippet or one.label)
            found = parse(Source("film.anim", f"{begin}{text}{end}"))[1]
            assert not [d for d in found if "expected" in d.message and not text.endswith("= ")], (
                text,
                found,
            )


def test_a_broken_film_offers_the_names_of_before() -> None:
    before = HEAD + 'markers cuts = "media/x.txt"\n'
    whole, offset = split(before + "camera 2d { zoom = (1 + thu▮ \nlet broken = [")
    made = typed_on(HEAD, whole, EXAMPLES / "film.anim", evaluated=False)
    found = candidates(made, offset)[1]
    assert "thump" in [one.label for one in found]


# --- models ------------------------------------------------------------------------------------


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A folder whose lock holds a model, LoRAs of two families, and an embedding."""
    facts = (
        ModelFacts("civitai:1", "checkpoint", "sd1", "0" * 64, 4, "Plain"),
        ModelFacts("hf:a/neon", "lora", "sd1", "1" * 64, 4, "Neon", ("neonstyle", "glow")),
        ModelFacts("hf:a/large", "lora", "sdxl", "2" * 64, 4, "Large"),
    )
    from anim_compiler.models.lock import lock_text

    lock = ModelLock({one.reference: LockedModel(one) for one in facts})
    (tmp_path / "anim.lock").write_text(lock_text(lock), encoding="utf-8")
    return tmp_path / "film.anim"


def _offered(text: str, path: Path) -> list[Candidate]:
    whole, offset = split('length = 4s\nmodel = "civitai:1"\n' + text)
    before = whole[: whole.rfind("\n", 0, offset) + 1] or whole
    return list(candidates(typed_on(before, whole, path, evaluated=False), offset)[1])


def test_models_of_the_lock_are_offered_by_kind_and_family(locked: Path) -> None:
    found = _offered('lora x = "▮"', locked)
    assert [one.label for one in found if one.kind == "model"] == ["hf:a/neon", "hf:a/large"]
    assert "not for the film's model" in found[-1].detail
    assert "neonstyle" in found[0].says


def test_the_usual_control_net_of_a_kind_is_offered(locked: Path) -> None:
    found = _offered('control depth { model = "▮" }', locked)
    assert [one.label for one in found if one.kind == "model"] == ["hf:lllyasviel/control_v11f1p_sd15_depth"]


def test_trigger_words_are_offered_in_prompts(locked: Path) -> None:
    found = _offered('lora neon = "hf:a/neon"\nprompt = "city, ▮"', locked)
    assert [one.label for one in found if one.kind == "text"] == ["neonstyle", "glow"]


# --- over the protocol's types -----------------------------------------------------------------


def _asked(text: str, sign: str | None = None, *, snippets: bool = True) -> types.CompletionList:
    whole, offset = split(text)
    item = types.ClientCompletionItemOptions(snippet_support=snippets)
    capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            completion=types.CompletionClientCapabilities(completion_item=item)
        )
    )
    made = opened(whole, EXAMPLES / "film.anim", desk=Desk(client=capabilities))
    kind = types.CompletionTriggerKind.TriggerCharacter if sign else types.CompletionTriggerKind.Invoked
    params = types.CompletionParams(
        types.TextDocumentIdentifier(made.uri),
        made.positions.position(offset),
        context=types.CompletionContext(kind, sign),
    )
    return completion(made, params)


def test_a_word_takes_the_place_of_the_word_at_the_cursor() -> None:
    item = next(i for i in _asked("diffuse { ste▮px = 3 }").items if i.label == "steps")
    assert isinstance(item.text_edit, types.TextEdit)
    edit = item.text_edit
    assert (edit.range.start.character, edit.range.end.character, edit.new_text) == (10, 15, "steps")


def test_a_client_without_snippets_gets_plain_text() -> None:
    item = next(i for i in _asked("diffuse {\n▮\n}", snippets=False).items if i.label == "steps")
    assert item.text_edit is not None
    assert item.text_edit.new_text == "steps = 20"
    assert item.insert_text_format is types.InsertTextFormat.PlainText


@pytest.mark.parametrize(
    ("text", "sign", "asks"),
    [
        ("camera 2d { border = ▮ }", " ", True),
        ("camera 2d { ▮ }", " ", False),
        ("let a = 1 / ▮", "/", False),
        ('image a = "media/▮"', "/", True),
        ('title = "x"▮', '"', False),
        ("let a = 1.▮", ".", False),
    ],
)
def test_a_sign_asks_only_where_something_is_wanted(text: str, sign: str, asks: bool) -> None:
    assert bool(_asked(text, sign).items) is asks


def test_the_likely_sorts_first() -> None:
    items = _asked("camera 2d {\n▮\n}").items
    assert [item.sort_text for item in items] == sorted(str(item.sort_text) for item in items)


def test_pages_are_made_when_they_are_looked_at() -> None:
    item = next(i for i in _asked("diffuse {\n▮\n}").items if i.label == "steps")
    assert item.documentation is None
    # it comes back as JSON
    item.data = json.loads(json.dumps(item.data))
    shown = resolve(Desk(), item).documentation
    assert isinstance(shown, types.MarkupContent)
    assert "**steps** — setting of `diffuse`" in shown.value


@pytest.mark.parametrize("data", [None, 3, ["setting"], ["setting", "no", "such"], ["os", "x"], {"a": 1}])
def test_what_an_editor_sends_back_is_not_believed(data: object) -> None:
    item = types.CompletionItem("x", data=data)
    assert resolve(Desk(), item).documentation is None


def test_every_place_of_a_film_is_answered() -> None:
    text = (EXAMPLES / "lyrics.anim").read_text(encoding="utf-8")
    made = opened(text, EXAMPLES / "lyrics.anim")
    for offset in range(0, len(text) + 1, 5):
        candidates(made, offset)
    assert Parsed.of(made.source).document == made.document


def test_a_value_is_not_made_of_itself() -> None:
    assert "slow" not in labels("let slow = ▮")
    assert "twice" not in labels("def twice(x) = ▮")
    assert "slow" in labels("let slow = 1\nlet fast = ▮")


def test_a_comment_is_shown_as_text() -> None:
    (one,) = (
        each for each in offered("let odd = 1 # <img src=x> [a](command:b)\nlet b = ▮") if each.label == "odd"
    )
    assert one.says == "\\<img src=x\\> \\[a\\](command:b)"
