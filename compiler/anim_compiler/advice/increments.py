"""W6041: Deforum's moves per frame, read as places because `motion = per_frame` is missing."""

from __future__ import annotations

import re

from anim_compiler.advice.bounds import bounds
from anim_compiler.advice.looking import bare, frames, shared
from anim_compiler.advice.moving import LENS, REST, channels, moves
from anim_compiler.advice.pasted import is_pasted
from anim_compiler.film import Curve, Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.typed import KeyCurve, Typed
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span

_KEY = re.compile(r"""\s*["']?[0-9]+["']?\s*:\s*\(.*\)\s*""", re.DOTALL)
_HEAD = re.compile(r"\bcamera\s+(?:\w+\s+)?[23]d(?:\s+\w+)?\s*\{")
_MOTION = re.compile(r"\bmotion\s*=")

#: what moves a picture by a little at each frame; as a place it hardly shows
_ZOOM, _SHIFT, _TURN = 0.1, 10.0, 5.0
_LEAST_FRAMES = 8


def increments(film: Film, findings: Findings) -> None:
    """`camera 2d { zoom = 0: (1.0025+0.002*sin(t/5)) }`: a place that trembles, or Deforum's slow flight?

    Schedules in Deforum's way, plain frames with every value in parentheses, are a fair way to write
    poses: `translation_z = 0: (0), 60: (20), 120: (0)` goes in and back. So this speaks only where poses
    cannot be meant: the first value is already away from rest and stays so over its whole formula, and
    every value is as small as a step per frame is; nobody opens a shot 1.75 units in, or magnified by
    a quarter of a percent. Where Deforum's own names (`strength_schedule`) stand in the film, it was
    pasted, and a list that begins at rest is meant so too. Whoever writes `motion`, pose or not, is
    believed.
    """
    told: set[int] = set()
    names = sorted({name for shot in film.shots for name in channels(shot)} - LENS)
    for name in names:
        for curve, shots in shared(film, f"camera.{name}"):
            if not all(_poses(shot, name) for shot in shots):
                continue
            if min(frames(film, shot) for shot in shots) < _LEAST_FRAMES:
                continue
            if not _meant(film, shots[0], name, curve, findings):
                continue
            head = _head(curve, findings)
            if head is not None and head not in told:
                told.add(head)
                _tell(name, curve, head, findings)


def _tell(name: str, curve: Curve, head: int, findings: Findings) -> None:
    assert curve.span is not None
    source, _ = findings.sources.locate(curve.span)
    alone = not source.text[head:].split("\n", 1)[0].strip()
    start = curve.span.start - findings.sources.locate(curve.span)[1].start + head
    findings.warning(
        "W6041",
        curve.span,
        f"`{name}` is where the camera is, and this looks like Deforum's moves per frame",
        hint="write `motion = per_frame` in the camera's block; `motion = pose` if places are meant",
        edit=Edit(Span(start, start), "\n  motion = per_frame" if alone else " motion = per_frame;"),
    )


def _poses(shot: Shot, name: str) -> bool:
    camera = shot.camera
    if camera is None or camera.per_frame or name in camera.speeds:
        return False
    return moves(shot)  # W6037 speaks of one that stands still


def _head(curve: Curve, findings: Findings) -> int | None:
    """Where the camera's block begins in its text; None if it is not certain or says `motion` itself."""
    assert curve.span is not None
    source, place = findings.sources.locate(curve.span)
    heads = list(_HEAD.finditer(source.text, 0, place.start))
    if not heads:
        return None
    last = heads[-1]
    if "}" in source.text[last.end() : place.start]:
        return None
    block = source.text[last.end() :].split("}", 1)[0]
    return None if _MOTION.search(block) else last.end()


def _meant(film: Film, shot: Shot, name: str, curve: Curve, findings: Findings) -> bool:
    """Whether every value is a step per frame, and none of them surely a place."""
    expr = bare(curve.expr)
    if not isinstance(expr, KeyCurve) or not all(
        _KEY.fullmatch(findings.text(key.span, 10**6)) for key in expr.keys
    ):
        return False
    rest, limit = REST.get(name, 0.0), _limit(name)
    reaches = [_reach(film, shot, key.value) for key in expr.keys]
    known = [reach for reach in reaches if reach is not None]
    if len(known) < len(reaches) or any(rest - low > limit or high - rest > limit for low, high in known):
        return False
    if all(low == high == rest for low, high in known):
        return False
    low, high = known[0]
    return not low <= rest <= high or is_pasted(film)


def _reach(film: Film, shot: Shot, expr: Typed) -> tuple[float, float] | None:
    return bounds(bare(expr), frames(film, shot))


def _limit(name: str) -> float:
    if name == "zoom":
        return _ZOOM
    return _SHIFT if name.startswith("translation") else _TURN
