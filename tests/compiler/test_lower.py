"""From a film to its graph: goldens before and after `expand` and `cadence`, and what arguments become."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import film_of
from tests.compiler.graph_films import FILMS, graph_of, seen, staged_text
from tests.compiler.statement_files import stage

from anim_compiler.compile import CompileOptions, compile_film, staged
from anim_compiler.graph import Choice, Column, Graph, Node, topological
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.passes import PASSES, PLAIN
from anim_compiler.verify import verify
from anim_compiler.world import World

HEAD = 'size = 64x64; fps = 8; length = 1s; seed = 5\nprompt { 0s: "a"; 1s: "b" }\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def one(graph: Graph, op: str, kind: str = "diffused") -> Node:
    """The only node of an op in a template of the first scene."""
    (found,) = (n for n in topological(graph.templates[0, kind].results) if n.op == op)
    return found


def lowered(text: str, home: Path, **options: object) -> Graph:
    return seen(HEAD + text, home, PLAIN, **options).lowered


# --- goldens ---


@pytest.mark.parametrize("film", FILMS, ids=lambda path: path.stem)
def test_a_film_as_graphs(film: Path, home: Path, update: bool) -> None:
    made = staged_text(film.read_text(encoding="utf-8"), home)
    golden = film.with_suffix(".txt")
    if update:
        golden.write_text(made, encoding="utf-8", newline="\n")
    assert made == golden.read_text(encoding="utf-8"), "run pytest --update, and review the change"


@pytest.mark.parametrize("film", FILMS, ids=lambda path: path.stem)
def test_graphs_are_sound_at_every_stage(film: Path, home: Path) -> None:
    made = seen(film.read_text(encoding="utf-8"), home, passes=PASSES)
    assert [name for name, _ in made.graphs] == ["lower", *(step.__name__ for step in PASSES)]
    for name, graph in made.graphs:
        assert verify(graph, "film" if name == "lower" else "kernel") == (), name


@pytest.mark.parametrize("film", FILMS, ids=lambda path: path.stem)
def test_both_templates_of_a_scene_do_the_same(film: Path, home: Path) -> None:
    graph = seen(film.read_text(encoding="utf-8"), home).lowered
    scenes = sorted({scene for scene, _ in graph.templates})
    for scene in scenes:
        first, rest = graph.templates[scene, "first"], graph.templates[scene, "diffused"]
        assert len(first.frames) == 1
        assert first.frames[0] < min(rest.frames)
        assert all(first.results[name] is rest.results[name] for name in ("carry", "frame"))


def test_every_call_is_one_node(home: Path) -> None:
    """As many nodes of an op as the pipeline has calls of it, with the arguments that the op has."""
    text = (FILMS[0].parent / "masks.anim").read_text(encoding="utf-8")
    film = film_of(text, home)
    pipeline = film.shots[0].pipeline
    assert pipeline is not None
    graph = seen(text, home).lowered
    nodes = [n for n in graph.templates[0, "diffused"].nodes if n.op in IMAGE_OPS]
    called = "warp blur luma_mask add_noise diffuse uncovered depth_mask estimate_depth mix"
    called += " difference_mask grade"
    assert sorted(n.op for n in nodes) == sorted(called.split())


# --- arguments ---


def test_an_argument_is_the_calls_the_settings_or_a_default(home: Path) -> None:
    graph = lowered(
        "coherence { noise = 5% }\npipeline { frame = contrast(add_noise(mix(previous, first))) }", home
    )
    assert one(graph, "add_noise").arg("amount") == Column("coherence.noise")
    assert one(graph, "contrast").arg("amount") == 1.0
    assert one(graph, "mix").arg("weight") == 0.5
    given = lowered("coherence { noise = 5% }\npipeline { frame = add_noise(previous, 0.2 * u) }", home)
    assert one(given, "add_noise").arg("amount") == Column("pipeline.frame.amount")
    assert given.columns["pipeline.frame.amount"] == pytest.approx(0.2 * np.arange(8) / 8)
    known = lowered("pipeline { frame = add_noise(previous, 20%) }", home)
    assert one(known, "add_noise").arg("amount") == 0.2


def test_calls_inside_calls_have_columns_of_their_own(home: Path) -> None:
    graph = lowered("pipeline { frame = mix(blur(previous, 1px + 1px * u), blur(first, 4px * u), u) }", home)
    read = {
        value.name
        for node in graph.templates[0, "diffused"].nodes
        for _, value in node.args
        if isinstance(value, Column)
    }
    assert read == {"pipeline.frame.blur.radius", "pipeline.frame.blur2.radius", "pipeline.frame.weight"}


def test_texts_that_change_are_choices(home: Path) -> None:
    graph = lowered(
        'diffuse.sampler = 0s: "Euler", 0.5s: "DDIM"\npipeline { frame = diffuse(previous) }', home
    )
    assert one(graph, "diffuse").arg("sampler") == Choice("diffuse.sampler", ("Euler", "DDIM"))
    word = lowered('pipeline { frame = diffuse(previous, sampler = "DDIM") }', home)
    assert one(word, "diffuse").arg("sampler") == "DDIM"


def test_a_border_is_that_of_the_camera_that_moves(home: Path) -> None:
    cameras = (
        "camera near 2d { zoom = 2 per s; border = wrap }\ncamera 2d { zoom = 1.1 per s; border = black }\n"
    )
    own = lowered(f"{cameras}pipeline {{ frame = warp(previous, camera) }}", home)
    assert one(own, "warp").arg("border") == "black"
    named = lowered(f"{cameras}pipeline {{ frame = warp(previous, near) }}", home)
    assert one(named, "warp").arg("border") == "wrap"
    given = lowered(f"{cameras}pipeline {{ frame = warp(previous, near, border = replicate) }}", home)
    assert one(given, "warp").arg("border") == "replicate"


def test_a_calls_own_texts_are_tracks_of_their_own(home: Path) -> None:
    text = 'pipeline { frame = diffuse(previous, prompt = "ink") }\nprompt.negative = "blur"'
    made = seen(HEAD + text, home)
    node = one(made.lowered, "diffuse")
    assert (node.arg("prompt"), node.arg("negative")) == ("pipeline.frame.prompt", "negative")
    compiled = compile_film(film_of(HEAD + text, home), World(home, home))
    assert compiled.plan is not None
    columns, prompts = compiled.columns, compiled.plan.prompts
    start = columns["pipeline.frame.prompt.from"]
    assert (start == columns["pipeline.frame.prompt.to"]).all()
    assert (columns["pipeline.frame.prompt.mix"] == 0).all()
    (weighted,) = prompts.conditionings[int(start[3])]
    assert prompts.texts[weighted.text] == ("ink",)


@pytest.mark.parametrize(
    ("mode", "seed", "seeds"),
    [
        ("iter", "7", [7, 8, 9, 10]),
        ("fixed", "7", [7, 7, 7, 7]),
        ("alternate", "s + 1", [6, 7, 6, 7]),
        ("iter", "t", [0, 1, 2, 3]),
    ],
)
def test_a_calls_own_seed_is_counted_on(mode: str, seed: str, seeds: list[int], home: Path) -> None:
    text = f"diffuse.seed_mode = {mode}\npipeline {{ frame = generate(seed = {seed}) }}"
    column = lowered(text, home).columns["pipeline.frame.seed"]
    assert column[:4].tolist() == seeds
    assert column.dtype == np.int64


def test_steps_of_the_command_line_stand_over_those_of_calls(home: Path) -> None:
    text = "pipeline { frame = generate(steps = 30) }"
    assert (lowered(text, home).columns["pipeline.frame.steps"] == 30).all()
    assert (lowered(text, home, steps=2).columns["pipeline.frame.steps"] == 2).all()


def test_pixels_are_those_of_the_picture_that_is_made(home: Path) -> None:
    text = (
        "coherence.sharpen_radius = 2px\n"
        "pipeline { frame = sharpen(blur(transform(previous, x = 8px * u), 6px), 0.5) }"
    )
    whole, half = lowered(text, home), lowered(text, home, size=(32, 32))
    assert [one(g, "blur").arg("radius") for g in (whole, half)] == [6.0, 3.0]
    for name in ("pipeline.frame.blur.transform.x", "coherence.sharpen_radius", "pipeline.frame.transform.x"):
        if name in whole.columns:
            assert half.columns[name] == pytest.approx(whole.columns[name] / 2)
    moves = [seen(HEAD + text, home, PLAIN, size=size).expanded.columns for size in ((64, 64), (32, 32))]
    (name,) = (n for n in moves[0] if n.endswith(".move"))
    assert moves[0][name] == pytest.approx(moves[1][name])


def test_a_curve_without_a_value_is_told_at_its_place(home: Path) -> None:
    text = HEAD + "pipeline { frame = add_noise(previous, 0.1 / (time - time)) }"
    made = staged(film_of(text, home), World(home, home))
    assert made.graphs == ()
    (found,) = made.diagnostics
    assert found.code == "E5001"
    assert "`amount` has no value there" in found.message
    assert found.source.slice(found.span) == "0.1 / (time - time)"


def test_a_curve_beyond_its_range_is_told_at_its_place(home: Path) -> None:
    text = HEAD + "pipeline { frame = add_noise(previous, 2 * u) }"
    made = staged(film_of(text, home), World(home, home))
    (found,) = made.diagnostics
    assert (found.code, found.message) == (
        "E5002",
        "`amount` is 1.25 at frame 5; it must be within 0 and 1",
    )
    assert found.source.slice(found.span) == "2 * u"


# --- cameras ---


def test_named_cameras_have_moves_of_their_own(home: Path) -> None:
    text = (
        "camera near 2d { zoom = 2 per s }\ncamera 2d { angle = 90deg per s }\n"
        "pipeline { frame = diffuse(warp(warp(previous, near), camera)) }"
    )
    columns = lowered(text, home).columns
    near, own = columns["camera:near.from_previous"], columns["camera.from_previous"]
    assert near[1].reshape(3, 3) == pytest.approx(np.diag([2 ** (1 / 8), 2 ** (1 / 8), 1]))
    assert own[1, 0] == pytest.approx(np.cos(np.radians(90 / 8)))
    assert "camera.from_next" not in columns


def test_a_picture_is_moved_since_it_was_made(home: Path) -> None:
    """`previous` since the frame before, `first` and stills since the scene began, also in a preview."""
    text = (
        'image photo = "photo.png"\ncamera 2d { zoom = 2 per s }\n'
        "pipeline { a = mix(warp(first, camera), warp(photo, camera))\n"
        "frame = mix(a, warp(previous, camera)) }"
    )
    columns = lowered(text, home).columns
    zoom = 2 ** (np.arange(8) / 8)
    assert columns["camera.from_first"][:, 0] == pytest.approx(zoom)
    assert columns["camera.from_start"][:, 0] == pytest.approx(zoom)
    assert columns["camera.from_previous"][1:, 0] == pytest.approx(2 ** (1 / 8))
    preview = lowered(text, home, frames=(4, 8)).columns
    assert preview["camera.from_start"][:, 0] == pytest.approx(zoom[4:])
    assert preview["camera.from_first"][:, 0] == pytest.approx(zoom[:4])


def test_scenes_of_2d_and_3d_cameras_have_columns_apart(home: Path) -> None:
    text = (
        'size = 64x64; fps = 8\nprompt { 0s: "a" }\n'
        "scene one 1s { camera 2d { zoom = 2 per s } }\nscene two 1s { camera 3d { dolly = 9 per s } }"
    )
    graph = graph_of(text, home)
    assert graph.columns["camera.from_previous@0"].shape == (16, 9)
    assert graph.columns["camera.from_previous@1"].shape == (16, 14)


# --- stages ---


def test_stages_are_those_of_the_plan(home: Path) -> None:
    """What is shown of the passes is what the plan is made from."""
    text = (FILMS[0].parent / "zoom-2d.anim").read_text(encoding="utf-8")
    film, world = film_of(text, home), World(home, home)
    plan = compile_film(film, world).plan
    *_, (_, last) = staged(film, world).graphs
    assert plan is not None
    template = plan.scenes[0].templates["diffused"]
    assert [n.op for n in template.nodes] == [n.op for n in last.templates[0, "diffused"].nodes]


def test_fewer_passes_make_a_plan_as_well(home: Path) -> None:
    text = (FILMS[0].parent / "morph.anim").read_text(encoding="utf-8")
    film, world = film_of(text, home), World(home, home)
    plain = compile_film(film, world, CompileOptions(), PLAIN).plan
    quick = compile_film(film, world).plan
    assert plain is not None
    assert quick is not None
    count = [len(p.scenes[0].templates["diffused"].nodes) for p in (plain, quick)]
    assert count[0] > count[1]
