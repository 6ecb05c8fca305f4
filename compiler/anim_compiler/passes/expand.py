"""`expand`: what a pipeline calls becomes what the runtime runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anim_compiler.graph import Arg, Column, Graph, Interner, Node, Template, topological
from anim_compiler.passes.expanding.making import Making, Picture
from anim_compiler.passes.expanding.moves import Transforms
from anim_compiler.passes.expanding.rows import expanded
from anim_compiler.passes.rewrite import Facts
from anim_compiler.transitions import DIPS, OVERLAPPING


def expand(graph: Graph, facts: Facts) -> Graph:
    """Film ops become kernel ops, and transitions are put over `frame`.

    In a scene's first frame `first` is not there yet, and `previous` only in a scene that goes on from the
    one before. What is made of a picture that is not there is not there either; a blend, mix or composite
    of which one side is not there is the other, colours that have nothing to be held to stay, and a mask
    that is not there is black. `diffuse` of what is not there is where a scene starts: `init` diffused, else
    a picture from noise. A `carry` that is not there at all is that start by the scene's own settings, or
    `init` as it is if the pipeline never asks the model, and what is made of it is made of that; a `frame`
    that is not there is the `carry`.

    Before:
    ```
    scene 0, first and diffused:
      %0 = previous
      %1 = warp %0 border="reflect" camera="camera"
      %2 = first
      %3 = match_color %1 %2 method="histogram" space="lab"
      %4 = diffuse %3 strength=[diffuse.strength] …
      %5 = blend %4 %3 weight=[coherence.blend]
    ```
    After:
    ```
    scene 0, diffused:
      %0 = previous
      %1 = warp2d %0 border="reflect" move=[camera.from_previous]
      %2 = first
      %3 = match_color %1 %2 method="histogram" space="lab"
      %4 = diffuse %3 strength=[diffuse.strength] …
      %5 = mix %4 %3 weight=[coherence.blend]
    scene 0, first:
      %0 = generate …
    ```
    """
    nodes, transforms = Interner(), Transforms(facts.height)
    templates = {
        key: _template(Making(facts.scenes[key[0]], key, nodes, transforms), template)
        for key, template in graph.templates.items()
    }
    return replace(graph, templates=templates, columns={**graph.columns, **transforms.columns(graph)})


def _template(making: Making, template: Template) -> Template:
    done: dict[int, Picture] = {}
    for node in topological(template.results):
        done[id(node)] = expanded(making, node, [done[id(i)] for i in node.inputs])
    carry = done[id(template.results["carry"])]
    if carry is None:
        carry = done[id(template.results["carry"])] = making.start(template)
        # what is made of the carry is made of what is there now: a grade, and what layers lay over nothing
        anew = {id(template.results["carry"])}
        for node in topological(template.results):
            if any(id(i) in anew for i in node.inputs):
                anew.add(id(node))
                done[id(node)] = expanded(making, node, [done[id(i)] for i in node.inputs])
    frame = done[id(template.results["frame"])] or _layered(making, template.results["frame"], carry, done)
    results = {"carry": making.image(carry), "frame": making.image(frame)}
    return replace(template, results=_shown(making, results), order=(), releases=())


def _layered(making: Making, frame: Node, carry: Node, done: Mapping[int, Picture]) -> Node:
    """The carry in the place of a frame that is not there, under the layers that lie over that frame."""
    if frame.op != "layer":
        return carry
    below = _layered(making, frame.inputs[0], carry, done)
    return expanded(making, frame, [below, *(done[id(i)] for i in frame.inputs[1:])]) or below


def _shown(making: Making, results: Mapping[str, Node]) -> Mapping[str, Node]:
    """The results with the scene's transitions over what is shown."""
    frame, scene = results["frame"], making.scene
    arrives, leaves = scene.arrives, scene.leaves
    if arrives.kind in OVERLAPPING:
        way = {"crossfade": "fade", "morph": "morph"}.get(arrives.kind, arrives.direction)
        args: dict[str, Arg] = {"amount": Column("transition.reveal"), "way": way}
        frame = making.node("reveal", (frame,), args)
    for side, column in zip((arrives, leaves), DIPS, strict=True):
        if side.kind == "dip":
            frame = making.node("dip", (frame,), {"amount": Column(column), "color": side.color})
    return {**results, "frame": frame}
