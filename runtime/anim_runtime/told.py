"""What the model was told at a frame, in words and numbers, for people and other programs to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anim_compiler.drawing.extras import MODEL, control_arg, hints_of, lora_arg
from anim_compiler.plan import ColumnRef, Columns, Plan, PlanNode
from anim_compiler.ranges import read_ranges
from anim_runtime.arguments import AtFrame, arguments
from anim_runtime.conditioning import text_at

_DRAWN = frozenset({"generate", "diffuse"})


@dataclass(frozen=True, slots=True)
class Facts:
    """How a frame was drawn; what is None was not the model's work: the frame is a tween, say."""

    prompt: str
    negative: str = ""
    steps: int | None = None
    sampler: str | None = None
    cfg_scale: float | None = None
    seed: int | None = None
    strength: float | None = None
    #: the reference of the model that drew it
    model: str | None = None
    clip_skip: int | None = None
    eta: float | None = None
    #: what acted, by name, with its weight
    loras: tuple[tuple[str, float], ...] = ()
    controls: tuple[tuple[str, float], ...] = ()


class Told:
    """What every frame of a plan is told."""

    def __init__(self, plan: Plan, columns: Columns) -> None:
        self._plan = plan
        self._columns = columns
        self._drawn = _last_drawn(plan, columns)

    def at(self, frame: int) -> Facts:
        """The facts of a frame; blended prompts are `a sea :0.7 AND a forest :0.3`, as web UIs have it."""
        drawn = self._drawn.get(frame)
        if drawn is None:
            return Facts(_joined(self.weights(frame)), _joined(self.weights(frame, "negative")))
        args = drawn(frame)
        return Facts(
            _joined(self.weights(frame, str(args.get("prompt", "prompt")))),
            _joined(self.weights(frame, str(args.get("negative", "negative")))),
            int(float(str(args["steps"]))),
            str(args["sampler"]),
            float(str(args["cfg_scale"])),
            int(float(str(args["seed"]))),
            # what is drawn from noise alone has no strength to tell
            None if args.get("strength") is None else float(str(args["strength"])),
            str(args.get(MODEL) or self._plan.model.reference),
            None if args.get("clip_skip") is None else int(float(str(args["clip_skip"]))),
            None if args.get("eta") is None else float(str(args["eta"])),
            _acting((ref.name, args.get(lora_arg(ref.name))) for ref in self._plan.loras),
            _acting((name, args.get(control_arg(name, "weight"))) for name in hints_of(args)),
        )

    def weights(self, frame: int, track: str = "prompt") -> Mapping[str, float]:
        """The texts of a track at a frame, numbers filled in, and how much each weighs."""
        columns, prompts = self._columns, self._plan.prompts
        if f"{track}.from" not in columns:
            return {}
        mix = float(columns[f"{track}.mix"][frame])
        found: dict[str, float] = {}
        for side, share in ((f"{track}.from", 1.0 - mix), (f"{track}.to", mix)):
            for part in prompts.conditionings[int(columns[side][frame])] if share else ():
                text = text_at(prompts.texts[part.text], columns, frame)
                own = part.weight
                weight = float(columns[own.column][frame]) if isinstance(own, ColumnRef) else own
                found[text] = found.get(text, 0.0) + share * weight
        return found


def _last_drawn(plan: Plan, columns: Columns) -> dict[int, AtFrame]:
    """By frame, the arguments of the last node that the model draws."""
    found: dict[int, AtFrame] = {}
    for scene in plan.scenes:
        for template in scene.templates.values():
            nodes: list[PlanNode] = [node for node in template.nodes if node.op in _DRAWN]
            if nodes:
                at, _ = arguments(nodes[-1].args, columns)
                found |= dict.fromkeys(read_ranges(template.frames), at)
    return found


def _acting(weights: Iterable[tuple[str, object]]) -> tuple[tuple[str, float], ...]:
    """Those of which the weight is there and not 0."""
    known = ((name, float(str(weight))) for name, weight in weights if weight is not None)
    return tuple((name, weight) for name, weight in known if weight)


def _joined(weights: Mapping[str, float]) -> str:
    heavy = [(text, weight) for text, weight in weights.items() if weight]
    if len(heavy) < 2:
        return heavy[0][0] if heavy else next(iter(weights), "")
    whole = sum(abs(weight) for _, weight in heavy)
    return " AND ".join(f"{text} :{weight / whole:.4g}" for text, weight in heavy)
