"""Advice that text alone cannot show: tables against each other, edits applied, certain ranges."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from anim_compiler.advice.advise import ADVICE
from anim_compiler.advice.hints import like, one_of, within
from anim_compiler.advice.ranges import spread
from anim_compiler.check import check
from anim_compiler.models.facts import ModelFacts
from anim_compiler.typed import Apply, Const, Feature, Typed
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.foreign import foreign
from anim_dsl.parse import parse
from anim_dsl.settings import ALIASES, SETTINGS
from anim_dsl.source import Source, Span
from anim_dsl.words import WORDS

_AT = Span(0, 1)
_BASS = Feature("song", "bass", (), _AT)


def found(text: str, folder: Path) -> list[Diagnostic]:
    path = folder / "film.anim"
    path.write_text(text, encoding="utf-8")
    document, diagnostics = parse(Source("film.anim", text))
    return [*diagnostics, *check(document, World.open(path, cache=folder / "cache"))[1]]


def mended(text: str, code: str, folder: Path) -> str:
    edit = next(d.edit for d in found(text, folder) if d.code == code)
    assert edit is not None
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def test_every_check_is_listed_once() -> None:
    assert len(set(ADVICE)) == len(ADVICE)
    assert all(advice.__doc__ for advice in ADVICE)


def test_codecs_are_those_that_the_encoder_writes() -> None:
    from anim_compiler.file_kinds import CODEC_FACTS, ENDINGS
    from anim_runtime.encode.formats import CODECS

    assert set(CODECS) == set(CODEC_FACTS) == set(SETTINGS["output", "codec"].choices)
    assert {codec for codecs in ENDINGS.values() for codec in codecs} == set(CODECS)


@pytest.mark.parametrize(
    ("wrong", "code", "right"),
    [
        ("camera 2d { zoom = 0: 1, 5: 1.5, 10: 1 }", "W6040", "camera 2d { zoom = 0s: 1, 5s: 1.5, 10s: 1 }"),
        ("camera 2d { angle = 0s: 3deg, 2s: 3deg }", "W6024", "camera 2d { angle = 3deg }"),
        (
            "camera 2d { zoom = clamp(1 + u, 2, 1) }",
            "E3051",
            "camera 2d { zoom = clamp(1 + u, 1, 2) }",
        ),
        (
            "camera 3d { translation_z = 0: (1.75), 60: (4) }",
            "W6041",
            "camera 3d { motion = per_frame; translation_z = 0: (1.75), 60: (4) }",
        ),
    ],
)
def test_edits_write_what_was_meant(wrong: str, code: str, right: str, tmp_path: Path) -> None:
    head = 'length = 10s; prompt { 0s: "a" }\n'
    text = mended(head + wrong, code, tmp_path)
    assert text == head + right
    assert code not in [d.code for d in found(text, tmp_path)]


def test_a_setting_of_the_film_is_told_once_for_all_scenes(tmp_path: Path) -> None:
    text = (
        'fps = 12; prompt = "a"\ncamera 2d { zoom = 1.02 }\n'
        "scene one 1s { }\nscene two 1s { diffuse { steps = 9 } }\n"
    )
    assert [d.code for d in found(text, tmp_path)] == ["W6037"]


def test_a_setting_that_one_scene_needs_is_not_idle(tmp_path: Path) -> None:
    text = (
        'fps = 12; prompt = "a"\ncamera 2d { center_x = 20%; translation_x = 2px per s }\n'
        "scene one 1s { }\nscene two 1s { camera.zoom = 1.1 per s }\n"
    )
    assert [d.code for d in found(text, tmp_path)] == []


def test_a_film_with_errors_gets_no_advice(tmp_path: Path) -> None:
    text = 'length = 1s; prompt = "a"\ncamera 2d { zoom = 1.02 }\ndiffuse { steps = 20.5 }\n'
    assert [d.code for d in found(text, tmp_path)] == ["E3013"]


def _call(function: str, *arguments: Typed | float) -> Typed:
    nodes = tuple(a if not isinstance(a, float) else Const(a, _AT) for a in arguments)
    return Apply(function, nodes, _AT)


@pytest.mark.parametrize(
    ("expr", "range_"),
    [
        (_BASS, (0.0, 1.0)),
        (_call("sub", _call("mul", _BASS, 2.0), 1.0), (-1.0, 1.0)),
        (_call("sub", 1.0, _BASS), (0.0, 1.0)),
        (_call("abs", _call("sub", _BASS, 0.25)), (0.0, 0.75)),
        (_call("max", _BASS, 0.1), (0.1, 1.0)),
        (_call("div", _BASS, 4.0), (0.0, 0.25)),
        (_call("div", 1.0, _BASS), None),
        (_call("smooth", _BASS, 0.1), None),
        (_call("add", _BASS, _BASS), None),
    ],
)
def test_ranges_are_certain_or_none(expr: Typed, range_: tuple[float, float] | None) -> None:
    assert spread(expr) == range_


@pytest.mark.parametrize(
    ("divisor", "told"),
    [
        ("t", True),
        ("(t - 23)", True),
        ("(t - 24)", False),
        ("(t - 11.5)", False),
        ("(time - 0.5)", True),
        ("(1 + sin(t))", False),
        ("(1 if t > 3 else 2)", False),
    ],
)
def test_clocks_are_tried_at_every_frame(divisor: str, told: bool, tmp_path: Path) -> None:
    text = f'length = 1s; prompt = "a"\ncamera 2d {{ zoom = 1.5 + 0.1 / {divisor} }}\n'
    assert ("W6051" in [d.code for d in found(text, tmp_path)]) is told


def test_hints_of_foreign_names_name_settings_that_there_are() -> None:
    from importlib import resources

    text = resources.files("anim_grammar").joinpath("foreign.toml").read_text(encoding="utf-8")
    known = {*SETTINGS, *ALIASES}
    places = re.findall(r"`(\w+) = [^`]*` in `(\w[\w ]*) \{", text)
    assert len(places) > 40
    for name, block in places:
        assert (block, name) in known, (block, name)
    for name in re.findall(r"`(\w+) = [^`]*` at the top", text):
        assert ("film", name) in known, name


def test_foreign_names_say_whose_they_are() -> None:
    assert foreign("max_frames").startswith("`max_frames` is Deforum's: write `length = 120f`")
    assert foreign("zoom").startswith("write it in `camera 2d { }`")
    assert foreign("cn_3_weight") == foreign("cn_1_weight").replace("cn_1", "cn_3")
    assert foreign("xyzzy") == ""


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("DPM2M Karras", "did you mean `DPM++ 2M Karras`?"),
        ("eulera", "did you mean `Euler a`?"),
    ],
)
def test_samplers_are_found_by_their_letters(written: str, hint: str) -> None:
    assert one_of(SETTINGS["diffuse", "sampler"], written)[0] == hint


def test_many_choices_are_not_listed() -> None:
    hint, near = one_of(SETTINGS["diffuse", "sampler"], "something else entirely")
    assert near is None
    assert hint.count("`") == 8
    assert hint.endswith("`anim explain sampler` lists all")
    assert one_of(SETTINGS["coherence", "color"], "purple")[0].startswith("it is one of `none`, `lab`")


def test_ranges_are_explained() -> None:
    assert within("zoom", 120, 0.01, 100) == "`zoom` is a factor: for 120% write `1.2`"
    assert within("blend", 50, 0, 1) == "for 50% write `50%` or `0.5`"
    assert within("grain", -1, 0, None) == ""
    assert like(SETTINGS["film", "fps"], "2hz") == "write it like `24`"


_REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real"


def _pasted_names() -> list[str]:
    names = ["cn_4_pixel_perfect", "hybrid_flow_method", "blendFactorMax", "wan_seed", "freeu_b1", "kohya_x"]
    for file in sorted(_REAL.glob("*")) if _REAL.is_dir() else ():
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            continue
        names += [name for name in read if name.isidentifier()]
    return sorted(set(names))


def test_no_name_of_another_program_is_taken_for_a_curve_of_ones_own(tmp_path: Path) -> None:
    names = [name for name in _pasted_names() if name not in WORDS and name not in ("name", "path")]
    lines = "\n".join(f"{name} = 1" for name in names)
    told = found(f'length = 1s; prompt = "a"\n{lines}\n', tmp_path)
    assert [d.message for d in told if "write `let`" in d.hint] == []
    assert len(told) > 5


@pytest.mark.parametrize(
    ("camera", "told"),
    [
        ("2d { zoom = 0: (1.02), 60: (1.04) }", True),
        ("2d { zoom = 0: (1.0 + 0.02 * sin(t / 5)) }", False),
        ("2d { zoom = 0s: (1.02), 2s: (1.04) }", False),
        ("2d { zoom = 0: 1.02, 60: 1.04 }", False),
        ("2d { zoom = 0: (1.5), 60: (1.04) }", False),
        ("3d { translation_z = 0: (40), 60: (4) }", False),
        ("3d { translation_z = 0: (0), 60: (4) }", False),
        ("3d { translation_z = 0: (0), 60: (4) }\ndiffuse { strength_schedule = 0: (0.6) }", True),
    ],
)
def test_only_what_cannot_be_a_place_is_taken_for_a_move(camera: str, told: bool, tmp_path: Path) -> None:
    text = f'length = 10s; prompt {{ 0s: "a" }}\ncamera {camera}\n'
    assert ("W6041" in [d.code for d in found(text, tmp_path)]) is told


@pytest.mark.parametrize(
    ("family", "words", "says"),
    [
        ("", 80, "text encoders read 75 at once"),
        ("sdxl", 80, "text encoders read 75 at once"),
        ("flux", 80, ""),
        ("flux", 520, "Flux.1 reads 512"),
        ("qwen-image", 520, ""),
        ("z-image", 520, "Z-Image reads 512"),
    ],
)
def test_prompts_are_as_long_as_the_family_reads(family: str, words: int, says: str, tmp_path: Path) -> None:
    text = f'length = 1s; model = "hf:some/model"\nprompt = "{"word " * words}"'
    document, _ = parse(Source("film.anim", text))
    facts = ModelFacts("hf:some/model", "checkpoint", family)
    world = World(tmp_path, tmp_path, models={"hf:some/model": facts}.get)
    told = [d.message for d in check(document, world)[1] if d.code == "W6030"]
    assert told == ([f"this prompt has at least {words} tokens, and {says}"] if says else [])
