"""Ops that change nothing with some arguments: the one table for `fold`, `batch` and recipes.

`passed_through_rows` is asked for many rows at once: an argument that changes is an array whose first axis
are the rows, a `Choice` an array of its texts, a `Product` its factors side by side, `[rows, 9·n]`.
`arguments` makes all that of a node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.graph import Choice, Column, Node, Product

Values: TypeAlias = Mapping[str, Any]
"""Argument values by name: constants as they are (number, text, bool, None), the others as arrays with
one row a frame: float64 or int64 `[rows]` or `[rows, n]`, texts `[rows]`. Any, because of numpy's texts.
"""

Rows: TypeAlias = NDArray[np.int64]

Test: TypeAlias = Callable[[Values], Any]
"""Where a rule holds: one bool, or one a row. KeyError if an argument that it needs is not known."""

_UNMOVED = np.eye(3).reshape(-1)


def _are(**neutral: float | str) -> Test:
    """All of these arguments have these values."""

    def where(values: Values) -> Any:
        holds: Any = True
        for name, value in neutral.items():
            same = values[name] == value
            if same is False:
                return False
            holds = same & holds
        return holds

    return where


def _whole_turn(name: str) -> Test:
    return lambda values: np.asarray(values[name], dtype=np.float64) % 360.0 == 0.0


def _both(one: Test, other: Test) -> Test:
    return lambda values: one(values) & other(values)


def _unmoved_2d(values: Values) -> Any:
    """Every factor of the move is the identity, times any number: a homography has no scale."""
    factors = np.asarray(values["move"], dtype=np.float64)
    factors = factors.reshape(*factors.shape[:-1], -1, 9)
    scale = factors[..., 8:9]
    # a scale of 0 gives infinities and NaN, which equal nothing
    with np.errstate(divide="ignore", invalid="ignore"):
        return (factors / scale == _UNMOVED).all(axis=(-1, -2))


def _unmoved_3d(values: Values) -> Any:
    move = np.asarray(values["move"], dtype=np.float64)
    still = (move[..., :9] == _UNMOVED).all(axis=-1) & (move[..., 9:12] == 0).all(axis=-1)
    return still & (move[..., 12] == move[..., 13])


def whole_steps(values: Values) -> Any:
    """The steps of a sampler as the engine counts them, a whole number of 1 or more: int64, or `[rows]`."""
    steps = np.asarray(values["steps"])
    return np.maximum(1, steps if steps.dtype == np.int64 else np.rint(steps).astype(np.int64))


def taken_steps(values: Values) -> Any:
    """The steps that image-to-image takes, as the engine counts them: `int(min(steps·strength, steps))`, a
    hair added before rounding down; with holes to fill, where it takes most. A number, or int64 `[rows]`.
    """
    most = np.asarray(values["strength"])
    if "fill_strength" in values:
        most = np.maximum(most, values["fill_strength"])
    return _steps_at(values, most)


def all_steps(values: Values) -> Any:
    """Whether image-to-image takes every step everywhere, from noise alone: bool, or `[rows]`."""
    return _steps_at(values, np.asarray(values["strength"])) >= whole_steps(values)


def _steps_at(values: Values, strength: Any) -> Any:
    steps = whole_steps(values)
    return np.minimum(steps * strength + 1e-9, steps).astype(np.int64)


_GRADED = _are(
    exposure=0.0, contrast=1.0, saturation=1.0, temperature=0.0, tint=0.0, gamma=1.0, lift=0.0, gain=1.0
)

_RULES: Mapping[str, tuple[tuple[int, Test], ...]] = MappingProxyType(
    {
        "warp2d": ((0, _unmoved_2d),),
        "warp3d": ((0, _unmoved_3d),),
        "match_color": ((0, _are(space="none")),),
        "match_stats": ((0, _are(space="none")),),
        "grade": ((0, _both(_GRADED, _whole_turn("hue"))),),
        "diffuse": ((0, lambda values: taken_steps(values) <= 0),),
        "steady_depth": ((0, _are(amount=0.0)),),
        "warp_flow": ((0, _are(factor=0.0)),),
        **dict.fromkeys(("mix", "between"), ((0, _are(weight=0.0)), (1, _are(weight=1.0)))),
        "blend": ((0, _are(weight=0.0)),),
        **dict.fromkeys(("composite", "layer"), ((0, _are(opacity=0.0)),)),
        "reveal": ((0, _are(amount=1.0)),),
        "blur": ((0, _are(radius=0.0)),),
        "contrast": ((0, _are(amount=1.0)),),
        **dict.fromkeys(
            ("sharpen", "aberration", "bloom", "vignette", "grain", "lut", "dip", "add_noise"),
            ((0, _are(amount=0.0)),),
        ),
        "pointwise": ((0, lambda values: _no_step(values)),),
    }
)
"""By op: inputs that come out as they are, and where; the first that holds counts."""

OPS_WITH_RULES = frozenset(_RULES)
"""Ops that give an input back unchanged with some arguments."""


def passed_through_rows(op: str, values: Values, rows: int) -> Rows:
    """The input that an op gives back unchanged at each of `rows` rows, -1 for none: int64 `[rows]`.

    Total: an op without rule and arguments that are not known change something.
    """
    found = np.full(rows, -1, dtype=np.int64)
    if not rows:
        return found
    for input, where in _RULES.get(op, ()):
        try:
            holds = np.asarray(where(values))
        except KeyError:
            continue
        if holds.ndim or holds:
            found[holds & (found < 0)] = input
    return found


def passed_through(op: str, values: Values) -> int | None:
    """The same for one row, of which a move is a vector; None for none."""
    for input, where in _RULES.get(op, ()):
        try:
            if np.all(where(values)):
                return input
        except KeyError:
            continue
    return None


def steps_of(args: Mapping[str, Any]) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The steps of a `pointwise` node, each with its own arguments: `steps` holds their ops in order,
    `2.amount` is the third one's `amount`.
    """
    steps: list[tuple[str, dict[str, Any]]] = [(op, {}) for op in str(args["steps"]).split()]
    for name, value in args.items():
        place, dot, own = name.partition(".")
        if dot and place.isdecimal() and int(place) < len(steps):
            steps[int(place)][1][own] = value
    return tuple(steps)


def _no_step(values: Values) -> Any:
    """Whether no step of a `pointwise` node does anything."""
    holds: Any = True
    for op, own in steps_of(values):
        holds = holds & np.any([where(own) for _, where in _RULES.get(op, ())], axis=0)
    return holds


def arguments(node: Node, columns: Mapping[str, NDArray[Any]], rows: Sequence[int] | Rows | slice) -> Values:
    """The arguments of a node at some rows of the columns; those of unknown columns are left out."""
    index = rows if isinstance(rows, slice) else np.asarray(rows, dtype=np.int64)
    values: dict[str, Any] = {}
    for name, value in node.args:
        match value:
            case Column() if value.name in columns:
                values[name] = columns[value.name][index]
            case Choice() if value.name in columns:
                values[name] = np.array(value.texts)[columns[value.name][index].astype(np.int64)]
            case Product() if all(factor in columns for factor in value.names):
                values[name] = np.concatenate([columns[factor][index] for factor in value.names], axis=1)
            case Column() | Choice() | Product():
                pass
            case _:
                values[name] = value
    return values
