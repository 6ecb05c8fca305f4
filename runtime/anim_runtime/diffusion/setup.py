"""What an engine is loaded with: a model, and everything that stands on top of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anim_compiler.drawing.extras import LORA, MODEL, hints_of
from anim_compiler.plan import ChoiceRef, ModelRef, NamedRef, Plan, PlanNode, Precision


@dataclass(frozen=True, slots=True)
class Setup:
    """The models of one engine. Two frames with equal setups are drawn by the same engine, whatever the
    weights of its LoRAs and controls are.
    """

    model: ModelRef
    vae: ModelRef | None = None
    loras: tuple[NamedRef, ...] = ()
    embeddings: tuple[NamedRef, ...] = ()
    controls: tuple[NamedRef, ...] = ()
    precision: Precision = "auto"
    #: pictures whose edges meet: convolutions look round the edge
    tiling: bool = False


def setup_of(plan: Plan, reference: str = "", precision: Precision = "auto", tiling: bool = False) -> Setup:
    """The setup of a film's model of that reference, by default its first: with the LoRAs and controls of the
    frames that it draws.
    """
    models = (*plan.models, plan.model)
    model = next((m for m in models if m.reference == reference), plan.model)
    args = [node.args for node in _asking(plan) if model.reference in _drawn_by(node, plan)]
    loras = {name.removeprefix(LORA) for row in args for name in row if name.startswith(LORA)}
    controls = {name for row in args for name in hints_of(row)}
    return Setup(
        model,
        plan.vae,
        tuple(ref for ref in plan.loras if ref.name in loras),
        plan.embeddings,
        tuple(ref for ref in plan.controls if ref.name in controls),
        precision,
        tiling,
    )


class Setups:
    """The setups of one plan, each made once: who draws a node is told by its arguments."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._known: dict[tuple[str, Precision, bool], Setup] = {}

    def of(self, args: Mapping[str, object]) -> Setup:
        """The setup by which a node with these arguments at a frame is drawn."""
        key = (str(args.get(MODEL) or ""), _precision(args.get("precision")), args.get("tiling") is True)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = setup_of(self._plan, *key)
        return found


def every_setup(plan: Plan) -> tuple[Setup, ...]:
    """Every setup that some frame of a plan is drawn by, each once; the first model's if there is none."""
    setups, found = Setups(plan), dict[Setup, None]()
    for node in _asking(plan):
        for reference in _drawn_by(node, plan):
            found[setups.of({**node.args, MODEL: reference})] = None
    return tuple(found) or (setups.of({}),)


def _asking(plan: Plan) -> Iterator[PlanNode]:
    """The nodes that ask the model."""
    templates = (template for scene in plan.scenes for template in scene.templates.values())
    return (node for t in templates for node in t.nodes if node.op in ("generate", "diffuse"))


def _drawn_by(node: PlanNode, plan: Plan) -> tuple[str, ...]:
    """The models that may draw a node."""
    said = node.args.get(MODEL)
    if isinstance(said, ChoiceRef):
        return said.texts
    return (str(said or plan.model.reference),)


def _precision(said: object) -> Precision:
    match said:
        case "float16":
            return "float16"
        case "bfloat16":
            return "bfloat16"
        case "float32":
            return "float32"
        case _:
            return "auto"
