"""The `pipeline` block: what a good one comes to, and what is said of slips."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiler.film_texts import checked
from tests.compiler.statement_files import BASE, MEDIA, clean, mistakes, stage

from anim_compiler.constants import constant
from anim_compiler.film import Curve, OpCall, PictureExpr, PictureRef, Pipeline, StepRef
from anim_compiler.image_op import Arg, ImageOp
from anim_compiler.image_ops import ELSEWHERE, IMAGE_OPS, SOURCES
from anim_compiler.signatures import SIGNATURES
from anim_dsl.settings import SETTINGS

START = BASE + MEDIA + "init = photo\nsource = clip\ncamera 2d { zoom = 1.1 per s }\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def pipeline(steps: str, folder: Path, start: str = START) -> Pipeline:
    made = clean(f"{start}pipeline {{\n{steps}\n}}", folder).shots[0].pipeline
    assert made is not None
    return made


def wrong(steps: str, folder: Path) -> list[str]:
    return [d.code for d in mistakes(f"{START}pipeline {{\n{steps}\n}}", folder) if d.code != "W6001"]


def call(picture: PictureExpr) -> OpCall:
    assert isinstance(picture, OpCall)
    return picture


def number(value: object) -> float | None:
    assert isinstance(value, Curve)
    return constant(value.expr)


# --- the design's own ---

DESIGN = """
  moved  = warp(previous, camera, depth = estimate_depth(previous))
  toned  = match_color(moved, first, lab)
  noised = add_noise(toned, 0.02 + onset * 0.03)
  carry  = diffuse(noised)                              # what the next frame calls `previous`
  frame  = grade(carry, saturation = 1 + energy * 0.2)  # what is shown
