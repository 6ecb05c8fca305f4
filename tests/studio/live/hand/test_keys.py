"""Keys set by hand: films before and after, in every manner in which lists are written."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from tests.staging import staged

from anim_compiler.world import World
from anim_dsl.source import Source
from anim_studio.live.hand.clipboard import Held, Picked, copied, deleted, pasted
from anim_studio.live.hand.keys import Edited, add, delete, move, nudge, replace
from anim_studio.live.hand.placing import spots
from anim_studio.live.hand.script import Refused, Script
from anim_studio.live.hand.where import Where, keys_in, scene_of, where_of
from anim_studio.live.version import Choice

HEAD = 'size = 64x64\nfps = 24\nlength = 4s\nprompt = "a"\n'
ZOOM = Where(("camera 2d",), "zoom")
EXAMPLES = Path(__file__).parents[4] / "examples"


def script(text: str, folder: Path = Path()) -> Script:
    made = Script(Source("film.anim", text), World(folder, folder))
    assert not made.errors, made.errors[0]
    return made


def zoom(value: str) -> Script:
    return script(f"{HEAD}camera 2d {{ zoom {value} }}\n")


def becomes(made: Edited, value: str) -> None:
    assert made.text == f"{HEAD}camera 2d {{ zoom {value} }}\n"


def refused(edit: Callable[[], object], says: str) -> Refused:
    with pytest.raises(Refused) as told:
        edit()
    assert says in told.value.message
    return told.value


# --- adding ---


@pytest.mark.parametrize(
    ("before", "frame", "after"),
    [
        ("= 0s: 1.0, 2s: 1.2", 24, "= 0s: 1.0, 1s: 1.1, 2s: 1.2"),
        ("= 0s: 1.0, 2s: 1.2", 31, "= 0s: 1.0, 1s7f: 1.1292, 2s: 1.2"),
        ("= 0s: 1.0, 2s: 1.2", 7, "= 0s: 1.0, 7f: 1.0292, 2s: 1.2"),
        ("= 0s: 1.0, 2s: 1.2", 72, "= 0s: 1.0, 2s: 1.2, 3s: 1.2"),
        ("= 0s: 1.0, 2s: 1.2", 96, "= 0s: 1.0, 2s: 1.2, 4s: 1.2"),
        ("= 1s: 1.0, 2s: 1.2", 0, "= 0s: 1.0, 1s: 1.0, 2s: 1.2"),
        ("= 0: 1, 48: 2", 31, "= 0: 1, 31: 1.646, 48: 2"),
        ('= "0": (1), "48": (2)', 24, '= "0": (1), "24": (1.5), "48": (2)'),
        ("= 0%: 1, 50%: 2", 24, "= 0%: 1, 25%: 1.5, 50%: 2"),
        ("= 0%: 1, 50%: 2", 31, "= 0%: 1, 31f: 1.646, 50%: 2"),
        ("= 0f: 1, 48f: 2", 31, "= 0f: 1, 31f: 1.646, 48f: 2"),
        ("= 0s: 1, 500ms: 2, 2s: 3", 6, "= 0s: 1, 250ms: 1.5, 500ms: 2, 2s: 3"),
        ("= 0s: 1 hold, 2s: 2", 24, "= 0s: 1 hold, 1s: 1 hold, 2s: 2"),
        ("= 0s: 1, 2s: 2 with hold", 24, "= 0s: 1, 1s: 1, 2s: 2 with hold"),
        ("= 0s: 1 ease_in, 2s: 2", 24, "= 0s: 1 ease_in, 1s: 1.315 ease_in, 2s: 2"),
        ("= 0s: 1 + u, 2s: 2", 24, "= 0s: 1 + u, 1s: 1 + u, 2s: 2"),
        ("= 0s: 1, 2s: 1 + u", 24, "= 0s: 1, 1s: 1.25, 2s: 1 + u"),
        ("= 0s: pi, 2s: 2 * pi", 24, "= 0s: pi, 1s: 4.712, 2s: 2 * pi"),
        ("{ 0s: 1\n 2s: 2 }", 24, "{ 0s: 1\n 1s: 1.5\n 2s: 2 }"),
    ],
)
def test_a_key_goes_on_as_the_curve_went(before: str, frame: int, after: str) -> None:
    becomes(add(zoom(before), ZOOM, frame), after)


def test_a_key_in_a_list_of_units_is_written_in_them() -> None:
    for before, frame, after in (
        ("0s: 0deg, 4s: 360deg", 24, "1s: 90deg"),
        ("0s: 0, 4s: 360deg", 24, "1s: 90deg"),
        ("0s: 0rad, 4s: 3rad", 48, "2s: 1.5rad"),
        ("0s: 10deg per s, 4s: 20deg per s", 24, "1s: 12.5deg per s"),
    ):
        made = add(script(f"{HEAD}camera 2d {{ angle = {before} }}\n"), Where(("camera 2d",), "angle"), frame)
        assert f"angle = {before.replace(', ', f', {after}, ')} }}" in made.text


def test_a_prompt_is_copied_and_keeps_its_lines() -> None:
    text = HEAD.replace('prompt = "a"\n', 'prompt {\n  0s: "a"  # first\n  2s: "b"\n  negative = "n"\n}\n')
    made = add(script(text), Where(("prompt",), ""), 60)
    assert made.text == text.replace('  2s: "b"\n', '  2s: "b"\n  2.5s: "b"\n')
    made = add(script(text), Where(("prompt",), ""), 30)
    assert made.text == text.replace('  2s: "b"\n', '  1.25s: "a"\n  2s: "b"\n')


def test_beats_stay_beats_where_they_fall_on_the_frame() -> None:
    text = f"bpm = 120\n{HEAD}camera 2d {{ zoom = 0s: 1, 2beats: 2 }}\n"
    assert "2beats: 2, 3beats: 2" in add(script(text), ZOOM, 36).text
    assert "2beats: 2, 3.5beats: 2" in add(script(text), ZOOM, 42).text
    assert "2beats: 2, 43f: 2" in add(script(text), ZOOM, 43).text
    assert "1b: 1.5, 2b: 2" in add(script(text.replace("2beats", "2b")), ZOOM, 12).text
    bars = text.replace("2beats", "1bar")
    assert "1bar1beat: 2" in move(script(bars), ZOOM, 1, 60).text
    assert "1.5bars: 2" in move(script(bars), ZOOM, 1, 72).text
    # a beat between two frames counts from the frame behind it
    odd = text.replace("120", "130")
    assert "1beat: 2" in move(script(odd), ZOOM, 1, 12).text
    assert "11f: 2" in move(script(odd), ZOOM, 1, 11).text


def test_a_constant_becomes_a_list() -> None:
    becomes(add(zoom("= 1.1 ;"), ZOOM, 48), "= 0s: 1.1, 2s: 1.1 ;")
    becomes(add(zoom("= 1.1"), ZOOM, 0), "= 0s: 1.1")
    becomes(add(zoom("= 1 + u"), ZOOM, 48), "= 0s: 1 + u, 2s: 1 + u")
    becomes(add(zoom("= 0s: 1.1"), ZOOM, 48), "= 0s: 1.1, 2s: 1.1")
    made = add(script(HEAD), Where((), "prompt"), 48)
    assert 'prompt = 0s: "a", 2s: "a"\n' in made.text
    made = add(script(f"let a = 2\n{HEAD}camera 2d {{ zoom = 1 + a }}\n"), Where((), "a"), 48)
    assert made.text.startswith("let a = 0s: 2, 2s: 2\n")
    frames = script(f"{HEAD}camera 2d {{ zoom = 1; angle = 0: 0, 48: 5 }}\n")
    assert "zoom = 0: 1, 24: 1;" in add(frames, ZOOM, 24).text


def test_a_setting_that_is_not_written_is_written_where_it_counts() -> None:
    text = (
        'size = 64x64\nfps = 24\nscene a 2s { prompt = "a" }\nscene b 2s {\n  camera 3d { roll = 2deg }\n}\n'
    )
    made = where_of(script(text), "camera.zoom", 60)
    assert made == Where(("scene b", "camera 3d"), "zoom")
    assert "roll = 2deg; zoom = 0s: 1, 500ms: 1 }" not in add(script(text), made, 60).text
    assert "camera 3d { roll = 2deg; zoom = 0s: 1, 0.5s: 1 }" in add(script(text), made, 60).text
    made = where_of(script(text), "diffuse.strength", 3)
    assert made == Where(("scene a", "diffuse"), "strength")
    assert "strength = 0s: 0.5, 0.125s: 0.5" in add(script(text), made, 3).text
    assert where_of(script(text), "prompts", 3) == Where(("scene a",), "prompt")
    assert where_of(script(text), "camera.roll", 60) == Where(("scene b", "camera 3d"), "roll")
    refused(lambda: where_of(script(text), "beats", 3), "no setting")
    refused(lambda: where_of(script(text), "layer.title.x", 3), "scene `a` has no `layer title`")


def test_weights_of_loras_and_controls_are_keyed_like_others(tmp_path: Path) -> None:
    (tmp_path / "grain.safetensors").write_bytes(staged()["grain.safetensors"])
    lora = f'{HEAD}model = "null"\nlora grain = "grain.safetensors" {{ weight = 0.5 }}\n'
    made = where_of(script(lora, tmp_path), "lora.grain.weight", 24)
    assert (made, made.called) == (Where(("lora grain",), "weight"), "`lora.grain.weight`")
    assert "weight = 0s: 0.5, 1s: 0.5" in add(script(lora, tmp_path), made, 24).text
    control = f'{HEAD}model = "null"\ncontrol depth {{ end = 80% }}\n'
    made = where_of(script(control), "control.depth.weight", 24)
    assert "end = 80%; weight = 0s: 1, 1s: 1" in add(script(control), made, 24).text


def test_a_scene_gets_a_weight_of_its_own_for_what_the_film_has(tmp_path: Path) -> None:
    (tmp_path / "grain.safetensors").write_bytes(staged()["grain.safetensors"])
    text = (
        'size = 64x64\nfps = 24\nmodel = "null"\nprompt = "a"\nlora grain = "grain.safetensors"\n'
        "control canny edges\nscene a 2s {\n}\nscene b 2s { lora grain = none }\n"
    )
    made = where_of(script(text, tmp_path), "lora.grain.weight", 12)
    assert (made, made.called) == (Where(("scene a", "lora grain"), "weight"), "`a: lora.grain.weight`")
    after = add(script(text, tmp_path), made, 12).text
    assert "scene a 2s {\n  lora grain {\n    weight = 0s: 1, 0.5s: 1\n  }\n}" in after
    made = where_of(script(text, tmp_path), "control.edges.weight", 60)
    assert (made.path, made.called) == (("scene b", "control canny edges"), "`b: control.edges.weight`")
    assert not script(add(script(text, tmp_path), made, 60).text, tmp_path).errors
    refused(lambda: where_of(script(text, tmp_path), "lora.grain.weight", 60), "`b` has no `lora grain`")
    used = 'template soft() { lora grain = "grain.safetensors" }\n' + text.replace(
        'lora grain = "g', 'lora x = "g'
    )
    used = used.replace("lora grain = none", "use soft()")
    refused(lambda: where_of(script(used, tmp_path), "lora.grain.weight", 60), "no setting of its own")


def test_scenes_count_from_their_own_beginning() -> None:
    head = 'size = 64x64\nfps = 24\nprompt = "a"\nscene a 1.5s { }\n'
    text = f"{head}scene b 2s {{ camera 2d {{ zoom = 0s: 1, 2s: 3 }} }}\n"
    where = Where(("scene b", "camera 2d"), "zoom")
    assert "0s: 1, 1s: 2, 2s: 3" in add(script(text), where, 60).text
    refused(lambda: add(script(text), where, 12), "outside scene `b`, which runs from 36 to 83")


# --- moving ---


@pytest.mark.parametrize(
    ("before", "number", "frame", "after"),
    [
        ("= 0s: 1, 1s: 2, 2s: 3", 1, 36, "= 0s: 1, 1.5s: 2, 2s: 3"),
        ("= 0s: 1, 1s: 2, 2s: 3", 1, 60, "= 0s: 1, 2s: 3, 2.5s: 2"),
        ("= 0s: 1, 1s: 2 ease_in, 2s: 3", 1, 60, "= 0s: 1, 2s: 3, 2.5s: 2"),
        ("= 0s: 1, 1s: 2, 2s: 3 with ease_in", 2, 12, "= 0s: 1, 0.5s: 3, 1s: 2 with ease_in"),
        ("= 0: 1, 24: 2", 1, 25, "= 0: 1, 25: 2"),
        ("= 0%: 1, 100%: 2", 1, 48, "= 0%: 1, 50%: 2"),
    ],
)
def test_a_key_moves(before: str, number: int, frame: int, after: str) -> None:
    becomes(move(zoom(before), ZOOM, number, frame), after)


def test_a_time_that_counts_from_a_name_goes_on_so() -> None:
    text = f"let drop = 1s\n{HEAD}camera 2d {{ zoom = 0s: 1, drop + 1f: 2 }}\n"
    assert "drop + 12f: 2" in move(script(text), ZOOM, 1, 36).text
    assert "drop: 2" in move(script(text), ZOOM, 1, 24).text
    assert "drop - 4f: 2" in move(script(text), ZOOM, 1, 20).text


def test_minutes_stay_minutes() -> None:
    text = HEAD.replace("4s", "5m") + "camera 2d { zoom = 0s: 1, 1m30s: 2 }\n"
    for frame, time in ((96 * 24, "1m36s"), (61 * 24 + 7, "1m1s7f"), (120 * 24, "2m"), (60 * 24 + 7, "1m7f")):
        assert f"{time}: 2" in move(script(text), ZOOM, 1, frame).text


def test_a_move_that_cannot_be_is_refused() -> None:
    film = zoom("= 0s: 1, 1s: 2, 2s: 3")
    refused(lambda: move(film, ZOOM, 1, 48), "key 3 of `camera.zoom` stands at frame 48")
    refused(lambda: move(film, ZOOM, 1, 24), "stands at frame 24 already")
    refused(lambda: move(film, ZOOM, 1, 97), "outside the film")
    refused(lambda: move(film, ZOOM, 7, 3), "no key 8")


# --- values ---


@pytest.mark.parametrize(
    ("before", "steps", "after"),
    [
        ("1", 1, "1.01"), ("1.0", -10, "0.9"), ("(1.0)", 1, "(1.01)"), ("99.999", 10, "100.0"),
        ("1 + u", 1, "1.01 + u"), ("u * 2", 1, "u * 2 + 0.01"), ("u * 2 + 0.01", -1, "u * 2"),
        ("u + 0.01", -3, "u - 0.02"), ("1 - u", -1, "0.99 - u"),
        ("1 + sine(2s) + u", 2, "1.02 + sine(2s) + u"),
    ],
)  # fmt: skip
def test_a_value_is_nudged(before: str, steps: int, after: str) -> None:
    film = zoom(f"= 0s: {before}, 2s: 2")
    becomes(nudge(film, ZOOM, 0, steps), f"= 0s: {after}, 2s: 2")


def test_steps_are_those_of_the_unit_and_whole_numbers_stay_whole() -> None:
    def after(block: str, name: str, value: str, steps: int) -> str:
        film = script(f"{HEAD}{block} {{ {name} = 0s: {value}, 2s: {value} }}\n")
        where = Where((block,), name)
        return (
            film.with_text(nudge(film, where, 0, steps).text)
            .source.text.split(f"{name} = 0s: ")[1]
            .split(",")[0]
        )

    assert after("diffuse", "steps", "12", 1) == "13"
    steps = script(f"{HEAD}diffuse {{ steps = 0s: 10, 2s: 20 }}\n")
    assert "10, 7f: 11, 2s" in add(steps, Where(("diffuse",), "steps"), 7).text
    assert after("diffuse", "strength", "50%", 1) == "51%"
    assert after("diffuse", "strength", "0.5", 70) == "1.0"
    assert after("diffuse", "cfg_scale", "5", 1) == "5.1"
    assert after("camera 2d", "angle", "5deg", -10) == "-5deg"
    assert after("camera 2d", "translation_x", "5px", 1) == "6px"
    assert after("camera 3d", "dolly", "40", 1) == "41"


def test_a_value_at_its_end_and_a_text_are_not_nudged() -> None:
    told = refused(
        lambda: nudge(zoom("= 0s: 100, 2s: 1"), ZOOM, 0, 1), "`100` is as far as `camera.zoom` goes"
    )
    assert told.hint == "it may be 0.01 to 100"
    text = HEAD.replace('"a"', '0s: "a", 2s: "b"')
    refused(lambda: nudge(script(text), Where((), "prompt"), 0, 1), "a text has nothing to nudge")
    refused(lambda: nudge(zoom("= 0s: 1 if u > 0 else 2, 2s: 1"), ZOOM, 0, 1), "no number to nudge")


def test_a_constant_is_nudged_and_typed_too() -> None:
    becomes(nudge(zoom("= 1.1"), ZOOM, None, 1), "= 1.11")
    becomes(replace(zoom("= 1.1"), ZOOM, None, "0s: 1, 2s: 2"), "= 0s: 1, 2s: 2")
    becomes(replace(zoom("= 0s: 1, 2s: 2"), ZOOM, 1, " 1 + u "), "= 0s: 1, 2s: 1 + u")
    refused(lambda: replace(zoom("= 0s: 1, 2s: 2"), ZOOM, 1, '"x"'), "a number is wanted here")
    refused(lambda: replace(zoom("= 0s: 1, 2s: 2"), ZOOM, 1, "2, 3s: 4 }"), "the film would have a mistake")
    refused(lambda: replace(zoom("= 0s: 1, 2s: 2"), ZOOM, 1, "2"), "`2` already")


# --- deleting ---


def test_a_list_shrinks_to_a_constant() -> None:
    three = zoom("= 0s: 1, 1s: 2 ease_in, 2s: 3")
    becomes(delete(three, ZOOM, 2), "= 0s: 1, 1s: 2")
    becomes(delete(zoom("= 0s: 1, 1s: 2 with hold"), ZOOM, 0), "= 2")
    becomes(delete(zoom("= 0s: 1.5"), ZOOM, 0), "= 1.5")
    only = HEAD.replace('prompt = "a"', 'prompt { 0s: "a" }')
    assert delete(script(only), Where(("prompt",), ""), 0).text == HEAD.replace('prompt = "a"\n', "")


def test_keys_of_other_places_are_refused_with_where_they_are() -> None:
    text = f"{HEAD}template push() {{\n  camera 2d {{ zoom = 0s: 1, 2s: 2 }}\n}}\nuse push()\n"
    refused(
        lambda: delete(script(text), Where(("template push()", "camera 2d"), "zoom"), 0),
        "template `push()` in line 5",
    )
    refused(lambda: where_of(script(text), "camera.zoom", 3), "the `template` in line 6")
    refused(lambda: add(zoom('= "0: (1), 30: (2)"'), ZOOM, 3), "a schedule in quotes")
    refused(
        lambda: add(script(f"{HEAD}camera 2d {{ zoom = 2 }}"), Where(("camera 2d",), "border"), 3), "no keys"
    )


def test_a_film_with_mistakes_keeps_its_keys_where_they_are() -> None:
    broken = Script(
        Source("film.anim", f"{HEAD}camera 2d {{ zoom = 0s: 1, 2s: 2; zom = 3 }}\n"), World(Path(), Path())
    )
    assert "line 5" in refused(lambda: move(broken, ZOOM, 1, 3), "mistake in line 5").message
    assert "zoom = 0s: 1, 2s: 2.01;" in nudge(broken, ZOOM, 1, 1).text


def test_a_variant_that_the_text_no_longer_has_stops_no_edit() -> None:
    text = f"{HEAD}camera 2d {{ zoom = 0s: 1, 2s: 2 }}\nvariant {{ seed = [1, 2] }}\n"
    for variant in (None, 1, 7):
        film = Script(Source("film.anim", text), World(Path(), Path()), Choice(variant=variant))
        assert "zoom = 0s: 1, 1.5s: 2 }" in move(film, ZOOM, 1, 36).text


# --- the clipboard ---


def test_keys_are_cut_from_their_lists_and_pasted_into_them() -> None:
    film = script(f"{HEAD}camera 2d {{ zoom = 0s: 1 ease_in, 2s: 2; angle = 0s: 5deg, 2s: 6deg }}\n")
    angle = Where(("camera 2d",), "angle")
    picked = (Picked("camera.zoom", ZOOM, 0), Picked("camera.angle", angle, 0))
    held = copied(film, picked)
    assert held == (Held("camera.zoom", "1", "ease_in"), Held("camera.angle", "5deg"))
    cut = deleted(film, picked)
    assert "zoom = 2; angle = 6deg" in cut.text
    assert cut.says == "deleted 2 keys: `camera.zoom`, `camera.angle`"

    def find(script: Script, lane: str) -> Where:
        return where_of(script, lane, 24)

    made = pasted(film, held, 24, find)
    assert "zoom = 0s: 1 ease_in, 1s: 1 ease_in, 2s: 2; angle = 0s: 5deg, 1s: 5deg, 2s: 6deg" in made.text
    assert "zoom = 0s: 1 ease_in, 2s: 1;" in pasted(film, held[:1], 48, lambda script, lane: ZOOM).text
    refused(lambda: pasted(film, (Held("camera.zoom", '"x"'),), 24, find), "a number is wanted")
    refused(lambda: pasted(film, (), 24, find), "nothing was copied")


# --- whatever the film ---


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.anim")))
def test_random_edits_keep_every_film_whole_and_keys_on_their_frames(name: str, tmp_path: Path) -> None:
    draw = random.Random(name)
    world = World.open(EXAMPLES / name, cache=tmp_path)
    source = world.read_source(EXAMPLES / name)
    assert isinstance(source, Source)
    rate = draw.choice(("12", "24", "29.97", "60"))
    text = re.sub(r"(?m)^fps( *)= *\S+", lambda found: f"fps{found[1]}= {rate}", source.text)
    film = Script(Source(name, text), world, Choice())
    assert not film.errors
    for _ in range(6):
        film = _edited(film, draw)
    if film.film is not None:
        assert film.film.fps == Fraction(rate).limit_denominator() or rate == "29.97"


def _edited(film: Script, draw: random.Random) -> Script:
    known = [Where(*place) for place, keys in film.lists.items() if not keys[0].why_not]
    if not known:
        return film
    where = draw.choice(known)
    keys, home = keys_in(film, where), film.home(scene_of(where))
    number, frame = draw.randrange(len(keys)), draw.randint(home.first, home.last)
    edits: tuple[Callable[[], Edited], ...] = (
        lambda: add(film, where, frame),
        lambda: move(film, where, number, frame),
        lambda: delete(film, where, number),
        lambda: nudge(film, where, number, draw.choice((-1, 1, 10))),
    )
    kind = draw.randrange(4)
    try:
        made = edits[kind]()
    except Refused:
        return film
    after = film.with_text(made.text)
    assert not after.errors
    if kind < 2 and made.number is not None:
        assert spots(after, where, keys_in(after, where))[made.number].frame == frame
    return after
