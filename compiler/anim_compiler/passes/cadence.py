"""`cadence`: which frames ask the model, and what stands between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anim_compiler.clip_times import after_column, before_column
from anim_compiler.film import OpCall
from anim_compiler.graph import Arg, Column, Graph, Interner, Key, Node, Template, topological
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.lower import Scene
from anim_compiler.lowering.arguments import argument
from anim_compiler.lowering.paths import Named
from anim_compiler.passes.expanding.making import MODEL
from anim_compiler.passes.rewrite import Facts, rebuilt
from anim_dsl.source import Span

_SINCE, _UNTIL = ".from_previous", ".from_next"


def cadence(graph: Graph, facts: Facts) -> Graph:
    """The rows between two diffused frames get a template of their own, `tween`.

    Its `carry` is both neighbours, each moved here by the camera that the pipeline moves `previous` by, and
    along the motion in a video that it follows, mixed by the time between them; with several warps one after
    the other all of them, with several side by side those of the picture that stands first. Where tweens are
    made by flow (`along`) both are not mixed: what moved besides is looked for, and is where it would be by
    then. No other op of the way to `carry` is done: a tween shows a frame that was diffused for time f at f,
    and nothing of it at the next one's time. Its `frame` is that of the pipeline with this picture in the
    place of `carry` and of all that the model makes on the way to it; whatever else `frame` is made of is
    done for every frame as it is written, a `diffuse` behind `carry` as well. Every argument is read at the
    frame in work.

    Before, of eight frames with `cadence = 4`:
    ```
    scene 0, diffused: 1-7
      %0 = previous
      %1 = warp2d %0 border="reflect" move=[camera.from_previous]
      %2 = diffuse %1 …
    ```
    After:
    ```
    scene 0, diffused: 4,7
      …
    scene 0, tween: 1-3,5-6
      %0 = previous
      %1 = warp2d %0 border="reflect" move=[camera.from_previous]
      %2 = next
      %3 = warp2d %2 border="reflect" move=[camera.from_next]
      %4 = mix %1 %3 weight=[tween.mix]
    ```
    """
    tweens = {row for row, kind in enumerate(facts.how.kinds) if kind == "tween"}
    nodes = Interner()
    known = rebuilt(graph, lambda node, inputs, key: nodes.node(node.op, inputs, dict(node.args), node.rate))
    templates: dict[Key, Template] = {}
    for key, template in known.templates.items():
        between = tuple(row for row in template.frames if row in tweens)
        if key[1] != "diffused" or not between:
            templates[key] = template
            continue
        rest = tuple(row for row in template.frames if row not in tweens)
        templates[key] = replace(template, frames=rest)
        motion = along(facts.scenes[key[0]]) if key[0] < len(facts.scenes) else {}
        templates[key[0], "tween"] = Template(_Tween(template.results, nodes, motion).results(), between)
    return replace(known, templates=templates)


def along(scene: Scene) -> Mapping[str, Arg]:
    """The arguments of the motion that a scene's tweens move along; none where they are melted.

    It is what `tween` says, and with `flow = on` they move unless it is said.
    """
    words = scene.shot.words
    if words.get("coherence.tween", "flow" if words.get("coherence.flow") is True else "mix") != "flow":
        return {}
    call = Named("tween", OpCall("follow", (), {}, Span(0, 0)))
    args = (arg for arg in IMAGE_OPS["follow"].args if arg.name in ("factor", "preset"))
    return {arg.name: argument(scene.shot, call, arg, scene.scale) for arg in args}


class _Tween:
    """The results of a tween, from those of the diffused frames; `motion` are the arguments of `between`."""

    def __init__(self, results: Mapping[str, Node], nodes: Interner, motion: Mapping[str, Arg]) -> None:
        self._results = results
        self._nodes = nodes
        self._motion = motion

    def results(self) -> Mapping[str, Node]:
        """What a tween carries, and what it shows."""
        way = _way(self._results["carry"])
        before = after = self._nodes.node("previous")
        for warp in way:
            before = self._warped(warp, before, _SINCE)
        after = self._nodes.node("next")
        # from the frame after, the moves are undone: the last first
        for warp in reversed(way):
            after = self._warped(warp, after, _UNTIL)
        weight: Mapping[str, Arg] = {"weight": Column("tween.mix")}
        op = "between" if self._motion else "mix"
        carry = self._nodes.node(op, (before, after), {**weight, **self._motion})
        return {"carry": carry, "frame": self._frame(carry)}

    def _warped(self, warp: Node, picture: Node, side: str) -> Node:
        """A picture moved as a warp of the pipeline moves it, from the neighbour of that side."""
        args = dict(warp.args)
        if warp.op == "warp_flow":
            flow = warp.inputs[1] if side == _SINCE else self._until(warp.inputs[1])
            return self._nodes.node(warp.op, (picture, flow), args)
        move = args["move"]
        assert isinstance(move, Column)
        args["move"] = Column(side.join(move.name.rsplit(_SINCE, 1)))
        inputs = (picture, *(self._depth(depth, picture) for depth in warp.inputs[1:]))
        return self._nodes.node(warp.op, inputs, args)

    def _until(self, flow: Node) -> Node:
        """The flow of a video since the neighbour after instead of the one before."""
        later, earlier = flow.inputs
        return self._nodes.node("estimate_flow", (later, self._later(earlier)), dict(flow.args))

    def _later(self, picture: Node) -> Node:
        """A picture of videos at the neighbour after instead of the one before."""
        made: dict[int, Node] = {}
        for node in topological({"picture": picture}):
            if node.op == "clip":
                name = str(node.arg("name"))
                if node.arg("at") == Column(before_column(name)):
                    at = {**dict(node.args), "at": Column(after_column(name))}
                    made[id(node)] = self._nodes.node("clip", (), at, node.rate)
        return self._replaced(picture, made)

    def _depth(self, depth: Node, picture: Node) -> Node:
        """How far away a picture's pixels are: as the pipeline finds it, of this picture; what is not made
        of the frame before is the same here.
        """
        nodes = topological({"depth": depth})
        if not any(node.op == "previous" for node in nodes):
            return self._later(depth) if picture.op == "next" else depth
        estimated = next((node for node in nodes if node.op == "depth"), None)
        if estimated is not None:
            # its range is that of the scene's first frame, whatever picture it is of
            found = self._nodes.node("depth", (picture, *estimated.inputs[1:]), dict(estimated.args))
            return self._steady(depth, found, picture)
        return self._replaced(depth, {id(node): picture for node in nodes if node.op == "previous"})

    def _steady(self, depth: Node, found: Node, picture: Node) -> Node:
        """An estimate with some of what is kept of its picture; a tween keeps nothing itself."""
        if depth.op != "steady_depth" or picture.op not in ("previous", "next"):
            return found
        kept = self._nodes.node(f"{picture.op}_depth")
        args = {name: value for name, value in depth.args if name != "move"}
        return self._nodes.node("steady_depth", (found, kept), args)

    def _frame(self, carry: Node) -> Node:
        made = {id(self._results["carry"]): carry}
        for node in topological({"carry": self._results["carry"]}):
            if node.op in MODEL:
                made[id(node)] = carry
        return self._replaced(self._results["frame"], made)

    def _replaced(self, result: Node, known: Mapping[int, Node]) -> Node:
        """A result with other nodes in the place of some."""
        done: dict[int, Node] = {}
        for node in topological({"result": result}):
            found = known.get(id(node))
            if found is None:
                inputs = tuple(done[id(i)] for i in node.inputs)
                found = self._nodes.node(node.op, inputs, dict(node.args), node.rate)
            done[id(node)] = found
        return done[id(result)]


def _way(carry: Node) -> tuple[Node, ...]:
    """The camera's warps, and those along a video's motion, between `previous` and what is carried, the first
    first: along the first picture of every op that comes from `previous`.
    """
    way: list[Node] = []
    node = carry
    while node.op != "previous":
        through = next((i for i in node.inputs if _comes_from_previous(i)), None)
        if through is None:
            return ()
        if through is node.inputs[0] and (_is_camera(node) or _is_followed(node)):
            way.append(node)
        node = through
    return tuple(reversed(way))


def _comes_from_previous(node: Node) -> bool:
    return any(leaf.op == "previous" for leaf in topological({"node": node}))


def _is_camera(warp: Node) -> bool:
    move = warp.arg("move") if warp.op in ("warp2d", "warp3d") else None
    return isinstance(move, Column) and _SINCE in move.name


def _is_followed(warp: Node) -> bool:
    """Whether a picture is moved along the motion of videos alone."""
    if warp.op != "warp_flow":
        return False
    leaves = {node.op for node in topological({"flow": warp.inputs[1]})}
    return "clip" in leaves and leaves.isdisjoint(("previous", "first"))
