"""Each pass on small graphs, and all of them on films."""

from __future__ import annotations

import numpy as np
import pytest
from tests.compiler.film_texts import film_of

from anim_compiler.graph import Column, Graph, Interner, Node
from anim_compiler.lower import Scene, lower
from anim_compiler.ops import OPS, verify
from anim_compiler.passes import PASSES, Facts, fold, prune, share
from anim_compiler.passes.identity import passed_through
from anim_compiler.text import graph_text

KEY = (0, "diffused")
STILL = np.tile(np.eye(3).reshape(-1), (4, 1))


def facts(**columns: object) -> Facts:
    """Columns of four frames, by name with `_` for the dot."""
    made = {name.replace("_", ".", 1): np.asarray(value) for name, value in columns.items()}
    return Facts(made, {KEY: (1, 2, 3)})


def one(node: Node) -> Graph:
    return Graph({KEY: {"carry": node, "frame": node}})


def noised(nodes: Interner, amount: float | Column) -> Node:
    return nodes.node(
        "add_noise", (nodes.node("previous"),), {"amount": amount, "seed": Column("diffuse.seed")}
    )


def test_fold_makes_constants_of_columns_that_do_not_change() -> None:
    graph = one(noised(Interner(), Column("coherence.noise")))
    known = facts(coherence_noise=[0.5, 0.1, 0.1, 0.1], diffuse_seed=np.arange(4))
    assert graph_text(fold(graph, known)) == (
        "scene 0, diffused:\n"
        "  %0 = previous\n"
        "  %1 = add_noise %0 amount=0.1 seed=[diffuse.seed]\n"
        "  carry = %1\n"
        "  frame = %1\n"
    )


def test_fold_removes_what_does_nothing() -> None:
    graph = one(noised(Interner(), Column("coherence.noise")))
    known = facts(coherence_noise=[0.5, 0.0, 0.0, 0.0], diffuse_seed=np.arange(4))
    assert "add_noise" not in graph_text(fold(graph, known))


def test_fold_keeps_what_does_something_on_one_frame() -> None:
    graph = one(noised(Interner(), Column("coherence.noise")))
    known = facts(coherence_noise=[0.0, 0.0, 0.0, 0.1], diffuse_seed=np.arange(4))
    assert graph_text(fold(graph, known)) == graph_text(graph)


def test_fold_looks_at_the_frames_of_its_template_only() -> None:
    nodes = Interner()
    warp = nodes.node("warp2d", (nodes.node("previous"),), {"move": Column("camera.move"), "border": "wrap"})
    moving = STILL.copy()
    moving[0, 2] = 0.5
    assert "warp2d" not in graph_text(fold(one(warp), facts(camera_move=moving)))
    moving[2, 2] = 0.5
    assert "warp2d" in graph_text(fold(one(warp), facts(camera_move=moving)))


def test_fold_keeps_whole_numbers_whole() -> None:
    node = Interner().node("generate", (), {"steps": Column("diffuse.steps"), "cfg_scale": 7.0})
    folded = fold(one(node), facts(diffuse_steps=np.full(4, 12)))
    value = folded.templates[KEY]["carry"].arg("steps")
    assert (value, type(value)) == (12, int)


@pytest.mark.parametrize(
    ("op", "values", "through"),
    [
        ("mix", {"weight": 0.0}, 0),
        ("mix", {"weight": 1.0}, 1),
        ("mix", {"weight": 0.5}, None),
        ("match_color", {"space": "none"}, 0),
        ("match_color", {"space": "lab"}, None),
        ("diffuse", {"strength": 0.0, "steps": 8}, 0),
        ("diffuse", {"strength": 0.4, "steps": 0}, 0),
        ("diffuse", {"strength": 0.4, "steps": 8}, None),
        ("warp3d", {"move": np.array([*STILL[0], 0, 0, 0, 1.4, 1.4])}, 0),
        ("warp3d", {"move": np.array([*STILL[0], 0, 0, 0, 1.4, 1.5])}, None),
        ("warp3d", {"move": np.array([*STILL[0], 0, 0, 0.1, 1.4, 1.4])}, None),
        ("generate", {"steps": 0}, None),
    ],
)
def test_identities(op: str, values: dict[str, object], through: int | None) -> None:
    assert passed_through(op, values) == through


