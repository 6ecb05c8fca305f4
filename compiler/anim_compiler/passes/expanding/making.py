"""One template while its film ops become kernel ops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from anim_compiler.film import OpCall
from anim_compiler.graph import Arg, Interner, Key, Node, Rate, Template, topological
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.lower import Scene
from anim_compiler.lowering.arguments import argument
from anim_compiler.lowering.paths import Named
from anim_compiler.ops import KERNEL_OPS, gives
from anim_compiler.passes.expanding.moves import Transforms
from anim_dsl.source import Span

Picture: TypeAlias = Node | None
"""What a film op comes to; None is what is not there yet in a scene's first frame."""

MODEL = frozenset({"diffuse", "generate"})
"""The ops that ask the model, on both levels."""


@dataclass(frozen=True, slots=True)
class Making:
    """A template of a scene in work; `transforms` collects the moves that it needs beside the camera's."""

    scene: Scene
    key: Key
    nodes: Interner
    transforms: Transforms

    @property
    def is_first(self) -> bool:
        """Whether it makes the scene's first frame."""
        return self.key[1] == "first"

    def node(self, op: str, inputs: Sequence[Node] = (), args: Mapping[str, Arg] | None = None) -> Node:
        """A kernel node; arguments that its op does not have are left away, a depth map is made a picture."""
        spec = KERNEL_OPS[op]
        taken = {name: value for name, value in (args or {}).items() if name in spec.args}
        fitted = [
            picture if kind in ("depth", "stats") else self.image(picture)
            for picture, kind in zip(inputs, spec.inputs, strict=False)
        ]
        return self.nodes.node(op, fitted, taken)

    def leaf(self, op: str, args: Mapping[str, Arg] | None = None, rate: Rate = Rate.IMAGE) -> Node:
        """A picture that is there already."""
        return self.nodes.node(op, args=args, rate=rate)

    def image(self, picture: Node) -> Node:
        """A picture or mask; a depth map as a mask of what is far."""
        if gives(picture, KERNEL_OPS) != "depth":
            return picture
        return self.nodes.node("depth_mask", (picture,), {"low": 0.0, "high": 1.0})

    def depth(self, picture: Node) -> Node:
        """A depth map; of a picture or mask what is black is near."""
        if gives(picture, KERNEL_OPS) == "depth":
            return picture
        return self.nodes.node("as_depth", (picture,))

    def masked(self, below: Node, above: Node, mask: Sequence[Picture]) -> Node:
        """`above` where the mask is white, `below` where it is black. `mask` holds the one that a call is
        given: without any it is `above`, and one that is not there yet is black.
        """
        if not mask:
            return above
        (given,) = mask
        return below if given is None or above is below else self.node("masked", (below, above, given))

    def started(self, args: Mapping[str, Arg]) -> Node:
        """Where a scene starts that diffuses with these arguments: its `init` diffused, else noise."""
        init = self.init()
        return self.node("generate", (), args) if init is None else self.node("diffuse", (init,), args)

    def init(self) -> Picture:
        """The picture that the scene starts from."""
        name = self.scene.shot.init
        return None if name is None else self.leaf("init", {"name": name}, Rate.FILM)

    def start(self, template: Template) -> Node:
        """Where a scene starts of whose `carry` nothing is there."""
        init = self.init()
        if init is not None and not any(n.op in MODEL for n in topological(template.results)):
            return init
        named = Named("pipeline.start", OpCall("diffuse", (), {}, Span(0, 0)))
        shot, scale = self.scene.shot, self.scene.scale
        args = {arg.name: argument(shot, named, arg, scale) for arg in IMAGE_OPS["diffuse"].args}
        return self.started(args)