"""


def test_the_pipeline_of_the_design(folder: Path) -> None:
    made = pipeline(DESIGN, folder, START + 'audio song = "song.ogg"\n')
    steps = dict(made.steps)
    assert list(steps) == ["moved", "toned", "noised", "carry", "frame"]
    assert (made.carry, made.frame) == ("carry", "frame")
    moved = call(steps["moved"])
    assert moved.op == "warp"
    assert dict(moved.args) == {"camera": ""}
    assert [type(i) for i in moved.inputs] == [PictureRef, OpCall]
    toned = call(steps["toned"])
    assert [getattr(i, "name", "") for i in toned.inputs] == ["moved", "first"]
    assert isinstance(toned.inputs[0], StepRef)
    assert dict(toned.args) == {"space": "lab"}
    amount = call(steps["noised"]).args["amount"]
    assert isinstance(amount, Curve)
    assert amount.live
    assert (amount.minimum, amount.maximum) == (0, 1)
    assert set(call(steps["diffuse" if "diffuse" in steps else "carry"]).args) == set()
    assert set(call(steps["frame"]).args) == {"saturation"}


def test_without_carry_the_frame_is_carried(folder: Path) -> None:
    made = pipeline("frame = diffuse(previous)", folder)
    assert (made.carry, made.frame) == ("frame", "frame")


def test_independent_frames_are_fine(folder: Path) -> None:
    assert call(dict(pipeline("frame = generate(steps = 30)", folder).steps)["frame"]).inputs == ()


def test_what_is_not_given_is_the_blocks_or_a_default(folder: Path) -> None:
    steps = dict(
        pipeline(
            "noised = add_noise(previous)\nboth = mix(noised, init)\nframe = composite(both, photo, screen)",
            folder,
        ).steps
    )
    assert dict(call(steps["noised"]).args) == {}
    assert number(call(steps["both"]).args["weight"]) == 0.5
    above = call(steps["frame"])
    assert above.args["mode"] == "screen"
    assert number(above.args["opacity"]) == 1


def test_lets_and_keys_are_arguments(folder: Path) -> None:
    start = START + "let half = 50%\n"
    made = pipeline("frame = mix(previous, first, weight = (0s: 0, 4s: half))", folder, start)
    weight = call(made.steps[0][1]).args["weight"]
    assert isinstance(weight, Curve)
    assert weight.live


def test_a_mask_stands_last_or_by_its_name(folder: Path) -> None:
    made = call(pipeline("frame = mix(previous, first, 30%, sky)", folder).steps[0][1])
    named = call(pipeline("frame = mix(previous, first, 30%, mask = sky)", folder).steps[0][1])
    assert [getattr(i, "name", "") for i in made.inputs] == ["previous", "first", "sky"]
    assert [getattr(i, "name", "") for i in named.inputs] == ["previous", "first", "sky"]


def test_a_camera_by_its_name(folder: Path) -> None:
    start = BASE + "camera near 2d { zoom = 2 per s }\ncamera far 2d { zoom = 1.5 per s }\ncamera = near\n"
    made = pipeline("frame = warp(previous, far)", folder, start)
    assert call(made.steps[0][1]).args["camera"] == "far"


def test_a_scene_has_its_own_pipeline_or_none(folder: Path) -> None:
    film = clean(
        "pipeline { frame = diffuse(previous) }\n"
        'scene one 2s { prompt { 0s: "a" } }\n'
        'scene two 2s { prompt { 0s: "b" }; pipeline { frame = generate() } }\n'
        'scene three 2s { prompt { 0s: "c" }; pipeline = none }\n',
        folder,
    )
    made = [s.pipeline and call(s.pipeline.steps[0][1]).op for s in film.shots]
    assert made == ["diffuse", "generate", None]


# --- slips ---


@pytest.mark.parametrize(
    ("steps", "codes"),
    [
        ("moved = warp(previous, camera)", ["E2082"]),
        ("frame = difuse(previous)", ["E2083"]),
        ("frame = overlay(previous, first)", ["E2083"]),
        ("frame = diffuse(prevous)", ["E2084"]),
        ("frame = diffuse", ["E2084"]),
        ("frame = warp(previous, closup)", ["E2084"]),
        ("frame = a\na = previous", ["E2085"]),
        ("frame = diffuse(frame)", ["E2085"]),
        ("frame += first", ["E2086"]),
        ("soft.a = first\nframe = first", ["E2086"]),
        ("a = first\na = init\nframe = a", ["E2007"]),
        ("photo = first\nframe = photo", ["E2007"]),
        ("previous = first\nframe = first", ["E2006"]),
        ("camera = first\nframe = first", ["E2006"]),
        ("time = first\nframe = first", ["E2006"]),
        ("frame = warp_flow(previous, estimate_flow(previous))", ["E2087"]),
        ("frame = mix(previous, first, init)", ["E3033"]),
        ("a = first\nframe = mix(previous, first, weight = a * 2)", ["E3033"]),
        ("frame = mix(previous, first, blur(first))", ["E3033"]),
        ("frame = mix(previous, 0.5)", ["E3034"]),
        ("frame = previous + first", ["E3034"]),
        ("frame = previous * 0.5", ["E3034"]),
        ("frame = previous if u > 0.5 else first", ["E3034"]),
        ("frame = noise(1hz)", ["E3034"]),
        ("frame = u", ["E3034"]),
        ("frame = estimate_flow(source)", ["E3035"]),
        ("frame = warp_flow(previous, first)", ["E3035"]),
        ("frame = blur(estimate_flow(source))", ["E3035"]),
        ('frame = "photo.png"', ["E2073"]),
        ("frame = grade(previous, hue = 20px)", ["E3001"]),
        ("frame = grade(previous, hu = 20deg)", ["E2010"]),
        ("frame = mix(previous)", ["E2010"]),
        ("frame = mix(previous, first, 130%)", ["E3003"]),
        ("frame = match_color(previous, first, lob)", ["E3005"]),
        ('frame = grade(previous, lut = "photo.png")', ["E2081"]),
        ('frame = grade(previous, lut = "lost.cube")', ["E4002"]),
        ('frame = diffuse(previous, prompt = "a {t}")', ["E3002"]),
        ('frame = diffuse(previous, sampler = (0s: "Euler", 2s: "DDIM"))', ["E3004"]),
    ],
)
def test_slips(steps: str, codes: list[str], folder: Path) -> None:
    assert wrong(steps, folder) == codes


def test_one_mistake_is_told_once(folder: Path) -> None:
    """What reads a step that is wrong is not wrong as well."""
    steps = "moved = wrap(previous, camera)\ntoned = match_color(moved, first)\nframe = diffuse(toned)"
    assert wrong(steps, folder) == ["E2083"]


def test_three_mistakes_are_three(folder: Path) -> None:
    steps = (
        "a = wrap(previous, camera)\nb = match_color(prevous, first)\nframe = mix(first, init, bass + 3px)"
    )
    assert wrong(steps, folder)[:2] == ["E2083", "E2084"]
    assert len(wrong(steps, folder)) == 3


def test_a_step_that_leads_nowhere_is_told(folder: Path) -> None:
    text = f"{START}pipeline {{ soft = blur(previous); frame = diffuse(previous) }}"
    unused = [d for d in mistakes(text, folder) if d.code == "W6001" and "soft" in d.message]
    assert [text[d.span.start : d.span.end] for d in unused] == ["soft"]


@pytest.mark.parametrize(
    ("steps", "mended"),
    [
        ("frame = difuse(previous)", "frame = diffuse(previous)"),
        ("frame = diffuse(prevous)", "frame = diffuse(previous)"),
        ("frame = match_color(previous, first, lob)", "frame = match_color(previous, first, lab)"),
    ],
)
def test_edits_mend(steps: str, mended: str, folder: Path) -> None:
    text = f"{START}pipeline {{\n{steps}\n}}"
    edit = next(d.edit for d in mistakes(text, folder) if d.edit is not None)
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == f"{START}pipeline {{\n{mended}\n}}"


# --- the table ---


@pytest.mark.parametrize("op", IMAGE_OPS.values(), ids=lambda op: op.name)
def test_every_example_of_an_op_is_right(op: ImageOp, folder: Path) -> None:
    assert op.example.startswith(f"{op.name}(")
    assert op.help
    assert not op.help.endswith(".")
    shown = op.example if op.gives != "flow" else f"warp_flow(previous, {op.example})"
    pipeline(f"frame = {shown}", folder)


ARGS = [(op, arg) for op in IMAGE_OPS.values() for arg in op.args]


@pytest.mark.parametrize(("op", "arg"), ARGS, ids=[f"{op.name}.{arg.name}" for op, arg in ARGS])
def test_every_example_of_an_argument_is_right(op: ImageOp, arg: Arg, folder: Path) -> None:
    assert arg.spec.example.startswith(f"{arg.name} = ")
    name, _, value = arg.spec.example.partition(" = ")
    # only a video has a frame before
    picture = "clip" if op.name in ("estimate_flow", "follow") else "previous"
    inputs = {
        "image": picture,
        "mask": "sky",
        "depth": "previous",
        "camera": "camera",
        "flow": "estimate_flow(clip)",
    }
    given = [inputs[slot.kind] for slot in op.slots if not slot.optional]
    value = f"({value})" if "s: " in value else value
    written = f"{op.name}({', '.join([*given, f'{name} = {value}'])})"
    pipeline(f"frame = {written if op.gives != 'flow' else f'warp_flow(previous, {written})'}", folder)


def test_the_table_is_whole() -> None:
    for op in IMAGE_OPS.values():
        assert len(set(op.order)) == len(op.order), op.name
        optional = [slot.optional for slot in op.slots]
        assert optional == sorted(optional), f"{op.name}: what may be left away comes last"
        for arg in op.args:
            block, _, name = arg.setting.rpartition(".")
            known = [(b, name) for b in (block or "film", f"{block} 2d") if (b, name) in SETTINGS]
            assert known or not arg.setting, f"{op.name}.{arg.name}"
    assert set(ELSEWHERE.values()) <= set(IMAGE_OPS)
    assert not set(ELSEWHERE) & set(IMAGE_OPS)
    assert not set(SOURCES) & set(IMAGE_OPS)
    assert set(IMAGE_OPS) & set(SIGNATURES) <= {"mix"}


# --- the standard pipelines ---


@pytest.mark.parametrize(
    ("name", "camera", "ops"),
    [
        (
            "2d",
            "camera 2d { zoom = 1.1 per s }",
            "warp uncovered match_color contrast sharpen guide add_noise diffuse blend grade",
        ),
        (
            "3d",
            "camera 3d { zoom = 1.1 per s }",
            "estimate_depth warp uncovered match_color contrast sharpen guide add_noise diffuse blend grade",
        ),
        ("morph", "", "match_color contrast sharpen guide add_noise diffuse blend grade"),
        ("video", "source = clip", "warp match_color guide add_noise diffuse blend grade"),
    ],
)
def test_the_standard_pipelines_are_right(name: str, camera: str, ops: str, folder: Path) -> None:
    text = resources.files("anim_grammar").joinpath("std", f"{name}.anim").read_text(encoding="utf-8")
    found = mistakes(f"{BASE}{MEDIA}{camera}\n{text}", folder)
    assert [d.message for d in found if "`sky`" not in d.message and d.code != "W6001"] == []
    made = clean(f"{BASE}{MEDIA}{camera}\n{text}", folder).shots[0].pipeline
    assert made is not None
    assert " ".join(call(picture).op for _, picture in made.steps) == ops
    assert (made.carry, made.frame) == ("carry", "frame")


# --- whatever is written ---

TOKENS = st.sampled_from(
    [
        "previous",
        "first",
        "init",
        "source",
        "layers",
        "camera",
        "photo",
        "sky",
        "clip",
        "a",
        "b",
        "frame",
        "carry",
        "=",
        "+=",
        "(",
        ")",
        ",",
        ";",
        ".",
        "+",
        "*",
        "-",
        "0.5",
        "30%",
        "3px",
        "2s",
        "u",
        "bass",
        "and",
        "or",
        "not",
        "if",
        "else",
        "warp",
        "warp_flow",
        "estimate_flow",
        "estimate_depth",
        "mix",
        "composite",
        "diffuse",
        "grade",
        "blend",
        "mask",
        "depth",
        "weight",
        "strength",
        "lab",
        "{",
        "}",
        "[",
        "]",
        ":",
        '"x"',
        "let",
        "use",
        "none",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    steps=st.lists(TOKENS, max_size=25),
    word=st.sampled_from(["pipeline", "layer a", "control depth", "mask m ="]),
)
def test_no_text_makes_it_raise(steps: list[str], word: str, folder: Path) -> None:
    body = " ".join(steps)
    text = f"{START}{word} {body}" if word.endswith("=") else f"{START}{word} {{ {body} }}"
    film, found = checked(text, folder)
    assert film is not None or found
