"""`share` on graphs that were put together from parts."""

from __future__ import annotations

from tests.compiler.passes.graphs import after, facts, same

from anim_compiler.graph import Column, Graph, Interner, Template
from anim_compiler.passes import share
from anim_compiler.text import graph_text
from anim_compiler.verify import verify


def test_equal_nodes_become_one() -> None:
    a, b = Interner(), Interner()
    depth = a.node("depth", (a.node("previous"),), {"method": "flat"})
    warp = a.node("warp3d", (b.node("previous"), depth), {"move": Column("camera.move"), "border": "wrap"})
    apart = Graph({(0, "diffused"): Template({"carry": warp, "frame": warp}, (1,))})
    assert any("twice" in fault for fault in verify(apart, whole=False))
    assert graph_text(apart).count("= previous") == 2
    shared = share(apart, facts())
    assert graph_text(shared) == (
        "scene 0, diffused: frame 1, chained\n"
        "  %0 = previous\n"
        '  %1 = depth %0 method="flat"\n'
        '  %2 = warp3d %0 %1 border="wrap" move=[camera.move]\n'
        "  carry = %2\n"
        "  frame = %2\n"
    )
    assert verify(shared, whole=False) == ()
    assert graph_text(share(shared, facts())) == graph_text(shared)


def test_scenes_share_too() -> None:
    made = {}
    for scene in (0, 1):
        nodes = Interner()
        photo = nodes.node("still", (), {"name": "photo"})
        made[scene, "first"] = Template({"carry": photo, "frame": photo}, (scene,))
    shared = share(Graph(made), facts()).templates
    assert shared[0, "first"].results["carry"] is shared[1, "first"].results["carry"]


def test_a_number_and_a_switch_are_not_equal() -> None:
    nodes = Interner()
    previous = nodes.node("previous")
    one = nodes.node("contrast", (previous,), {"amount": 1})
    other = nodes.node("contrast", (previous,), {"amount": 1.0})
    mixed = nodes.node("mix", (one, other), {"weight": 0.5})
    shared = share(Graph({(0, "diffused"): Template({"carry": mixed, "frame": mixed}, (1,))}), facts())
    assert graph_text(shared).count("contrast") == 2


TWICE = """
scene 0, diffused: frames 1-3, chained
  %0 = previous
  %1 = contrast %0 amount=[one]
  %2 = contrast %0 amount=[two]
  %3 = composite %1 %2 mode="screen" opacity=0.5
  carry = %3
  frame = %3
"""


def test_columns_that_hold_the_same_are_one() -> None:
    wave = [1.0, 1.1, 1.2, 1.3]
    assert after(share, TWICE, {"one": wave, "two": [9.0, *wave[1:]]}) == same(
        """
        scene 0, diffused: frames 1-3, chained
          %0 = previous
          %1 = contrast %0 amount=[one]
          %2 = composite %1 %1 mode="screen" opacity=0.5
          carry = %2
          frame = %2
        """
    )
    assert after(share, TWICE, {"one": wave, "two": [*wave[:3], 9.0]}) == same(TWICE)


def test_columns_keep_their_names_where_nothing_is_saved() -> None:
    apart = TWICE.replace("%2 = contrast %0", "%2 = contrast %1")
    assert after(share, apart, {"one": 1.2, "two": 1.2}) == same(apart)


def test_what_stands_beside_the_carry_does_not_become_it() -> None:
    beside = TWICE.replace("carry = %3", "carry = %1")
    assert after(share, beside, {"one": 1.2, "two": 1.2}) == same(beside)
