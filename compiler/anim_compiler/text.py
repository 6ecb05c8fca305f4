"""A graph as text: one line a node, for reading, comparing and goldens. `graph_read` reads it back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from anim_compiler.graph import Arg, Choice, Column, Graph, Key, Node, Product, Rate, Template, topological
from anim_compiler.ranges import frame_ranges
from anim_dsl.visible import json_escaped

KINDS = ("first", "diffused", "fresh", "tween")
"""The kinds of frames, in the order in which a scene's templates are told."""


def graph_text(graph: Graph, names: Sequence[str] = (), *, places: bool = False) -> str:
    """Every template of a graph; `names` are those of its scenes.

    ```
    scene 0 "night", diffused: frames 1-23, chained
      %0 = previous
      %1 = warp2d %0 border="reflect" move=[camera.from_previous]
      %2 = still name="photo" @film
      %3 = mix %1 %2 weight=0.25
      carry = %3
      frame = %3
    ```
    A node without `@` runs at every frame. A column stands in brackets: `[diffuse.strength]`; with texts, it
    says which of them is meant: `[diffuse.sampler: "Euler", "DDIM"]`; moves that follow each other are
    `[camera.from_previous * pipeline.turn.move]`. With `places`, what `place` found out is told as well:
    nodes stand in the order of work, and `# frees %0` says that nothing reads `%0` any more.
    """
    return "\n".join(_block(key, graph.templates[key], names, places) for key in in_turn(graph))


def in_turn(graph: Graph) -> tuple[Key, ...]:
    """The templates in the order in which they are told: by scene, and as its frames come."""
    return tuple(sorted(graph.templates, key=_turn))


def heading(key: Key, template: Template, names: Sequence[str] = (), *, placed: bool = False) -> str:
    """What a template is for: scene, kind of frame, its frames, and whether each waits for the one before."""
    scene, kind = key
    name = names[scene] if scene < len(names) else ""
    title = f"scene {scene} {_quoted(name)}" if name else f"scene {scene}"
    words = ", ".join(_words(key, template, placed))
    return f"{title}, {kind}:{' ' if words else ''}{words}"


def _block(key: Key, template: Template, names: Sequence[str], places: bool) -> str:
    placed = places and bool(template.order)
    lines = [heading(key, template, names, placed=placed), *_lines(template, placed)]
    return "\n".join(lines) + "\n"


def arg_text(value: Arg) -> str:
    """An argument as the text has it."""
    match value:
        case Column():
            return f"[{value.name}]"
        case Choice():
            return f"[{value.name}: {', '.join(_quoted(text) for text in value.texts)}]"
        case Product():
            return f"[{' * '.join(value.names)}]"
        case None:
            return "none"
        case bool():
            return "on" if value else "off"
        case str():
            return _quoted(value)
        case _:
            return repr(value)


def _turn(key: Key) -> tuple[int, int, str]:
    scene, kind = key
    return (scene, KINDS.index(kind) if kind in KINDS else len(KINDS), kind)


def _words(key: Key, template: Template, placed: bool) -> Iterator[str]:
    """Which frames a template makes, and how many of them at once."""
    if template.frames:
        yield f"frame{'s' if len(template.frames) > 1 else ''} {frame_ranges(template.frames)}"
    if template.batch != 1:
        yield "free" if template.batch == 0 else f"free by {template.batch}"
    elif is_chained(key, template):
        yield "chained"
    if placed:
        yield "placed"


def is_chained(key: Key, template: Template) -> bool:
    """Whether each frame waits for the one before: what it carries on is made from what that one carried.

    Nothing is before the film's first frame, and tweens wait for none of their kind.
    """
    if key == (0, "first") or key[1] == "tween" or "carry" not in template.results:
        return False
    return any(node.op == "previous" for node in topological({"carry": template.results["carry"]}))


def _lines(template: Template, placed: bool) -> Iterator[str]:
    nodes = template.order if placed else topological(template.results)
    number = {id(node): f"%{place}" for place, node in enumerate(nodes)}
    for place, node in enumerate(nodes):
        gone = template.releases[place] if placed and place < len(template.releases) else ()
        yield f"  {number[id(node)]} = {_call(node, number)}{_frees(gone)}"
    for name, node in sorted(template.results.items()):
        yield f"  {name} = {number[id(node)]}"


def _call(node: Node, number: dict[int, str]) -> str:
    words = [node.op, *(number[id(i)] for i in node.inputs)]
    words += [f"{name}={arg_text(value)}" for name, value in node.args]
    if node.rate is not Rate.IMAGE:
        words.append(f"@{node.rate}")
    return " ".join(words)


def _frees(places: Sequence[int]) -> str:
    return f"  # frees {' '.join(f'%{place}' for place in places)}" if places else ""


def _quoted(text: str) -> str:
    return json_escaped(json.dumps(text, ensure_ascii=False))