def test_share_makes_equal_nodes_one() -> None:
    a, b = Interner(), Interner()
    depth = a.node("depth", (a.node("previous"),), {"method": "flat"})
    move = {"move": Column("camera.move"), "border": "wrap"}
    graph = one(a.node("warp3d", (b.node("previous"), depth), move))
    shared = share(graph, facts())
    warp = shared.templates[KEY]["carry"]
    assert warp.inputs[0] is warp.inputs[1].inputs[0]
    assert graph_text(graph).count("previous") == 2
    assert graph_text(shared).count("previous") == 1


def test_prune_drops_templates_without_frames() -> None:
    nodes = Interner()
    previous = nodes.node("previous")
    both = {KEY: {"carry": previous}, (0, "tween"): {"carry": previous}}
    assert set(prune(Graph(both), facts()).templates) == {KEY}


FILM = """
size = 64x64; fps = 8; length = 2s
prompt { 0s: "a"; 1s: "b" }
camera 3d { translation_z = 0s: 0, 2s: 10; zoom = 1 }
diffuse { steps = 8; strength = 0.4 + 0.1 * u }
coherence { color = lab; blend = 0.2; cadence = 2; noise = 0.01 }
"""


def scenes_of(text: str) -> tuple[Scene, ...]:
    return tuple(Scene(shot) for shot in film_of(text).shots)


def test_lowered_films_are_valid() -> None:
    assert verify(lower(scenes_of(FILM))) == ()
    assert verify(lower(scenes_of('length = 1s; prompt { 0s: "a" }'))) == ()


def test_the_standard_loop() -> None:
    diffused = graph_text(lower(scenes_of(FILM))).split("\n\n")[0].split("scene 0, first")[0]
    ops = [line.split(" = ")[1].split()[0] for line in diffused.splitlines() if line.startswith("  %")]
    assert ops == ["previous", "depth", "warp3d", "first", "match_color", "add_noise", "diffuse", "mix"]


def test_verify_finds_faults() -> None:
    nodes = Interner()
    bad = [
        nodes.node("nothing"),
        nodes.node("mix", (nodes.node("previous"),), {"weight": 0.5}),
        nodes.node("next"),
        nodes.node("depth", (nodes.node("previous"),), {"method": 3}),
        nodes.node("add_noise", (nodes.node("previous"),), {"amount": Column("absent"), "seed": 1}),
        nodes.node("init", (), {}),
    ]
    for node in bad:
        assert verify(one(node), {"present": (4,)}), node.op


def test_passes_are_idempotent_and_leave_valid_graphs() -> None:
    graph = lower(scenes_of(FILM))
    frames = 16
    columns = {
        "camera.from_previous": np.zeros((frames, 14)),
        "camera.from_next": np.zeros((frames, 14)),
        "tween.mix": np.full(frames, 0.5),
        "diffuse.steps": np.full(frames, 8),
        "diffuse.seed": np.arange(frames),
        **{n: np.full(frames, 0.5) for n in ("diffuse.cfg_scale", "diffuse.strength")},
        **{n: np.full(frames, 0.5) for n in ("coherence.noise", "coherence.blend")},
    }
    known = Facts(columns, {(0, "first"): (0,), (0, "diffused"): (2, 4), (0, "tween"): (1, 3)})
    shapes = {name: tuple(column.shape) for name, column in columns.items()}
    for step in PASSES:
        graph = step(graph, known)
        assert verify(graph, shapes) == ()
        assert graph_text(step(graph, known)) == graph_text(graph)


def test_every_op_has_a_version() -> None:
    assert all(op.version >= 1 and op.name == name for name, op in OPS.items())
