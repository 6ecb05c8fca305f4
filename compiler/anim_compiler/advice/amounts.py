"""W6036, W6038, W6039: numbers that were meant in another unit: percent, radians, a whole picture a frame."""

from __future__ import annotations

import math
from collections.abc import Iterator

from anim_compiler.advice.looking import always, levels, segments, shared
from anim_compiler.advice.moving import TURNS
from anim_compiler.film import Curve, Film, Shot
from anim_compiler.findings import Findings
from anim_dsl.source import Span

_HUGE = 10.0
_ANGLES = TURNS | {"angle", "flip_theta", "flip_phi", "flip_gamma", "orbit_tilt"}
_TURNS = {quarter * math.pi / 2: quarter * 90 for quarter in (-4, -3, -2, -1, 1, 2, 3, 4)}


def huge_zoom(film: Film, findings: Findings) -> None:
    """`zoom = 50`: fifty times, where 50% more was meant."""
    for curve, _ in shared(film, "camera.zoom"):
        for value, span in levels(curve.expr):
            if abs(value) < _HUGE:
                continue
            findings.warning(
                "W6036",
                span,
                f"a `zoom` of {value:g} magnifies {value:g} times",
                hint=f"1 is no zoom; for {abs(value):g}% more write `{1 + abs(value) / 100:g}`",
            )


def radians(film: Film, findings: Findings) -> None:
    """`rotation_3d_y = 0s: 0, 10s: 6.28`: a turn in radians, where bare numbers are degrees."""
    for name in sorted(_ANGLES):
        for curve, shots in shared(film, f"camera.{name}"):
            if any(shot.camera is not None and shot.camera.per_frame for shot in shots):
                continue
            for value, span in levels(curve.expr):
                degrees = next((d for turn, d in _TURNS.items() if abs(value - turn) < 0.005), None)
                if degrees is not None and "deg" not in findings.text(span):
                    findings.warning(
                        "W6038",
                        span,
                        f"bare angles are degrees, and {value:.4g} looks like radians",
                        hint=f"write `{degrees}deg`, or `{value:.4g}deg` if degrees are meant",
                    )


def leaps(film: Film, findings: Findings) -> None:
    """A translation that carries the whole picture away from one frame to the next."""
    for name, side, size in (("translation_x", "wide", film.width), ("translation_y", "high", film.height)):
        for curve, shots in shared(film, f"camera.{name}"):
            if any(shot.camera is None or shot.camera.axes != 2 for shot in shots):
                continue
            worst = max(
                _steps(film, shots[0], name, curve), key=lambda row: row[0], default=(0.0, Span(0, 0))
            )
            if worst[0] < size:
                continue
            findings.warning(
                "W6039",
                worst[1],
                f"this moves the picture by {worst[0]:.0f}px in one frame, and it is {size}px {side}",
                hint="write a smaller number, or more time: a translation is in pixels",
            )


def _steps(film: Film, shot: Shot, name: str, curve: Curve) -> Iterator[tuple[float, Span]]:
    """How many pixels a frame a translation moves, with the places that say so."""
    assert shot.camera is not None
    if name in shot.camera.speeds:
        speed = always(shot.camera.channels.get(name))
        if speed is not None and curve.span is not None:
            yield abs(speed) / float(film.fps), curve.span
    elif shot.camera.per_frame:
        for value, span in levels(curve.expr):
            yield abs(value), span
    else:
        for first, a, second, b, seconds in segments(curve.expr):
            if first.ease is None or first.ease.name not in ("hold", "steps"):
                yield abs(b - a) / max(1.0, seconds * float(film.fps)), second.span
