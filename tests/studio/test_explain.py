"""`anim explain`: every name of the language has an answer that fits a terminal of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Ran
from tests.staging import stage

from anim_compiler.check import check
from anim_compiler.figures import FIGURES
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.world import World
from anim_dsl.codes import CODES
from anim_dsl.functions import FUNCTIONS
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.draw.spark import spark
from anim_studio.explain import library
from anim_studio.explain.find import GROUPS, Named, close, known, meanings
from anim_studio.explain.layout import Style
from anim_studio.explain.ops import signature
from anim_studio.explain.show import group_lines, lines_of

_PLAIN = Style(lambda text, _: text)
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def text_of(name: str, style: Style = _PLAIN) -> str:
    return "\n".join(line for meaning in meanings(name) for line in lines_of(style, meaning))


def test_every_known_name_has_a_meaning() -> None:
    assert [name for name in known() if not meanings(name)] == []


@pytest.mark.parametrize(
    "name",
    [
        "strength",
        "sampler",
        "camera",
        "camera 2d",
        "smooth",
        "bezier",
        "bass",
        "time",
        "pi",
        "per",
        "b",
        "on",
    ],
)
def test_explanations_fit_a_terminal(name: str) -> None:
    lines = text_of(name).split("\n")
    assert lines[0]
    assert max(map(len, lines)) <= 80, max(lines, key=len)


@pytest.mark.parametrize("group", [*GROUPS, "film"])
def test_lists_fit_a_terminal(group: str) -> None:
    lines = group_lines(_PLAIN, group)
    assert len(lines) > 8
    assert max(map(len, lines)) <= 80, max(lines, key=len)


def test_a_code_is_explained_in_any_case(anim: Callable[..., Ran]) -> None:
    ran = anim("explain", "e3003")
    assert ran.code == 0
    assert ran.out.startswith("E3003: a value is out of its range")
    assert "diffuse { strength = 1.4 }" in ran.out
    assert "error[E3003]: `strength` is 1.4; it must be within 0 and 1" in ran.out
    assert ran.out.index("Wrong:") < ran.out.index("Right:")


def test_the_excerpt_of_a_schedule_is_the_schedule_readers() -> None:
    assert "warning[W1060]" in text_of("W1060")


def test_a_page_without_examples_says_its_text_only() -> None:
    said = text_of("E1002")
    assert "Wrong:" not in said
    assert "1 MiB" in said


def test_a_setting_says_everything_of_the_table(anim: Callable[..., Ran]) -> None:
    said = anim("explain", "diffuse.strength").out
    assert "0 … 1" in said
    assert "`0.5`" in said
    assert "strength_schedule" in said
    assert "one minus" in said
    assert "diffuse { strength = " in said


def test_deforums_name_leads_to_the_setting() -> None:
    (found,) = meanings("strength_schedule")
    assert isinstance(found, Named)
    assert found.spec.name == "strength"
    assert found.alias is not None
    assert found.alias.rule == "one_minus"


def test_a_dotted_name_means_one_block(anim: Callable[..., Ran]) -> None:
    assert {m.spec.block for m in meanings("camera.zoom") if isinstance(m, Named)} == {
        "camera 2d",
        "camera 3d",
    }
    assert len(meanings("grade.sharpen")) == 1
    assert len([m for m in meanings("sharpen") if isinstance(m, Named)]) == 2
    assert anim("explain", "camera", "2d").out.startswith("camera  a statement")


def test_a_word_that_a_setting_takes_leads_to_the_setting(anim: Callable[..., Ran]) -> None:
    said = anim("explain", "euler", "A").out
    assert said.startswith("sampler  a setting in diffuse { }")
    assert "`Euler a` is a word that it takes." in said
    (found,) = meanings("crossfade")
    assert isinstance(found, Named)
    assert found.spec.name == "transition"
    assert meanings("no such word") == ()


def test_a_name_of_another_program_says_what_to_write_here(anim: Callable[..., Ran]) -> None:
    said = anim("explain", "animation_mode").out
    assert said.startswith("animation_mode  a name of another program")
    assert "camera 2d" in said
    assert close("lerp") == "mix"


def test_several_meanings_are_all_shown(anim: Callable[..., Ran]) -> None:
    said = anim("explain", "smooth").out
    assert "smooth(x, width)  a function" in said
    assert "smooth  an easing" in said


def test_a_function_is_drawn() -> None:
    said = text_of("sine")
    assert "█" in said
    assert "0s" in said
    assert "1 + 0.1 * sine(2s)" in said


def test_without_unicode_it_is_drawn_in_ascii() -> None:
    drawing = [
        line for line in text_of("sine", Style(lambda text, _: text, plain=True)).split("\n") if "|" in line
    ]
    assert drawing
    assert all(line.isascii() for line in drawing)


def test_colours_change_nothing_but_colours() -> None:
    painted = Style(lambda text, _: f"\x1b[36m{text}\x1b[0m", colour=True)
    for name in ("strength", "E2001", "smooth"):
        assert "\x1b[" in text_of(name, painted)
        plain = text_of(name).replace("`", "")
        assert _ESCAPE.sub("", text_of(name, painted)).replace("`", "") == plain


def test_a_slip_gets_the_nearest_name(anim: Callable[..., Ran]) -> None:
    ran = anim("explain", "strenght")
    assert ran.code == 2
    assert "did you mean `strength`?" in ran.err
    assert close("camera.zom") == "zoom"
    assert "lists what can be explained" in anim("explain", "xyzzyq").err


def test_alone_it_lists_what_there_is(anim: Callable[..., Ran]) -> None:
    said = anim("explain").out
    for name in ("camera", "smooth", "bass", "anim explain easings", f"{len(CODES)} diagnostics"):
        assert name in said
    assert all(name in said for name in FUNCTIONS)
    assert max(map(len, said.split("\n"))) <= 80


def test_a_plot_is_as_high_as_its_values() -> None:
    rows = spark([0.0, 1.0, 0.5], rows=2, seconds=None, plain=False)
    assert rows == ["1 │ █▁", "0 │▁██", "  └───"]
    assert spark([], rows=2) == []
    assert spark([3.0] * 4, rows=1, seconds=None) == ["3 │▄▄▄▄", "  └────"]


def test_the_standard_library_is_explained() -> None:
    shake = text_of("std:shake")
    assert shake.startswith("std:shake  a standard file")
    assert "handheld(amount = 1deg, speed = 0.7hz, seed = 0)" in shake
    said = text_of("handheld")
    assert said == text_of("shake.handheld")
    assert "`camera 3d`" in said
    assert "camera 2d" not in said
    assert 'import "std:shake" as shake' in said
    assert "`camera 2d` and `camera 3d`" in text_of("drift")
    assert "`camera 3d`" in text_of("around")
    assert "frame  = grade(carry)" in text_of("std:2d")
    assert meanings("shake.around") == ()
    assert [name for name in library.modules() if f"std:{name}" not in text_of("std")] == []


def test_what_the_library_gives_is_told_with_a_comment_and_can_be_used_as_shown(tmp_path: Path) -> None:
    stage(tmp_path)
    assert len(library.given()) == sum(len(module.given) for module in library.modules().values())
    for item in library.given().values():
        assert item.help, item.name
        assert bool(item.axes) == (item.kind == "template"), item.name
        text = f'length = 2s\nprompt {{ 0s: "a" }}\n{item.example}\n'
        document, found = parse(Source("film.anim", text))
        more = check(document, World.open(tmp_path / "film.anim", cache=tmp_path / "cache"))[1]
        # W6001: the example's value is used by nothing
        assert [(d.code, d.message) for d in (*found, *more) if d.code != "W6001"] == [], item.example


@pytest.mark.parametrize("name", ["std:shake", "std:music", "jolt", "film.t", "scene.length", "std:orbit"])
def test_the_library_and_members_fit_a_terminal(name: str) -> None:
    assert max(map(len, text_of(name).split("\n"))) <= 80


def test_members_of_the_film_and_of_scenes_are_known() -> None:
    assert "of the whole film" in text_of("film.t")
    assert "street.end" in text_of("scene.end")
    assert "`duration`" in text_of("scene.length")
    assert text_of("song.bass") == text_of("bass")
    assert meanings("film.nothing") == ()


def test_the_singular_of_a_list_is_the_list() -> None:
    assert text_of("easing") == text_of("easings")


def test_an_op_says_all_that_it_takes() -> None:
    said = text_of("match_color")
    assert "match_color(picture, [reference], [space = coherence.color]," in said
    blur = text_of("blur")
    assert "blur(picture, [radius = 4px], [mask = …]) → image" in blur
    assert "how far it blurs; `4px` if left out" in blur


def test_the_signature_of_every_op_names_its_pictures_and_arguments() -> None:
    for op in IMAGE_OPS.values():
        written = signature(op)
        assert max(map(len, written.split("\n"))) <= 112
        assert written.endswith(f" → {op.gives}")
        names = [*(slot.name for slot in op.slots), *(arg.name for arg in op.args)]
        assert [name for name in names if not re.search(rf"[(\[ ]{name}\b", written)] == [], written


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_explained(anim, name: str) -> None:
    said = anim("explain", name)
    assert said.code == 0
    assert f"{name}  a figure of the picture" in said.out
    assert f"expect {name} " in said.out


def test_a_layers_place_says_that_its_anchor_gives_it(anim) -> None:
    said = anim("explain", "layer.x")
    assert said.code == 0
    assert "by `anchor`" in " ".join(said.out.split())
