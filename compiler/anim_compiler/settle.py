"""Curves as finished columns: rounded, within their ranges, finite, or a diagnostic that says why not."""

from __future__ import annotations

import numpy as np

from anim_compiler.advice.beyond import ends, kept, within
from anim_compiler.advice.looking import bare
from anim_compiler.curves import Culprit, Evaluator, rounded
from anim_compiler.film import Curve
from anim_compiler.findings import Findings
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Const, Schedule


def column(
    evaluator: Evaluator, path: str, curve: Curve, findings: Findings, *, exact: bool = False
) -> Array | None:
    """A setting's column, float64[frames] at 12 significant digits, or at all of them if it is to be `exact`;
    None if it cannot be used.
    """
    name = path.rpartition(".")[2]
    span = curve.span or curve.expr.span
    try:
        raw = evaluator.column(curve.expr)
    except ValueError as error:
        hint = "write it as keys without quotes, `0: (1), 30: (1.2)`, where more is allowed"
        findings.error("E5003", span, f"`{name}` cannot be computed: {error}", hint=hint)
        return None
    culprit = evaluator.culprit(curve.expr)
    if culprit is not None:
        not_finite(name, culprit, findings)
        return None
    values = whole(name, curve, raw if exact else rounded(raw))
    low, high = ends(curve)
    outside = (values < low - 1e-9) | (values > high + 1e-9)
    if outside.any():
        frame = int(np.argmax(outside))
        findings.error(
            "E5002",
            span,
            f"`{name}` is {values[frame]:.4g} at frame {frame + evaluator.clock.first}; "
            f"it must be {within(low, high)}",
            hint=f"write {kept(low, high)} around it",
        )
        return None
    return np.clip(values, low, high)


def whole(name: str, curve: Curve, values: Array) -> Array:
    """Whole numbers of a setting that takes such: the nearest ones, or cut as Deforum does where its own
    rules read a schedule in quotes; there its seeds are cut too.
    """
    quoted = isinstance(bare(curve.expr), Schedule)
    if quoted and (curve.integer or name == "seed"):
        return np.asarray(np.trunc(values) + 0.0)
    return np.copysign(np.floor(np.abs(values) + 0.5), values) + 0.0 if curve.integer else values


def not_finite(name: str, culprit: Culprit, findings: Findings) -> None:
    """Tells where the values of `name` stop being numbers, and what goes into them there."""
    kind = "not a number" if np.isnan(culprit.value) else "infinite"
    span, frame = culprit.expr.span, culprit.frame
    inputs = [
        f"`{findings.text(child.span, 30)}` is {value:.4g}"
        for child, value in culprit.inputs
        if not isinstance(child, Const) and child.span != span
    ]
    findings.error(
        "E5001",
        span,
        f"`{findings.text(span)}` is {kind} at frame {frame}, so `{name}` has no value there",
        notes=(f"at frame {frame} {' and '.join(inputs)}",) if inputs else (),
        hint="keep its inputs away from there, with `max(x, 0.001)` or `clamp`",
    )
