"""Plans made by hand, small enough to render in a moment."""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np

from anim_compiler.plan import (
    ColumnInfo,
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

SAMPLING: dict[str, PlanArg] = {
    "steps": 10,
    "cfg_scale": 5.0,
    "sampler": "Euler a",
    "seed": ColumnRef(column="diffuse.seed"),
}
STILL_2D = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]


def _templates(init: bool) -> dict[FrameKind, Template]:
    strength = ColumnRef(column="diffuse.strength")
    first: tuple[PlanNode, ...]
    if init:
        first = (
            PlanNode(op="init", args={"name": "photo"}, rate="film"),
            PlanNode(op="diffuse", inputs=(0,), args={**SAMPLING, "strength": strength}),
        )
    else:
        first = (PlanNode(op="generate", args=dict(SAMPLING)),)
    move = ColumnRef(column="camera.from_previous")
    diffused = (
        PlanNode(op="previous"),
        PlanNode(op="warp2d", inputs=(0,), args={"move": move, "border": "reflect"}),
        PlanNode(op="first"),
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
    return {
        "first": Template(kind="first", nodes=first, carry=len(first) - 1, frame=len(first) - 1),
        "diffused": Template(kind="diffused", nodes=diffused, carry=6, frame=6),
        "tween": Template(kind="tween", nodes=tween, carry=4, frame=4),
    }


def _order(
    starts: tuple[int, ...], frames: int, cadence: int
) -> tuple[list[FrameKind], list[int], list[int]]:
    kinds: list[FrameKind] = []
    before: list[int] = []
    after: list[int] = []
    ends = (*starts[1:], frames)
    for start, end in zip(starts, ends, strict=True):
        drawn = [f for f in range(start, end) if (f - start) % cadence == 0 or f == end - 1]
        for f in range(start, end):
            kinds.append("first" if f == start else "diffused" if f in drawn else "tween")
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


def _infos(columns: Columns) -> dict[str, ColumnInfo]:
    return {
        name: ColumnInfo(
            sha256=hashlib.sha256(np.ascontiguousarray(column).tobytes()).hexdigest(),
            dtype="int64" if column.dtype == np.int64 else "float64",
            shape=column.shape,
        )
        for name, column in columns.items()
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
) -> tuple[Plan, Columns]:
    """A film that zooms slowly from one prompt to another; `starts` are the scenes' first frames."""
    kinds, before, after = _order(starts, frames, cadence)
    columns = _columns(frames, seed)
    ends = (*starts[1:], frames)
    templates = _templates(init=photo is not None)
    scenes = tuple(
        SceneRun(name=f"s{i}", start=a, end=b, templates=templates, morph=morph)
        for i, (a, b) in enumerate(zip(starts, ends, strict=True))
    )
    recipes = tuple(
        hashlib.sha256(f"{seed} {cadence} {starts} {size} {model} {photo} {morph} {f}".encode()).hexdigest()
        for f in range(frames)
    )
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
        kinds=tuple(kinds),
        before=tuple(before),
        after=tuple(after),
        recipes=recipes,
        columns=_infos(columns),
        outputs=tuple(OutputSpec(path=p) for p in outputs),
    )
    return plan, columns
