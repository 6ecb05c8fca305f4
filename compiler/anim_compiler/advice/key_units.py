"""W6040: key times that look like seconds and are frames."""

from __future__ import annotations

import re

from anim_compiler.advice.looking import curves, key_curves, steady
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.typed import KeyCurve
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span

_BARE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(\s*):")
_SECONDS = re.compile(r"\s*[0-9.]+s\s*:")


def key_units(film: Film, findings: Findings) -> None:
    """`zoom = 0: 1, 5: 2, 10: 1` in a film of ten seconds: all three keys stand in its first half second."""
    lists = [(shot, path, keys) for shot, path, curve in curves(film) for keys in key_curves(curve.expr)]
    spans = [key.span for _, _, keys in lists for key in keys.keys]
    spans += [key.span for shot in film.shots for key in shot.prompts.positive]
    seconds = any(_SECONDS.match(findings.text(span, 40)) for span in spans if span.end > span.start)
    for shot, path, keys in lists:
        if not (path.startswith("camera.") and shot.camera is not None and shot.camera.per_frame):
            _list(film, shot, keys, seconds, findings)


def _list(film: Film, shot: Shot, keys: KeyCurve, others: bool, findings: Findings) -> None:
    matches = [_BARE.match(findings.text(key.span, 10**6)) for key in keys.keys]
    if len(keys.keys) < 2 or not all(matches) or steady(keys) is not None:
        return
    times = [float(match.group(1)) for match in matches if match is not None]
    length, last = float(shot.length), max(times)
    if not (last <= length and last < min(20.0, float(film.fps)) and length >= 3.0):
        return
    if last != length and not others:
        return
    findings.warning(
        "W6040",
        keys.span,
        f"bare times are frames, so this list ends at frame {last:g} of {int(length * film.fps)}",
        hint=f"write seconds, `{times[-1]:g}s`, or `{times[-1]:g}f` if frames are meant",
        edit=_with_seconds(keys, findings),
    )


def _with_seconds(keys: KeyCurve, findings: Findings) -> Edit | None:
    """The list with an `s` behind every time; None where it spans lines or is written otherwise."""
    start, end = keys.keys[0].span.start, keys.keys[-1].span.end
    text = findings.text(Span(start, end), 10**6)
    if len(text) != end - start:
        return None
    for key in reversed(keys.keys):
        at = key.span.start - start
        match = _BARE.match(text, at)
        if match is None:
            return None
        text = f"{text[: match.end(1)]}s{text[match.end(1) :]}"
    return Edit(Span(start, end), text)
