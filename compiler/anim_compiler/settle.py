"""Curves as finished columns: rounded, within their ranges, finite, or a diagnostic that says why not."""

from __future__ import annotations

import numpy as np

from anim_compiler.curves import Evaluator, rounded
from anim_compiler.film import Curve
from anim_compiler.findings import Findings
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Const, Typed, children


def column(evaluator: Evaluator, path: str, curve: Curve, findings: Findings) -> Array | None:
    """A setting's column, float64[frames] at 12 significant digits; None if it cannot be used."""
    name = path.rpartition(".")[2]
    span = curve.span or curve.expr.span
    try:
        raw = evaluator.column(curve.expr)
    except ValueError as error:
        findings.error("E5003", span, f"`{name}` cannot be computed: {error}")
        return None
    culprit = evaluator.culprit(curve.expr)
    if culprit is not None:
        _not_finite(evaluator, name, *culprit, findings)
        return None
    values = rounded(raw)
    if curve.integer:
        values = np.copysign(np.floor(np.abs(values) + 0.5), values) + 0.0
    low = -np.inf if curve.minimum is None else curve.minimum
    high = np.inf if curve.maximum is None else curve.maximum
    outside = (values < low - 1e-9) | (values > high + 1e-9)
    if outside.any():
        frame = int(np.argmax(outside))
        within = (
            f"within {low:g} and {high:g}" if np.isfinite(low) and np.isfinite(high) else f"at least {low:g}"
        )
        if not np.isfinite(low):
            within = f"at most {high:g}"
        findings.error(
            "E5002",
            span,
            f"`{name}` is {values[frame]:.4g} at frame {frame}; it must be {within}",
            hint=f"write `clamp(…, {low:g}, {high:g})`" if np.isfinite(low) and np.isfinite(high) else "",
        )
        return None
    return np.clip(values, low, high)


def _not_finite(evaluator: Evaluator, name: str, expr: Typed, frame: int, findings: Findings) -> None:
    value = evaluator.column(expr)[frame]
    kind = "not a number" if np.isnan(value) else "infinite"
    inputs = [
        f"`{findings.text(child.span, 30)}` is {evaluator.column(child)[frame]:.4g}"
        for child in children(expr)
        if not isinstance(child, Const) and child.span != expr.span
    ]
    findings.error(
        "E5001",
        expr.span,
        f"`{findings.text(expr.span)}` is {kind} at frame {frame}, so `{name}` has no value there",
        notes=(f"at frame {frame} {' and '.join(inputs)}",) if inputs else (),
        hint="keep its inputs away from there, with `max(x, 0.001)` or `clamp`",
    )
