"""`place` on graphs as text, and against every order there is."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from tests.compiler.passes.graphs import after, facts, graph, same

from anim_compiler.graph import Graph, Interner, Node, Template
from anim_compiler.passes import place
from anim_compiler.passes.place import peak, releases_of
from anim_compiler.text import graph_text
from anim_compiler.verify import verify


def test_little_lives_at_once() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = still name="photo"
      %2 = blur %1 radius=4.0
      %3 = sharpen %0 amount=1.0 radius=1.0 threshold=0.0
      %4 = mix %3 %2 weight=0.5
      carry = %4
      frame = %4
    """
    assert after(place, text) == same(
        """
        scene 0, diffused: frames 1-3, chained, placed
          %0 = previous
          %1 = sharpen %0 amount=1.0 radius=1.0 threshold=0.0  # frees %0
          %2 = still name="photo"
          %3 = blur %2 radius=4.0  # frees %2
          %4 = mix %1 %3 weight=0.5  # frees %1 %3
          carry = %4
          frame = %4
        """
    )
    known = graph(text)
    found = place(known, facts()).templates[0, "diffused"]
    assert peak(found, 48, 32).values == 3
    assert peak(found, 48, 32).bytes == 3 * 3 * 48 * 32 * 4


def test_the_carry_stands_first() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = still name="photo"
      %1 = previous
      %2 = blur %1 radius=4.0
      %3 = mix %0 %2 weight=0.5
      carry = %2
      frame = %3
    """
    done = after(place, text)
    assert done.index("blur") < done.index("still")
    assert "# frees %0" in done, "what was carried before is let go of"
    assert "frees %1" not in done, "the carry is a result"


def test_small_values_wait_rather_than_pictures() -> None:
    """Of two branches, the one that ends in a mask is done first."""
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = still name="a"
      %2 = blur %1 radius=4.0
      %3 = still name="b"
      %4 = luma_mask %3 high=0.8 low=0.2
      %5 = masked %0 %2 %4
      carry = %5
      frame = %5
    """
    done = after(place, text)
    assert done.index("luma_mask") < done.index("blur")
    assert done.index("luma_mask") < done.index("previous")


def test_statistics_of_a_scene_cost_no_picture() -> None:
    text = """
    scene 0, diffused: frames 1-3, chained
      %0 = previous
      %1 = first @scene
      %2 = color_stats %1 space="lab" @scene
      %3 = match_stats %0 %2 space="lab"
      carry = %3
      frame = %3
    """
    known = graph(text)
    assert peak(known.templates[0, "diffused"], 48, 32).values == 3
    assert peak(place(known, facts()).templates[0, "diffused"], 48, 32).values == 2


def random_template(seed: int, size: int) -> Template:
    rng, nodes = random.Random(seed), Interner()
    made: list[Node] = [nodes.node("still", (), {"name": f"s{i}"}) for i in range(3)]
    made.append(nodes.node("previous"))
    for i in range(size):
        a, b = (rng.choice(made[-5:]) for _ in range(2))
        match rng.randrange(4):
            case 0:
                made.append(nodes.node("luma_mask", (a,), {"low": 0.1 * i, "high": 0.9}))
            case 1:
                made.append(nodes.node("blur", (a,), {"radius": 1.0 + i}))
            case _:
                made.append(nodes.node("mix", (a, b), {"weight": i / 100}))
    return Template({"carry": made[-1], "frame": rng.choice(made[-3:])}, (1,))


def bytes_of(template: Template, order: tuple[Node, ...]) -> int:
    released = releases_of(order, template.results.values())
    return peak(Template(template.results, template.frames, order=order, releases=released), 1, 1).bytes


@pytest.mark.parametrize("seed", range(25))
def test_no_order_of_a_small_template_needs_less(seed: int) -> None:
    template = random_template(seed, 4)
    template = Template({"carry": template.results["carry"], "frame": template.results["carry"]}, (1,))
    found = place(Graph({(0, "diffused"): template}), facts()).templates[0, "diffused"]
    number = {id(node): i for i, node in enumerate(found.order)}
    orders = (
        order
        for order in permutations(found.order)
        if all(
            number[id(i)] in seen
            for seen, node in zip(
                ({number[id(n)] for n in order[:k]} for k in range(len(order))), order, strict=True
            )
            for i in node.inputs
        )
    )
    assert len(found.order) <= 8
    assert bytes_of(template, found.order) == min(bytes_of(template, order) for order in orders)


@pytest.mark.parametrize("seed", range(25))
def test_orders_are_whole_and_twice_is_once(seed: int) -> None:
    known = Graph({(0, "diffused"): random_template(seed, 30)})
    once = place(known, facts())
    assert verify(once, whole=False) == ()
    assert graph_text(place(once, facts()), places=True) == graph_text(once, places=True)
    template = once.templates[0, "diffused"]
    assert peak(template, 1, 1).bytes <= peak(known.templates[0, "diffused"], 1, 1).bytes


def test_wide_graphs_end() -> None:
    nodes = Interner()
    sources = [nodes.node("clip", (), {"name": f"s{i}", "at": 0.5, "fit": "cover"}) for i in range(40)]
    stills = [nodes.node("blur", (source,), {"radius": 2.0}) for source in sources]
    while len(stills) > 1:
        pairs = zip(stills[::2], stills[1::2], strict=False)
        mixed = [nodes.node("mix", pair, {"weight": 0.5}) for pair in pairs]
        stills = mixed + stills[len(stills) // 2 * 2 :]
    known = Graph({(0, "diffused"): Template({"carry": stills[0], "frame": stills[0]}, (1,))})
    done = place(known, facts())
    assert verify(done, whole=False) == ()
    assert peak(done.templates[0, "diffused"], 1, 1).values <= 10


def test_a_template_without_results() -> None:
    assert place(Graph({(0, "first"): Template({})}), facts()).templates[0, "first"].order == ()
