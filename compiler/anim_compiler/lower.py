"""A film as a graph: what the pipeline of every scene does for its frames, nothing made out of it yet.

Every call of a pipeline is one node. An argument that a call is not given is what the scene's blocks say,
else the table's default. A scene has two templates of the same results: `first` with its first row, and
`diffused` with all the others; `expand` and `cadence` tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from anim_compiler.film import Mask, OpCall, PictureExpr, PictureRef, Pipeline, Shot, StepRef, Transition
from anim_compiler.frames import Frames
from anim_compiler.graph import Arg, Graph, Interner, Key, Node, Template
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.lowering import depth
from anim_compiler.lowering.arguments import argument
from anim_compiler.lowering.guiding import beside, extras, hinted
from anim_compiler.lowering.layers import layered, on_nothing, read_layers
from anim_compiler.lowering.paths import OWN_CAMERA, Named, by_identity
from anim_compiler.lowering.pictures import Media, picture
from anim_compiler.plan import Columns
from anim_compiler.std_pipelines import pipeline_of
from anim_dsl.settings import SETTINGS

CUT = Transition()
"""How a scene follows another if nothing is said."""

MODEL_OPS = frozenset({"diffuse", "generate"})
"""The ops that ask the model, on both levels."""

_NO_MASKS: Mapping[str, Mask] = MappingProxyType({})
_SAID: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "add_noise": ("coherence.noise_mask", ""),
        "grade": ("grade.mask", ""),
        "match_color": ("coherence.reference", SETTINGS["coherence", "reference"].default),
    }
)
"""Ops whose second picture a setting names, and its default."""

_NO_CLIPS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scene:
    """A shot to be lowered. It `goes_on` from the last picture of the scene before, is shown in by
    `arrives` and out by `leaves` (the next scene's transition).

    `suffix` ends the names of its camera's columns, which tells it from scenes whose camera is of the
    other dimension; `scale` is pixels of the picture that is made per pixel of the film's size. `clips` are
    the film's videos by name, each with how it fills the picture; `models` those that the film changes
    between.
    """

    shot: Shot
    goes_on: bool = False
    arrives: Transition = CUT
    leaves: Transition = CUT
    suffix: str = ""
    scale: float = 1.0
    clips: Mapping[str, str] = field(default_factory=lambda: _NO_CLIPS)
    models: tuple[str, ...] = ()


def lower(
    scenes: Sequence[Scene], how: Frames, columns: Columns, masks: Mapping[str, Mask] = _NO_MASKS
) -> Graph:
    """The film's graph: `first` and `diffused` of every scene, by film ops.

    ```
    scene 0, diffused:
      %0 = previous
      %1 = warp %0 border="reflect" camera="camera"
      %2 = diffuse %1 cfg_scale=[diffuse.cfg_scale] … strength=[diffuse.strength]
      carry = %2
      frame = %2
    ```
    """
    nodes = Interner()
    templates: dict[Key, Template] = {}
    for index, (scene, rows) in enumerate(zip(scenes, how.scenes, strict=True)):
        results = _Lowering(scene, nodes, masks).results()
        templates[index, "first"] = Template(results, rows[:1])
        templates[index, "diffused"] = Template(results, rows[1:])
    return Graph(templates, columns)


class _Lowering:
    """One scene's pipeline on its way into the graph."""

    def __init__(self, scene: Scene, nodes: Interner, masks: Mapping[str, Mask]) -> None:
        self._scene = scene
        self._nodes = nodes
        self._masks = masks
        self._pipeline: Pipeline = pipeline_of(scene.shot)
        self._named: Mapping[int, Named] = by_identity(self._pipeline)
        self._steps: dict[str, Node] = {}

    def results(self) -> Mapping[str, Node]:
        """What is carried and what is shown."""
        for name, written in self._pipeline.steps:
            self._steps[name] = self._picture(written)
        shot, media = self._scene.shot, self._media
        frame = beside(
            shot,
            self._steps[self._pipeline.frame],
            lambda name: picture(name, shot, media, self._nodes),
            self._nodes,
        )
        if self._scene.shot.layers and not read_layers(self._pipeline):
            frame = layered(frame, self._scene.shot, self._media, self._scene.scale, self._nodes)
        return {"carry": self._steps[self._pipeline.carry], "frame": frame}

    @property
    def _media(self) -> Media:
        """What the scene's names of pictures may stand for."""
        return Media(self._masks, self._scene.clips)

    def _picture(self, written: PictureExpr) -> Node:
        match written:
            case StepRef():
                return self._steps[written.name]
            case PictureRef(name="layers"):
                return on_nothing(self._scene.shot, self._media, self._scene.scale, self._nodes)
            case PictureRef():
                return picture(written.name, self._scene.shot, self._media, self._nodes)
            case OpCall() if (shown := depth.instead(self._scene.shot, written)) is not None:
                return self._picture(shown)
            case OpCall(op="guide") if self._scene.shot.guide is None:
                return self._picture(written.inputs[0])
            case OpCall():
                unsaid = (*self._unsaid(written), *depth.unsaid(self._scene.shot, written))
                inputs = [self._picture(i) for i in (*written.inputs, *unsaid)]
                if written.op in MODEL_OPS:
                    return self._drawn(written, inputs)
                return self._nodes.node(written.op, inputs, self._args(written))

    def _drawn(self, call: OpCall, inputs: list[Node]) -> Node:
        """A call that asks the model, with the scene's LoRAs and controls."""
        shot, media = self._scene.shot, self._media
        shown, said = hinted(
            shot,
            inputs[0] if inputs else None,
            lambda name: picture(name, shot, media, self._nodes),
            self._nodes,
        )
        args = {**self._args(call), **extras(shot, self._scene.models), **said}
        return self._nodes.node(call.op, (*inputs, *shown), args)

    def _unsaid(self, call: OpCall) -> tuple[PictureRef, ...]:
        """What the blocks say where a call does not say it itself: where noise is added and colours are
        graded, whose colours are kept.
        """
        setting = _SAID.get(call.op)
        name = None if setting is None else self._scene.shot.words.get(setting[0], setting[1])
        if len(call.inputs) > 1 or not isinstance(name, str) or not name:
            return ()
        return (PictureRef(name, call.span),)

    def _args(self, call: OpCall) -> dict[str, Arg]:
        op, named = IMAGE_OPS[call.op], self._named[id(call)]
        args = {arg.name: argument(self._scene.shot, named, arg, self._scene.scale) for arg in op.args}
        if any(slot.kind == "camera" for slot in op.slots):
            args["camera"] = str(call.args.get("camera") or OWN_CAMERA)
        if isinstance(given := call.args.get("given"), str):
            args["given"] = given
        return {name: value for name, value in args.items() if value is not None}
