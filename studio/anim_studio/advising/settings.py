"""What a plan says of the settings that advice is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import ColumnRef, Columns, Plan, PlanNode, SceneRun, Template


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers are means over the frames that the model draws; None where it draws none.

    `blend` is how much of the carried picture stays, `color` the space that frames keep the first one's
    colours in. `diffused` and `tweens` are frames of either kind; `ops` are all that the plan uses.
    """

    width: int
    height: int
    fps: float
    frames: int
    model: str
    strength: float | None
    steps: float | None
    cfg_scale: float | None
    blend: float
    color: str
    diffused: int
    tweens: int
    batch: int
    ops: frozenset[str]
    interpolate: int
    upscale: float

    @property
    def cadence(self) -> int:
        """Every so many frames one is diffused, on average."""
        return max(1, round((self.diffused + self.tweens) / self.diffused)) if self.diffused else 1

    @property
    def size(self) -> str:
        """`768x512`."""
        return f"{self.width}x{self.height}"


def settings_of(plan: Plan, columns: Columns) -> Settings:
    """The settings that a plan was made with."""
    drawn = list(_of(plan, "diffuse"))
    kinds = frame_table(plan, columns).kinds[: plan.frames]
    tweens = sum(kind == "tween" for kind in kinds)
    colors = [str(node.args.get("space")) for _, _, node in _of(plan, "match_stats")]
    nodes = [node for scene in plan.scenes for t in scene.templates.values() for node in t.nodes]
    return Settings(
        width=plan.width,
        height=plan.height,
        fps=float(Fraction(plan.fps)),
        frames=plan.frames,
        model=plan.model.reference,
        strength=_mean(drawn, "strength", columns),
        steps=_mean(list(_of(plan, "diffuse", "generate")), "steps", columns),
        cfg_scale=_mean(list(_of(plan, "diffuse", "generate")), "cfg_scale", columns),
        blend=_blend(plan, columns),
        color=colors[0] if colors else "none",
        diffused=plan.frames - tweens,
        tweens=tweens,
        batch=max((t.batch for scene in plan.scenes for t in scene.templates.values()), default=1),
        ops=frozenset(node.op for node in nodes),
        interpolate=max((out.interpolate for out in plan.outputs), default=1),
        upscale=max((out.upscale for out in plan.outputs), default=1.0),
    )


_Found = tuple[SceneRun, Template, PlanNode]


def _of(plan: Plan, *ops: str) -> Iterator[_Found]:
    """Every node of these ops, with its scene and template."""
    for scene in plan.scenes:
        for template in scene.templates.values():
            for node in template.nodes:
                if node.op in ops:
                    yield scene, template, node


def _mean(found: list[_Found], name: str, columns: Columns) -> float | None:
    """The mean of an argument, each scene's counted by its length."""
    values: list[float] = []
    weights: list[int] = []
    for scene, _, node in found:
        value = node.args.get(name)
        if isinstance(value, ColumnRef):
            values.append(float(np.mean(columns[value.column][scene.start : scene.end])))
        elif isinstance(value, int | float):
            values.append(float(value))
        else:
            continue
        weights.append(scene.end - scene.start)
    return float(np.average(values, weights=weights)) if values else None


def _blend(plan: Plan, columns: Columns) -> float:
    """The weight of what is mixed into a picture right after the model drew it."""
    found: list[_Found] = []
    for scene, template, node in _of(plan, "mix"):
        if node.inputs and template.nodes[node.inputs[0]].op == "diffuse":
            found.append((scene, template, node))
    return _mean(found, "weight", columns) or 0.0
