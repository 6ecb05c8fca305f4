"""What is wrong with a graph is said; a sound one is said nothing of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.sound_graphs import COLUMNS, FILMS, ROWS, sound_graphs, stages

from anim_compiler.graph import Choice, Column, Graph, Interner, Node, Product, Rate, Template
from anim_compiler.ops import KERNEL_OPS, OPS
from anim_compiler.passes.identity import passed_through_rows
from anim_compiler.verify import verify

KEY = (0, "diffused")
N = Interner()
PREVIOUS, PHOTO = N.node("previous"), N.node("init", (), {"name": "photo"}, Rate.FILM)


def one(node: Node, **given: object) -> Graph:
    """A film whose frames are all made by one template."""
    template = Template({"carry": node, "frame": node}, tuple(range(ROWS)))
    return Graph({KEY: replace(template, **given)}, COLUMNS)  # type: ignore[arg-type]


def contrast(picture: Node = PREVIOUS, amount: object = 0.5, rate: Rate = Rate.IMAGE) -> Node:
    return N.node("contrast", (picture,), {"amount": amount}, rate)  # type: ignore[dict-item]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sound_graphs())
def test_a_sound_graph_has_no_faults(graph: Graph) -> None:
    assert verify(graph) == ()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(sound_graphs("film"))
def test_a_sound_graph_of_film_ops_has_no_faults(graph: Graph) -> None:
    assert verify(graph, "film") == ()


@pytest.mark.parametrize("name", FILMS)
def test_films_are_sound_after_every_pass(name: str) -> None:
    for step, graph in stages(name):
        assert verify(graph, "film" if step == "lower" else "kernel") == (), step


@pytest.mark.parametrize(
    ("node", "says"),
    [
        (N.node("nothing"), "there is no kernel op `nothing`"),
        (N.node("warp", (PREVIOUS,), {"camera": "", "border": "wrap"}), "there is no kernel op `warp`"),
        (N.node("mix", (PREVIOUS,), {"weight": 0.5}), "has 1 inputs and takes 2"),
        (
            N.node("warp3d", (PREVIOUS, PHOTO), {"move": Column("poses"), "border": "wrap"}),
            "takes depth as input 1",
        ),
        (
            N.node("depth_mask", (PREVIOUS,), {"low": 0.0, "high": 1.0}),
            "takes depth as input 0 and is given image",
        ),
        (N.node("contrast", (PREVIOUS,), {}), "lacks its argument `amount`"),
        (N.node("contrast", (PREVIOUS,), {"amount": 1.0, "size": 2}), "has no argument `size`"),
        (contrast(amount="much"), "has `amount` 'much', and is number"),
        (contrast(amount=True), "has `amount` True, and is number"),
        (contrast(amount=float("nan")), "has `amount` nan, and is number"),
        (contrast(amount=None), "has `amount` empty"),
        (contrast(amount=Column("absent")), "has `amount` the column absent, which is not there"),
        (contrast(amount=Column("moves")), "of shape [12, 9], and is number"),
        (contrast(amount=Column("broken")), "which is not finite everywhere"),
        (contrast(amount=Choice("which", ("a", "b"))), "a choice of texts, and is number"),
        (contrast(amount=Product(("numbers", "numbers"))), "a product, and is number"),
        (N.node("depth", (PREVIOUS,), {"method": Column("which")}), "has `method` a column, and is text"),
        (N.node("depth", (PREVIOUS,), {"method": Choice("which", ("a",))}), "which points beyond its texts"),
        (
            N.node("warp2d", (PREVIOUS,), {"move": Product(("moves", "poses")), "border": "wrap"}),
            "the column poses of shape [12, 14], and is move9",
        ),
        (N.node("generate", (), {"steps": Column("numbers")}), "which is not whole everywhere"),
        (N.node("pointwise", (PREVIOUS,), {"steps": "contrast dip", "0.amount": 1.0}), "argument `1.amount`"),
        (N.node("pointwise", (PREVIOUS,), {"steps": "blur", "0.radius": 1.0}), "has no argument `0.radius`"),
        (N.node("next"), "stands outside a tween"),
        (N.node("depth", (PREVIOUS,), {"method": "flat"}), "its `carry` is no picture"),
        (contrast(rate=Rate.SCENE), "runs once a scene, and what it is made from once a image"),
        (contrast(PHOTO, Column("numbers"), Rate.FILM), "runs once a film"),
        (Node("contrast", (N.node("previous"),), (("amount", 1.0), ("amount", 1.0)), Rate.IMAGE), "sorted"),
    ],
)
def test_faults_of_nodes(node: Node, says: str) -> None:
    graph = one(node)
    broken = np.full(ROWS, np.nan)
    faults = verify(replace(graph, columns={**COLUMNS, "broken": broken}))
    assert [fault for fault in faults if says in fault], faults


def test_columns_are_looked_at_where_the_template_reads_them() -> None:
    later = np.where(np.arange(ROWS) < 6, np.nan, 1.0)
    node = contrast(amount=Column("later"))
    graph = Graph({KEY: Template({"carry": node, "frame": node}, tuple(range(6, ROWS)))}, {"later": later})
    assert verify(graph, whole=False) == ()
    assert verify(replace(graph, templates={KEY: replace(graph.templates[KEY], frames=(5, 6))}), whole=False)


def test_equal_nodes_are_one() -> None:
    again = Interner().node("previous")
    mixed = N.node("mix", (PREVIOUS, again), {"weight": 0.5})
    assert verify(one(mixed)) == ("scene 0, diffused: previous is there twice, and equal",)


def test_equal_nodes_of_two_templates_are_one() -> None:
    graph = one(PREVIOUS, frames=tuple(range(1, ROWS)))
    other = Interner().node("init", (), {"name": "photo"}, Rate.FILM)
    mixed = Template({"carry": PHOTO, "frame": PHOTO}, (0,))
    both = replace(graph, templates={**graph.templates, (0, "first"): mixed})
    assert verify(both) == ()
    twin = replace(mixed, results={"carry": PHOTO, "frame": other})
    assert verify(replace(both, templates={**both.templates, (0, "first"): twin}))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"frames": tuple(range(1, ROWS))}, "no template makes rows 0"),
        ({"frames": (1, 0, *range(2, ROWS))}, "its frames do not ascend"),
        ({"frames": tuple(range(ROWS + 1))}, f"rows {ROWS} are no rows of the columns"),
        ({"batch": 0}, "it is free, and its carry reads `previous`"),
        ({"batch": -1}, "it works at -1 frames at once"),
        ({"results": {"carry": PREVIOUS}}, "its results are ['carry']"),
        ({"order": (PHOTO,)}, "its order does not hold each of its nodes once"),
        ({"releases": ((),)}, "it releases values and has no order"),
    ],
)
def test_faults_of_templates(given: dict[str, object], says: str) -> None:
    faults = verify(one(PREVIOUS, **given))
    assert [fault for fault in faults if says in fault], faults


def test_rows_are_made_once() -> None:
    graph = one(PHOTO)
    twice = {**graph.templates, (0, "first"): Template({"carry": PHOTO, "frame": PHOTO}, (0, 1, 2, 5))}
    assert verify(replace(graph, templates=twice)) == ("rows 0-2,5 are made by several templates",)


def test_a_first_frame_has_nothing_before_it() -> None:
    graph = Graph({(0, "first"): Template({"carry": PREVIOUS, "frame": PREVIOUS}, (0,))})
    assert verify(graph) == ("scene 0, first: previous stands where nothing was before",)
    assert verify(graph, "film") == ()


NOISED = N.node("add_noise", (PREVIOUS,), {"amount": 0.5, "seed": 1})
MIXED = N.node("mix", (NOISED, PREVIOUS), {"weight": 0.5})


@pytest.mark.parametrize(
    ("order", "releases", "says"),
    [
        ((PREVIOUS, NOISED, MIXED), ((), (), (0, 1)), ""),
        ((PREVIOUS, NOISED, MIXED), ((), (0,), (1,)), "mix reads what was released"),
        ((NOISED, PREVIOUS, MIXED), ((), (), ()), "add_noise stands before what it is made from"),
        ((PREVIOUS, NOISED, MIXED), ((), (), (2,)), "mix releases a result"),
        ((PREVIOUS, NOISED, MIXED), ((1,), (), ()), "previous releases value 1, which is not held"),
        ((PREVIOUS, NOISED, MIXED), ((), (), (0, 0)), "mix releases value 0, which is not held"),
        ((PREVIOUS, NOISED, MIXED), ((), ()), "it has 3 nodes and 2 releases"),
    ],
)
def test_orders_and_releases(
    order: tuple[Node, ...], releases: tuple[tuple[int, ...], ...], says: str
) -> None:
    faults = verify(one(MIXED, order=order, releases=releases))
    assert bool(faults) == bool(says)
    assert not says or any(says in fault for fault in faults), faults


def test_a_part_of_a_film_may_miss_rows_and_columns() -> None:
    graph = Graph({KEY: Template({"carry": (n := contrast(amount=Column("elsewhere"))), "frame": n}, (3, 4))})
    assert verify(graph, whole=False) == ()
    assert verify(graph)


def test_the_table_knows_what_may_change_nothing() -> None:
    """An op has `identity` if and only if the passes know values with which it gives back an input."""
    from anim_compiler.passes import identity

    assert {name for name, op in KERNEL_OPS.items() if op.identity} == set(identity._RULES)
    assert passed_through_rows("luma_mask", {"low": 0.0, "high": 1.0}, 1).tolist() == [-1]


def test_every_op_has_a_version_and_its_own_name() -> None:
    assert all(op.version >= 1 and op.name == name for name, op in OPS.items())


def test_only_ops_of_one_picture_are_steps_of_pointwise() -> None:
    steps = [op for op in KERNEL_OPS.values() if op.pointwise]
    assert {op.name for op in steps} == {"contrast", "grade", "vignette", "grain", "lut", "dip", "add_noise"}
    assert all(op.inputs == ("image",) and op.cost == "pointwise" for op in steps)
