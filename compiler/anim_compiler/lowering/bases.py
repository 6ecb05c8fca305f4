"""Since when a camera moves a picture."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.camera_3d import FLIPS
from anim_compiler.film import Camera
from anim_compiler.graph import Graph, Node, topological
from anim_compiler.lowering.paths import Base

MOVED = frozenset({"warp", "uncovered"})
"""Film ops that read a camera's moves."""


def base(picture: Node) -> Base:
    """Since when a picture is moved: what comes from `previous` since the frame before, what comes from
    `first` since that one, anything else, such as a still or `init`, since the scene began.
    """
    leaves = {node.op for node in topological({"picture": picture})}
    return "previous" if "previous" in leaves else "first" if "first" in leaves else "start"


def flips(camera: Camera) -> bool:
    """Whether it is a camera in 3d that turns the picture in perspective before it moves; one in 2d does
    both at once.
    """
    return not camera.in_plane and not FLIPS.isdisjoint(camera.channels)


def moves_read(graph: Graph) -> Mapping[int, frozenset[tuple[str, Base]]]:
    """The moves that each scene of a film's graph reads: the camera's name and since when."""
    found: dict[int, set[tuple[str, Base]]] = {}
    for (scene, _), template in graph.templates.items():
        for node in template.nodes:
            if node.op in MOVED:
                read = found.setdefault(scene, set())
                read.add((str(node.arg("camera")), base(node.inputs[0])))
    return {scene: frozenset(read) for scene, read in found.items()}
