"""Where in its file a clip is at every frame: speeds, loops, trims, clocks, and the frame before."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import checked, compiled, frames_of
from tests.compiler.statement_files import stage

from anim_compiler.frame_table import BEFORE

HEAD = 'size = 64x64; fps = 12\nprompt { 0s: "a" }\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `clip.mp4`, one second of twelve frames."""
    return stage(tmp_path_factory.mktemp("clips"))


def at(text: str, home: Path, name: str = "clip.clip.at", **options: object) -> list[float]:
    made = compiled(HEAD + text, home, **options)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return [float(second) for second in made.columns[name]]


def of(block: str, home: Path, length: str = "1s") -> list[float]:
    return at(f'length = {length}\nvideo clip = "clip.mp4" {block}\nsource = clip', home)


def test_a_clip_goes_a_frame_on_with_every_frame(home: Path) -> None:
    assert of("", home) == [float(f"{float(Fraction(f, 12)):.12g}") for f in range(12)]


def test_a_speed_of_a_third_is_exact(home: Path) -> None:
    wanted = [float(Fraction(f, 12) * Fraction("0.3")) for f in range(12)]
    assert of("{ speed = 30% }", home) == pytest.approx(wanted, abs=1e-12)


def test_after_its_end_the_last_frame_holds(home: Path) -> None:
    found = of("", home, "2s")
    assert found[:12] == pytest.approx([f / 12 for f in range(12)])
    assert len(set(found[12:])) == 1
    assert 11 / 12 < found[12] < 1.0


def test_it_starts_again_where_it_began(home: Path) -> None:
    found = of("{ start = 0.25s; end = 0.75s; loop = on }", home, "2s")
    assert found == pytest.approx([0.25 + (f % 6) / 12 for f in range(24)])


@pytest.mark.parametrize("loop", ["off", "on"])
def test_backwards_shows_the_same_frames_the_other_way(home: Path, loop: str) -> None:
    forwards = of("", home)
    backwards = of(f"{{ speed = -1; loop = {loop} }}", home)
    # the frame that is seen at a moment begins at or before it
    shown = [int(np.floor(second * 12 + 1e-6)) for second in backwards]
    assert shown == [round(second * 12) for second in reversed(forwards)]


def test_a_speed_of_nothing_holds_the_picture(home: Path) -> None:
    text = 'length = 1s\nvideo clip = "clip.mp4" { start = 0.5s; speed = 0 }\nsource = clip'
    plan = compiled(HEAD + text, home).plan
    assert plan is not None
    leaves = [node for t in plan.scenes[0].templates.values() for node in t.nodes if node.op == "clip"]
    assert [(node.args["at"], node.rate) for node in leaves] == [(0.5, "film")] * 2


def test_a_speed_that_changes_is_summed(home: Path) -> None:
    found = of("{ speed = 0s: 100% hold, 0.5s: 50% }", home)
    steps = np.diff(found)
    assert steps[:6] == pytest.approx(1 / 12)
    assert steps[6:] == pytest.approx(1 / 24)


def test_a_clip_turns_round_when_its_speed_falls_below_nothing(home: Path) -> None:
    found = of("{ speed = 0s: 100% hold, 0.5s: -100% }", home)
    assert max(found) == pytest.approx(0.5)
    assert found[11] == pytest.approx(1 / 12)


SCENES = """
video clip = "clip.mp4"
scene one 0.5s { %s }
scene two 0.5s { %s }
"""


def test_a_source_of_the_film_goes_on_through_its_scenes(home: Path) -> None:
    found = at("source = clip" + SCENES % ("", ""), home)
    assert found == pytest.approx([f / 12 for f in range(12)])


def test_a_source_of_a_scene_begins_with_it(home: Path) -> None:
    found = at(SCENES % ("source = clip", "source = clip"), home)
    assert found == pytest.approx([(f % 6) / 12 for f in range(12)])


def test_a_clip_by_its_name_runs_by_the_clock_of_who_reads_it(home: Path) -> None:
    reads = "pipeline { frame = mix(diffuse(previous), clip) }"
    of_film = at(reads + SCENES % ("", ""), home)
    of_scene = at(SCENES % (reads, reads), home)
    assert of_film == pytest.approx([f / 12 for f in range(12)])
    assert of_scene == pytest.approx([(f % 6) / 12 for f in range(12)])


def test_a_clip_has_one_place_at_a_time(home: Path) -> None:
    reads = "pipeline { frame = mix(diffuse(source), clip) }"
    assert at("source = clip" + SCENES % ("", reads), home) == pytest.approx([f / 12 for f in range(12)])


