"""One template while its film ops become kernel ops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.clip_times import at_column, before_column
from anim_compiler.drawing.extras import HINTS, trimmed, type_of
from anim_compiler.film import OpCall
from anim_compiler.graph import Arg, Column, Interner, Key, Node, Rate, Template, topological
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.lower import MODEL_OPS, Scene
from anim_compiler.lowering.arguments import argument
from anim_compiler.lowering.guiding import extras, numbers
from anim_compiler.lowering.paths import OWN_CAMERA, Named
from anim_compiler.ops import KERNEL_OPS, gives
from anim_compiler.passes.expanding.moves import Transforms
from anim_dsl.source import Span

Picture: TypeAlias = Node | None
"""What a film op comes to; None is what is not there yet in a scene's first frame."""

MODEL = MODEL_OPS
"""The ops that ask the model, on both levels."""


_NO_HINTS: Mapping[str, Node] = MappingProxyType({})


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
        alpha = op == "composite" or (spec.gives is None and not spec.pointwise)
        fitted = [
            picture if kind in ("depth", "stats", "cutout") else self.image(picture, alpha=alpha)
            for picture, kind in zip(inputs, spec.inputs, strict=False)
        ]
        if "border" in taken and gives(fitted[0], KERNEL_OPS) == "cutout":
            # where layers end there is nothing, and no mirrored picture
            taken["border"] = "black"
        return self.nodes.node(op, fitted, taken)

    def drawn(
        self, op: str, inputs: Sequence[Node], args: Mapping[str, Arg], hints: Mapping[str, Node]
    ) -> Node:
        """A kernel node that asks the model, with the pictures of its controls by their names."""
        spec = KERNEL_OPS[op]
        taken: dict[str, Arg] = {
            name: value
            for name, value in args.items()
            if name != HINTS and (name in spec.args or type_of(name))
        }
        if hints:
            taken[HINTS] = " ".join(hints)
        shown = [self.image(picture) for picture in (*inputs, *hints.values())]
        return self.nodes.node(op, *trimmed(shown, taken))

    def leaf(self, op: str, args: Mapping[str, Arg] | None = None, rate: Rate = Rate.IMAGE) -> Node:
        """A picture that is there already."""
        return self.nodes.node(op, args=args, rate=rate)

    def medium(self, name: str, fitted: str | None = None) -> Node:
        """A still of the film, or the frame of a clip that belongs here; `fitted` stands over how the clip
        fills the picture.
        """
        fit = fitted or self.scene.clips.get(name)
        if fit is None:
            return self.leaf("still", {"name": name}, Rate.FILM)
        return self.leaf("clip", {"name": name, "at": Column(at_column(name)), "fit": fit})

    def earlier(self, picture: Node) -> Picture:
        """A clip as it was at the frame that this one is made from; None of what is no clip."""
        if picture.op != "clip":
            return None
        at = Column(before_column(str(picture.arg("name"))))
        return self.leaf("clip", {**dict(picture.args), "at": at})

    def image(self, picture: Node, *, alpha: bool = False) -> Node:
        """A picture or mask; a depth map as a picture of it, white near, layers on nothing over black unless
        `alpha` says that what reads them does not lose it.
        """
        kind = gives(picture, KERNEL_OPS)
        if kind == "cutout" and not alpha:
            return self.nodes.node("flat", (picture,))
        if kind != "depth":
            return picture
        # white is near, as in pictures of depth; `depth` reads it so again
        return self.nodes.node("depth_mask", (picture,), {"low": 1.0, "high": 0.0, **self.ends})

    def depth(self, picture: Node) -> Node:
        """A depth map; of a picture or mask what is white is near."""
        if gives(picture, KERNEL_OPS) == "depth":
            return picture
        return self.nodes.node("as_depth", (picture,), self.ends)

    @property
    def ends(self) -> Mapping[str, Arg]:
        """Where the scene's own camera has the nearest and the farthest depth, as far as the film says it."""
        from anim_compiler.passes.expanding.depth import ends_of

        camera = self.scene.shot.camera
        return ends_of(camera, OWN_CAMERA) if camera is not None and camera.axes == 3 else {}

    def remade(self, made: Picture, of: Node, now: Node) -> Picture:
        """What was made of one picture, made of another now; as it is if it was not made of that."""
        if made is None or made is of:
            return None if made is None else now
        inputs = [self.remade(part, of, now) for part in made.inputs]
        if all(new is old for new, old in zip(inputs, made.inputs, strict=True)):
            return made
        return self.nodes.node(made.op, [n for n in inputs if n is not None], dict(made.args), made.rate)

    def masked(self, below: Node, above: Node, mask: Sequence[Picture]) -> Node:
        """`above` where the mask is white, `below` where it is black. `mask` holds the one that a call is
        given: without any it is `above`, and one that is not there yet is black.
        """
        if not mask:
            return above
        (given,) = mask
        return below if given is None or above is below else self.node("masked", (below, above, given))

    def started(self, args: Mapping[str, Arg], hints: Mapping[str, Node] = _NO_HINTS) -> Node:
        """Where a scene starts that diffuses with these arguments: its `init` diffused, else noise."""
        from anim_compiler.passes.expanding.hints import of_start

        args = {name: value for name, value in args.items() if name != "fill_strength"}
        init = self.init()
        shown = of_start(self, init, hints)
        if init is None:
            return self.drawn("generate", (), args, shown)
        return self.drawn("diffuse", (init,), args, shown)

    def init(self) -> Picture:
        """The picture that the scene starts from."""
        shot = self.scene.shot
        if shot.init is None and shot.sketch is not None:
            return self.leaf("chart", {"number": shot.sketch.chart}, Rate.FILM)
        return None if shot.init is None else self.leaf("init", {"name": shot.init}, Rate.FILM)

    def start(self, template: Template) -> Node:
        """Where a scene starts of whose `carry` nothing is there."""
        if self.scene.shot.sketch is not None and self.scene.goes_on:
            return self.leaf("previous")
        init = self.init()
        if init is not None and not any(n.op in MODEL for n in topological(template.results)):
            return init
        named = Named("pipeline.start", OpCall("diffuse", (), {}, Span(0, 0)))
        shot, scale = self.scene.shot, self.scene.scale
        args = {arg.name: argument(shot, named, arg, scale) for arg in IMAGE_OPS["diffuse"].args}
        known: dict[str, Arg] = {name: value for name, value in args.items() if value is not None}
        for control in shot.controls:
            known |= numbers(control)
        return self.started(known | extras(shot, self.scene.models))
