"""W6027, W6028, W6029: keys that no diffused frame reads, prompts in one frame, a cadence without end.

A frame with a prompt key always diffuses, so a prompt off the grid is shown exactly where it is written and
costs one more diffused frame: nothing to say. What is lost is a number that rises and falls between two
diffused frames (`strength = 0: 0.3, 10: 0.9, 11: 0.3` with `cadence = 4`), and of two prompts in one frame
the first.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from anim_compiler.advice.looking import always, bare, called, frames, shared
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.typed import KeyCurve, Moment

#: settings that only diffused frames read
_READ_WHEN_DIFFUSED = ("strength", "steps", "cfg_scale", "seed")


def unread_keys(film: Film, findings: Findings) -> None:
    """Keys of `diffuse { }` between two diffused frames whose neighbours stand in the same gap."""
    for name in _READ_WHEN_DIFFUSED:
        for curve, shots in shared(film, f"diffuse.{name}"):
            keys = bare(curve.expr)
            if isinstance(keys, KeyCurve) and len(shots) == 1:
                _keys(film, shots[0], name, keys, findings)


def _keys(film: Film, shot: Shot, name: str, keys: KeyCurve, findings: Findings) -> None:
    cadence = always(shot.numbers.get("coherence.cadence"))
    places = [_frame(film, shot, key.at) for key in keys.keys]
    if not cadence or cadence < 2 or None in places:
        return
    step, count = int(cadence), frames(film, shot)
    known = [at for at in places if at is not None]
    for i, (key, at) in enumerate(zip(keys.keys, known, strict=True)):
        low = known[i - 1] if i else Fraction(-1)
        high = known[i + 1] if i + 1 < len(known) else Fraction(count)
        first = int(low // 1) + 1
        grid = -(-first // step) * step
        if at >= count or grid < high:
            continue
        forced = _forced(film, shot)
        if forced is None or any(low < frame < high for frame in forced):
            continue
        findings.warning(
            "W6027",
            key.span,
            f"no diffused frame reads this key of `{name}`: with `cadence = {step}` they are {step} apart",
            hint=f"put it on frame {round(at / step) * step}, a multiple of {step}, or lower the cadence",
        )


def _forced(film: Film, shot: Shot) -> set[int] | None:
    """The frames that diffuse because a prompt begins there; None if they are not known before analysis."""
    places = [_frame(film, shot, key.at) for key in (*shot.prompts.positive, *shot.prompts.negative)]
    known = {-(-at // 1) for at in places if at is not None}
    return None if None in places else known


def prompts_in_one_frame(film: Film, findings: Findings) -> None:
    """Two prompts between two frames: the first is never shown."""
    for shot in film.shots:
        for keys in (shot.prompts.positive, shot.prompts.negative):
            rows = [(key, _frame(film, shot, key.at)) for key in keys]
            for (first, a), (_, b) in pairwise(rows):
                if a is None or b is None or -(-a // 1) != -(-b // 1) or a == b:
                    continue
                findings.warning(
                    "W6028",
                    first.span,
                    "this prompt is never shown: the next one begins before another frame",
                    hint=f"a frame lasts {float(1000 / film.fps):.3g}ms here; move the keys apart",
                )


def endless_cadence(film: Film, findings: Findings) -> None:
    """A cadence as long as the scene: nothing but the first frame and the prompts' is diffused."""
    for curve, shots in shared(film, "coherence.cadence"):
        cadence = always(curve)
        longest = max(frames(film, shot) for shot in shots)
        if cadence is None or cadence < 2 or cadence < longest or curve.span is None:
            continue
        findings.warning(
            "W6029",
            curve.span,
            f"`cadence` is {cadence:g} and the {called(film)} has {longest} frames: one of them is diffused",
            hint="write 2 to 6; every so many frames are diffused, and those between are tweened",
        )


def _frame(film: Film, shot: Shot, at: Moment) -> Fraction | None:
    """A moment in frames of the shot, as far as it is known before analysis."""
    if at.beats:
        return None
    since = at.seconds if at.start == shot.start else at.start + at.seconds - shot.start
    return since * film.fps
