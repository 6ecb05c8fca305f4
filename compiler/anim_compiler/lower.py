"""A film as a graph: one template a scene and kind of frame, nothing optimised yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anim_compiler.film import Camera, Shot, Transition, WordSchedule
from anim_compiler.graph import Arg, Choice, Column, Graph, Interner, Node, Rate

CUT = Transition()
"""How a scene follows another if nothing is said."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A shot to be lowered. It `goes_on` from the last picture of the scene before, is shown in by
    `arrives` and out by `leaves` (the next scene's transition); `moves` are the names of its camera's
    columns, from the diffused frame before and from the one after.
    """

    shot: Shot
    goes_on: bool = False
    arrives: Transition = CUT
    leaves: Transition = CUT
    moves: tuple[str, str] = ("camera.from_previous", "camera.from_next")


def lower(scenes: Sequence[Scene]) -> Graph:
    """The templates of a film: `first`, `diffused` and `tween` of every scene.

    Every argument that may change is a column; `fold` finds out which do not.
    """
    nodes = Interner()
    templates: dict[tuple[int, str], Mapping[str, Node]] = {}
    for index, scene in enumerate(scenes):
        build = _Lowering(scene, nodes)
        templates[index, "first"] = build.first()
        templates[index, "diffused"] = build.diffused()
        templates[index, "tween"] = build.tween()
    return Graph(templates)


class _Lowering:
    def __init__(self, scene: Scene, nodes: Interner) -> None:
        self._scene = scene
        self._shot = scene.shot
        self._nodes = nodes

    def first(self) -> Mapping[str, Node]:
        """The scene's first frame: from the last picture before, from `init`, else from noise."""
        if self._scene.goes_on:
            return self._shown(self._transformed(self._nodes.node("previous")))
        if self._shot.init is None:
            return self._shown(self._nodes.node("generate", args=self._sampling()))
        start = self._nodes.node("init", args={"name": self._shot.init}, rate=Rate.FILM)
        return self._shown(self._diffuse(start))

    def diffused(self) -> Mapping[str, Node]:
        """previous → warp → colour match → noise → image to image → blend with the carried picture."""
        moved = self._warp(self._nodes.node("previous"), self._scene.moves[0])
        first = self._nodes.node("first", rate=Rate.SCENE)
        space = str(self._shot.words.get("coherence.color") or "none")
        return self._shown(
            self._transformed(self._nodes.node("match_color", (moved, first), {"space": space}))
        )

    def tween(self) -> Mapping[str, Node]:
        """Both diffused neighbours warped here and mixed by the time between them."""
        before = self._warp(self._nodes.node("previous"), self._scene.moves[0])
        after = self._warp(self._nodes.node("next"), self._scene.moves[1])
        return self._shown(self._nodes.node("mix", (before, after), {"weight": Column("tween.mix")}))

    def _transformed(self, image: Node) -> Node:
        noise: dict[str, Arg] = {"amount": Column("coherence.noise"), "seed": Column("diffuse.seed")}
        fresh = self._diffuse(self._nodes.node("add_noise", (image,), noise))
        return self._nodes.node("mix", (fresh, image), {"weight": Column("coherence.blend")})

    def _warp(self, image: Node, column: str) -> Node:
        camera = self._shot.camera
        if camera is None:
            return image
        move: dict[str, Arg] = {"move": Column(column), "border": camera.border}
        if camera.axes == 2:
            return self._nodes.node("warp2d", (image,), move)
        return self._nodes.node("warp3d", (image, self._depth(camera, image)), move)

    def _depth(self, camera: Camera, image: Node) -> Node:
        return self._nodes.node("depth", (image,), {"method": camera.depth})

    def _diffuse(self, image: Node) -> Node:
        args = {**self._sampling(), "strength": Column("diffuse.strength")}
        return self._nodes.node("diffuse", (image,), args)

    def _sampling(self) -> dict[str, Arg]:
        return {
            "steps": Column("diffuse.steps"),
            "cfg_scale": Column("diffuse.cfg_scale"),
            "sampler": self._sampler(),
            "seed": Column("diffuse.seed"),
        }

    def _sampler(self) -> Arg:
        word = self._shot.words["diffuse.sampler"]
        if isinstance(word, WordSchedule):
            return Choice("diffuse.sampler", texts_of(word))
        return str(word)

    def _shown(self, carry: Node) -> dict[str, Node]:
        """What is shown of a carry: the carry itself but for the scene's transitions."""
        frame = carry
        arrives, leaves = self._scene.arrives, self._scene.leaves
        if arrives.kind in ("crossfade", "wipe"):
            way = "fade" if arrives.kind == "crossfade" else arrives.direction
            args: dict[str, Arg] = {"amount": Column("transition.reveal"), "way": way}
            frame = self._nodes.node("reveal", (frame,), args)
        for side, column in ((arrives, "transition.rise"), (leaves, "transition.fall")):
            if side.kind == "dip":
                dip: dict[str, Arg] = {"amount": Column(column), "color": side.color}
                frame = self._nodes.node("dip", (frame,), dip)
        return {"carry": carry, "frame": frame}


def texts_of(schedule: WordSchedule) -> tuple[str, ...]:
    """The texts of a schedule, each once, in the order in which they first stand there."""
    return tuple(dict.fromkeys(text for _, text in schedule.keys))
