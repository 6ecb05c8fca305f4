"""What each pass made of a film's graph, and what it saved."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.graph import Choice, Column, Graph, Key, Node, Product, Rate, topological
from anim_compiler.ops import LEVELS, OPS, Level
from anim_compiler.passes.cost import Cost, cost
from anim_compiler.passes.identity import steps_of
from anim_compiler.text import graph_text, in_turn

NOTHING = "nothing to do"
"""What is told of a pass that left the graph as it was."""


@dataclass(frozen=True, slots=True)
class Step:
    """One pass: what it did in a few words, and what the graph costs after it; `lower` is the first."""

    name: str
    did: str
    cost: Cost
    before: Graph
    after: Graph

    @property
    def is_idle(self) -> bool:
        """Whether it left the graph as it was."""
        return self.did == NOTHING


def explained(stages: Sequence[tuple[str, Graph]], width: int, height: int) -> tuple[Step, ...]:
    """The stages of a film's graph (`compile.staged`), the lowered one first; the picture's size in px."""
    steps: list[Step] = []
    before = Graph({})
    for name, after in stages:
        known = cost(after, width, height, "film" if name == "lower" else "kernel")
        last = steps[-1].cost if steps else known
        did = _WORDS.get(name, _unknown)(before, after, last, known)
        steps.append(Step(name, did or NOTHING, known, before, after))
        before = after
    return tuple(steps)


def changes(step: Step, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The lines of the graph's text that a pass took away (`-`) and put in (`+`), a template after the other,
    with up to three lines around them; where lines are left out stands `@@`. `names` are those of the scenes.
    """
    lines: list[str] = []
    for key in in_turn(Graph({**step.before.templates, **step.after.templates})):
        old, new = (_template(graph, key, names) for graph in (step.before, step.after))
        if old != new:
            lines += ([""] if lines else []) + list(_compared(old, new))
    columns = [set(graph.columns) for graph in (step.before, step.after)]
    moved = [f"-column {name}" for name in sorted(columns[0] - columns[1])]
    moved += [f"+column {name}" for name in sorted(columns[1] - columns[0])]
    return (*lines, *([""] if lines and moved else []), *moved)


def _template(graph: Graph, key: Key, names: Sequence[str]) -> list[str]:
    """The lines of one template, none if the graph has none such."""
    template = graph.templates.get(key)
    alone = {} if template is None else {key: template}
    return graph_text(Graph(alone), names, places=True).splitlines()


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """What differs between two templates; the heading is always there."""
    found = list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
    head = f" {new[0]}" if old and new and old[0] == new[0] else ""
    if head and head not in found:
        yield head
    else:
        found = found[1:]
    yield from ("@@" if line.startswith("@@") else line for line in found)


# --- what each pass did, in words ---

_Words: TypeAlias = Callable[[Graph, Graph, Cost, Cost], str]


def _lowered(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    scenes = len({scene for scene, _ in after.templates})
    return f"{_count(scenes, 'scene')}, {_count(_for_a_frame(after, 'film'), 'op')} written"


def _expanded(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    return f"{_for_a_frame(before, 'film')} written ops are {_for_a_frame(after, 'kernel')} to run"


def _for_a_frame(graph: Graph, level: Level) -> int:
    """The ops of one frame of each scene, of that with most of them: two templates of a scene hold the same
    steps, and who wrote them wrote them once.
    """
    most: dict[int, int] = {}
    for (scene, _), template in graph.templates.items():
        kinds = (LEVELS[level].get(node.op, OPS.get(node.op)) for node in template.nodes)
        working = sum(kind is not None and kind.cost != "free" for kind in kinds)
        most[scene] = max(most.get(scene, 0), working)
    return sum(most.values())


def _tweened(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    tweens = _rows(after, "tween")
    return f"{tweens} of {_count(_rows(after), 'frame')} are tweens" if tweens else ""


def _folded(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    fixed = _moving(before) - _moving(after)
    noise = _ops(after)["generate"] - _ops(before)["generate"]
    return _listed(
        (fixed, "argument fixed", "arguments fixed"),
        (was.nodes - now.nodes, "op gone", "ops gone"),
        (noise, "from noise alone", "from noise alone"),
    )


def _shared(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    return _listed((was.nodes - now.nodes, "op was there twice", "ops were there twice"))


def _hoisted(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    old, new = _rates(before), _rates(after)
    return _listed(
        (new[Rate.FILM] - old[Rate.FILM], "op done once a film", "ops done once a film"),
        (new[Rate.SCENE] - old[Rate.SCENE], "op done once a scene", "ops done once a scene"),
    )


def _fused(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    warps = _ops(before)["warp2d"] - _ops(after)["warp2d"]
    colours = _recolouring(after)
    steps = sum(len(steps_of(dict(node.args))) for node in colours)
    chained = steps - sum(len(steps_of(dict(node.args))) for node in _recolouring(before))
    return _listed(
        (warps, "resample less a frame", "resamples less a frame"),
        (chained, f"change of colour in {len(colours)}", f"changes of colour in {len(colours)}"),
    )


def _pruned(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    return _listed(
        (was.templates - now.templates, "template gone", "templates gone"),
        (was.columns - now.columns, "column gone", "columns gone"),
    )


def _batched(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    apart = _rows(after, "fresh") - _rows(before, "fresh")
    return _listed(
        (now.free - was.free, "frame is free", "frames are free"),
        (apart, "split off", "split off"),
    )


def _placed(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    if _orders(before) == _orders(after):
        return ""
    return f"{_count(now.live, 'picture')} at once, not {was.live}" if now.live < was.live else "order kept"


def _unknown(before: Graph, after: Graph, was: Cost, now: Cost) -> str:
    return "" if graph_text(before) == graph_text(after) else "the graph changed"


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "lower": _lowered,
        "expand": _expanded,
        "cadence": _tweened,
        "fold": _folded,
        "share": _shared,
        "hoist": _hoisted,
        "fuse": _fused,
        "prune": _pruned,
        "batch": _batched,
        "place": _placed,
    }
)


# --- counting ---


def _nodes(graph: Graph) -> Iterator[Node]:
    for template in graph.templates.values():
        yield from topological(template.results)


def _ops(graph: Graph) -> Counter[str]:
    return Counter(node.op for node in _nodes(graph))


def _rates(graph: Graph) -> Counter[Rate]:
    """Ops by rate; pictures that are there already are no ops."""
    return Counter(node.rate for node in _nodes(graph) if node.inputs)


def _recolouring(graph: Graph) -> list[Node]:
    return [node for node in _nodes(graph) if node.op == "pointwise"]


def _moving(graph: Graph) -> int:
    """Arguments that may change with the frame."""
    args = (value for node in _nodes(graph) for _, value in node.args)
    return sum(isinstance(value, Column | Choice | Product) for value in args)


def _rows(graph: Graph, kind: str = "") -> int:
    found = graph.templates.items()
    return sum(len(template.frames) for (_, own), template in found if kind in ("", own))


def _orders(graph: Graph) -> list[list[int]]:
    """The order of work in every template, as places in the order that the text has."""
    found: list[list[int]] = []
    for template in graph.templates.values():
        number = {id(node): place for place, node in enumerate(topological(template.results))}
        found.append([number[id(node)] for node in template.order])
    return found


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(*parts: tuple[int, str, str]) -> str:
    """`3 arguments fixed, 1 op gone`; what is none or less is left out."""
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count > 0)
