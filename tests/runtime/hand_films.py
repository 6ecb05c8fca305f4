"""Plans made by hand, small enough to render in a moment."""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np

from anim_compiler.frame_table import AFTER, BEFORE, RECIPE, SHOWN, UNDER
from anim_compiler.plan import (
    ColumnRef,
    Columns,
    FrameKind,
    Media,
    ModelRef,
    OutputSpec,
    Plan,
    PlanArg,
    PlanNode,
    Prompts,
    SceneRun,
    Template,
    Weighted,
)
from anim_compiler.plan_columns import infos
from anim_compiler.ranges import frame_ranges

SAMPLING: dict[str, PlanArg] = {
    "steps": 10,
    "cfg_scale": 5.0,
    "sampler": "Euler a",
    "seed": ColumnRef(column="diffuse.seed"),
}
STILL_2D = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]


def _nodes(init: bool, free: bool) -> dict[FrameKind, tuple[PlanNode, ...]]:
    strength = ColumnRef(column="diffuse.strength")
    drawn: tuple[PlanNode, ...] = (PlanNode(op="generate", args=dict(SAMPLING)),)
    first = drawn
    if init:
        first = (
            PlanNode(op="init", args={"name": "photo"}, rate="film"),
            PlanNode(op="diffuse", inputs=(0,), args={**SAMPLING, "strength": strength}),
        )
    move = ColumnRef(column="camera.from_previous")
    diffused = (
        PlanNode(op="previous"),
        PlanNode(op="warp2d", inputs=(0,), args={"move": move, "border": "reflect"}),
        PlanNode(op="first", rate="scene"),
        PlanNode(op="match_color", inputs=(1, 2), args={"space": "lab"}),
        PlanNode(op="add_noise", inputs=(3,), args={"amount": 0.02, "seed": SAMPLING["seed"]}),
        PlanNode(op="diffuse", inputs=(4,), args={**SAMPLING, "strength": strength}),
        PlanNode(op="mix", inputs=(5, 1), args={"weight": 0.25}),
    )
    tween = (
        PlanNode(op="previous"),
        PlanNode(op="warp2d", inputs=(0,), args={"move": move, "border": "reflect"}),
        PlanNode(op="next"),
        PlanNode(
            op="warp2d", inputs=(2,), args={"move": ColumnRef(column="camera.from_next"), "border": "reflect"}
        ),
        PlanNode(op="mix", inputs=(1, 3), args={"weight": ColumnRef(column="tween.mix")}),
    )
    return {"first": first, "diffused": drawn if free else diffused, "fresh": drawn, "tween": tween}


def _releases(nodes: tuple[PlanNode, ...]) -> tuple[tuple[int, ...], ...]:
    """After each node, those that no later one reads."""
    last = {
        i: max((n for n, node in enumerate(nodes) if i in node.inputs), default=-1) for i in range(len(nodes))
    }
    return tuple(tuple(i for i in last if last[i] == n) for n in range(len(nodes)))


def _templates(
    kinds: list[FrameKind], frames: range, nodes: dict[FrameKind, tuple[PlanNode, ...]], batch: int
) -> dict[FrameKind, Template]:
    """A template for each kind of frame that a scene has."""
    found: dict[FrameKind, Template] = {}
    for kind in sorted({kinds[f] for f in frames}):
        ops = {node.op for node in nodes[kind]}
        found[kind] = Template(
            frames=frame_ranges([f for f in frames if kinds[f] == kind]),
            batch=1 if "previous" in ops else batch,
            nodes=nodes[kind],
            carry=len(nodes[kind]) - 1,
            frame=len(nodes[kind]) - 1,
            releases=_releases(nodes[kind]),
            digest="0" * 32,
        )
    return found