def test_masks_and_noise_masks_of_a_clip_run_by_the_scene_that_names_them(home: Path) -> None:
    mask = "mask there = not clip\n"
    said = "coherence { noise = 5%; noise_mask = there }"
    text = SCENES.replace("scene one", f"{mask}scene one", 1)
    assert at(text % ("", said), home)[6:] == pytest.approx([f / 12 for f in range(6)])


def test_before_is_where_the_clip_was_at_the_frame_that_one_is_made_from(home: Path) -> None:
    text = """
    length = 1s
    video clip = "clip.mp4"
    coherence { cadence = 3; flow = on; blend = 50% }
    source = clip
    """
    made = compiled(HEAD + text, home)
    here, before = made.columns["clip.clip.at"], made.columns["clip.clip.before"]
    rows = made.columns[BEFORE]
    assert frames_of(made).kinds.count("tween")
    assert before.tolist() == [here[max(row, 0)] for row in rows]


def test_a_preview_shows_the_clip_as_the_film_does(home: Path) -> None:
    text = 'length = 1s\nvideo clip = "clip.mp4" { speed = 0s: 20%, 1s: 100% }\nsource = clip'
    whole, part = at(text, home), at(text, home, frames=(4, 9))
    assert part == whole[4:9]


def test_another_rate_shows_the_same_seconds(home: Path) -> None:
    text = 'length = 1s\nvideo clip = "clip.mp4" { speed = 50% }\nsource = clip'
    assert at(text, home, fps=Fraction(24))[::2] == pytest.approx(at(text, home))


def test_a_film_is_as_long_as_its_source_at_its_speed(home: Path) -> None:
    for speed, seconds in (("50%", 2), ("-200%", Fraction(1, 2))):
        film, _ = checked(f'{HEAD}video clip = "clip.mp4" {{ speed = {speed} }}\nsource = clip', home)
        assert film is not None
        assert film.length == seconds


def test_a_trim_makes_only_what_reads_the_clip_anew(home: Path) -> None:
    text = """
    video clip = "clip.mp4" { start = %s }
    scene one 0.5s { }
    scene two 0.5s { source = clip }
    """
    a, b = (compiled(HEAD + text % start, home) for start in ("0s", "0.25s"))
    same = [x == y for x, y in zip(frames_of(a).recipes, frames_of(b).recipes, strict=True)]
    assert same == [True] * 6 + [False] * 6


def test_a_clip_is_known_by_what_is_in_its_file(home: Path, tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        (tmp_path / name).write_bytes((home / "clip.mp4").read_bytes())
    text = HEAD + 'video %s = "%s.mp4"\nsource = %s'
    a = compiled(text % ("a", "one", "a"), tmp_path)
    b = compiled(text % ("b", "two", "b"), tmp_path)
    assert frames_of(a).recipes == frames_of(b).recipes
    (tmp_path / "two.mp4").write_bytes((home / "clip.mp4").read_bytes() + b"\0" * 8)
    assert frames_of(compiled(text % ("b", "two", "b"), tmp_path)).recipes[0] != frames_of(a).recipes[0]


def test_a_video_made_anew_has_independent_frames(home: Path) -> None:
    plan = compiled(HEAD + 'video clip = "clip.mp4"\nsource = clip\ncoherence { color = lab }', home).plan
    assert plan is not None
    assert [t.batch for scene in plan.scenes for t in scene.templates.values()] == [0, 0]
    assert [(m.name, m.kind) for m in plan.media] == [("clip", "video")]
    assert {node.op for t in plan.scenes[0].templates.values() for node in t.nodes} >= {"clip", "diffuse"}
    first = plan.scenes[0].templates["first"]
    assert [node.op for node in first.nodes] == ["clip", "diffuse"]


def test_the_colours_of_the_source_are_kept(home: Path) -> None:
    said = HEAD + 'video clip = "clip.mp4"\nlength = 1s\n%scoherence { color = lab; reference = %s }\n'
    camera = 'camera 2d { zoom = 1.1 per s }\nimage photo = "photo.png"\n'

    def reference(text: str) -> str:
        plan = compiled(text, home).plan
        assert plan is not None
        nodes = plan.scenes[0].templates["diffused"].nodes
        match = next(node for node in nodes if node.op in ("match_color", "match_stats"))
        given = nodes[match.inputs[1]]
        return nodes[given.inputs[0]].op if given.op == "color_stats" else given.op

    assert reference(said % (camera, "first")) == "first"
    assert reference(said % (camera, "clip")) == "clip"
    assert reference(said % (camera, "photo")) == "still"
    assert reference(said % (camera + "init = photo\n", "init")) == "init"
    # whose colours would be its own is left as it is
    plan = compiled(said % ("source = clip\n", "source"), home).plan
    assert plan is not None
    assert {node.op for node in plan.scenes[0].templates["diffused"].nodes} == {"clip", "diffuse"}
