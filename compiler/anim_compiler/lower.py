"""A film as a graph: one template a scene and kind of frame, nothing optimised yet."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.film import Film
from anim_compiler.graph import Arg, Column, Graph, Interner, Node, Rate


def lower(film: Film) -> Graph:
    """The templates of a film: `first`, `diffused` and `tween` of its one scene.

    Every argument that may change is a column; `fold` finds out which do not.
    """
    build = _Lowering(film)
    return Graph(
        {(0, "first"): build.first(), (0, "diffused"): build.diffused(), (0, "tween"): build.tween()}
    )


class _Lowering:
    def __init__(self, film: Film) -> None:
        self._film = film
        self._nodes = Interner()

    def first(self) -> Mapping[str, Node]:
        """The scene's first frame: from `init`, else from noise."""
        if self._film.init is None:
            return _shown(self._nodes.node("generate", args=self._sampling()))
        start = self._nodes.node("init", args={"name": self._film.init}, rate=Rate.FILM)
        return _shown(self._diffuse(start))

    def diffused(self) -> Mapping[str, Node]:
        """previous → warp → colour match → noise → image to image → blend with the carried picture."""
        moved = self._warp(self._nodes.node("previous"), "camera.from_previous")
        first = self._nodes.node("first", rate=Rate.SCENE)
        space = str(self._film.words.get("coherence.color") or "none")
        toned = self._nodes.node("match_color", (moved, first), {"space": space})
        noise: dict[str, Arg] = {"amount": Column("coherence.noise"), "seed": Column("diffuse.seed")}
        noised = self._nodes.node("add_noise", (toned,), noise)
        fresh = self._diffuse(noised)
        return _shown(self._nodes.node("mix", (fresh, toned), {"weight": Column("coherence.blend")}))

    def tween(self) -> Mapping[str, Node]:
        """Both diffused neighbours warped here and mixed by the time between them."""
        before = self._warp(self._nodes.node("previous"), "camera.from_previous")
        after = self._warp(self._nodes.node("next"), "camera.from_next")
        return _shown(self._nodes.node("mix", (before, after), {"weight": Column("tween.mix")}))

    def _warp(self, image: Node, column: str) -> Node:
        camera = self._film.camera
        if camera is None:
            return image
        move: dict[str, Arg] = {"move": Column(column), "border": camera.border}
        if camera.axes == 2:
            return self._nodes.node("warp2d", (image,), move)
        depth = self._nodes.node("depth", (image,), {"method": camera.depth})
        return self._nodes.node("warp3d", (image, depth), move)

    def _diffuse(self, image: Node) -> Node:
        args = {**self._sampling(), "strength": Column("diffuse.strength")}
        return self._nodes.node("diffuse", (image,), args)

    def _sampling(self) -> dict[str, Arg]:
        return {
            "steps": Column("diffuse.steps"),
            "cfg_scale": Column("diffuse.cfg_scale"),
            "sampler": str(self._film.words["diffuse.sampler"]),
            "seed": Column("diffuse.seed"),
        }


def _shown(node: Node) -> dict[str, Node]:
    """What is carried is shown, as long as nothing grades it."""
    return {"carry": node, "frame": node}