def _order(
    starts: tuple[int, ...], frames: int, cadence: int, fresh: tuple[int, ...]
) -> tuple[list[FrameKind], list[int], list[int]]:
    kinds: list[FrameKind] = []
    before: list[int] = []
    after: list[int] = []
    ends = (*starts[1:], frames)
    for start, end in zip(starts, ends, strict=True):
        drawn = [f for f in range(start, end) if (f - start) % cadence == 0 or f == end - 1]
        for f in range(start, end):
            how: FrameKind = "first" if f == start else "diffused" if f in drawn else "tween"
            kinds.append("fresh" if f in fresh else how)
            before.append(max((d for d in drawn if d < f), default=-1))
            after.append(min(d for d in drawn if d > f) if f not in drawn else -1)
    return kinds, before, after


def _columns(frames: int, seed: int) -> Columns:
    zoom = np.tile(np.array(STILL_2D), (frames, 1))
    zoom[:, 0] = zoom[:, 4] = 1.05
    back = zoom.copy()
    back[:, 0] = back[:, 4] = 1 / 1.05
    return {
        "diffuse.seed": np.arange(frames, dtype=np.int64) + seed,
        "diffuse.strength": np.full(frames, 0.45),
        "camera.from_previous": zoom,
        "camera.from_next": back,
        "tween.mix": np.full(frames, 0.5),
        "prompt.from": np.zeros(frames, dtype=np.int64),
        "prompt.to": np.ones(frames, dtype=np.int64),
        "prompt.mix": np.linspace(0.0, 1.0, frames),
        "negative.from": np.full(frames, 2, dtype=np.int64),
        "negative.to": np.full(frames, 2, dtype=np.int64),
        "negative.mix": np.zeros(frames),
    }


def film(
    *,
    frames: int = 10,
    cadence: int = 1,
    starts: tuple[int, ...] = (0,),
    size: tuple[int, int] = (32, 24),
    seed: int = 7,
    model: str = "null",
    photo: Media | None = None,
    outputs: tuple[str, ...] = (),
    morph: Literal["slerp", "linear", "cut"] = "slerp",
    batch: int = 1,
    free: bool = False,
    fresh: tuple[int, ...] = (),
) -> tuple[Plan, Columns]:
    """A film that zooms slowly from one prompt to another; `starts` are the scenes' first frames.

    `batch` is as in a template; `free` frames do not look at the one before, nor do those of `fresh`.
    """
    kinds, before, after = _order(starts, frames, cadence, fresh)
    columns = _columns(frames, seed)
    ends = (*starts[1:], frames)
    nodes = _nodes(init=photo is not None, free=free)
    scenes = tuple(
        SceneRun(
            name=f"s{i}", start=a, end=b, templates=_templates(kinds, range(a, b), nodes, batch), morph=morph
        )
        for i, (a, b) in enumerate(zip(starts, ends, strict=True))
    )
    about = f"{seed} {cadence} {starts} {size} {model} {photo} {morph} {free} {fresh}"
    recipes = np.array(
        [list(hashlib.sha256(f"{about} {f}".encode()).digest()[:16]) for f in range(frames)], dtype=np.uint8
    )
    ways = {BEFORE: before, AFTER: after, UNDER: [-1] * frames}
    columns |= {name: np.array(rows, dtype=np.int64) for name, rows in ways.items()}
    columns |= {RECIPE: recipes, SHOWN: recipes}
    prompts = Prompts(
        texts=(("a mountain lake at dawn",), ("a mountain lake at night",), ("blurry",)),
        conditionings=((Weighted(text=0),), (Weighted(text=1),), (Weighted(text=2),)),
    )
    plan = Plan(
        name="test",
        film_sha256="0" * 64,
        width=size[0],
        height=size[1],
        fps="12",
        frames=frames,
        seed=seed,
        model=ModelRef(reference=model, sha256="0" * 64),
        media=() if photo is None else (photo,),
        prompts=prompts,
        scenes=scenes,
        columns=infos(columns),
        outputs=tuple(OutputSpec(path=p) for p in outputs),
    )
    return plan, columns
