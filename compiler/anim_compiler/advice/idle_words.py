"""W6005: words of `coherence` that say how colours or motion are found, where neither is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from anim_compiler.film import OpCall, PictureExpr, Pipeline, Shot
from anim_compiler.findings import Findings
from anim_compiler.levels import Level
from anim_compiler.setting import Entry
from anim_dsl.source import Span

_COLORS = ("no colours are kept", "write `color = lab` beside it")
_MOTION = ("no motion is looked for", "write `flow = on` beside it")

#: settings of `coherence`: why they may be idle, and what brings them to life
_IDLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "reference": _COLORS,
        "color_method": _COLORS,
        "flow_method": _MOTION,
        "flow_preset": _MOTION,
    }
)


def idle_words(findings: Findings, shots: Sequence[tuple[Shot, Level]], film: Level) -> None:
    """`coherence { reference = photo }` without `color`, `coherence { flow_method = affine }` without a flow.

    Each shot comes with what it says itself; where it says nothing, `film` does. A line is idle if it is in
    every shot that takes it.
    """
    if findings.has_errors:
        return
    for name, (why, hint) in _IDLE.items():
        homes: dict[Span, list[bool]] = {}
        for shot, own in shots:
            entry = _said(name, own, film)
            if entry is not None:
                homes.setdefault(entry.at, []).append(_is_idle(name, shot))
        for span, idle in homes.items():
            if all(idle):
                findings.warning("W6005", span, f"`{name}` changes nothing: {why}", hint=hint)


def _said(name: str, own: Level, film: Level) -> Entry | None:
    entry = own.last("coherence", name) or film.last("coherence", name)
    return None if entry is None or entry.is_none else entry


def _is_idle(name: str, shot: Shot) -> bool:
    """Of a pipeline that calls such an op itself nothing is said: it may bring arguments of its own."""
    words = shot.words
    if _IDLE[name] is _COLORS:
        return words.get("coherence.color") == "none" and not _calls(shot.pipeline, "match_color")
    moves = words.get("coherence.flow") is True
    # tweens move along a motion without `flow`, too, and have one method only
    moves = moves or (name == "flow_preset" and words.get("coherence.tween") == "flow")
    return not moves and not _calls(shot.pipeline, "follow", "estimate_flow")


def _calls(pipeline: Pipeline | None, *ops: str) -> bool:
    waiting: list[PictureExpr] = [] if pipeline is None else [made for _, made in pipeline.steps]
    while waiting:
        node = waiting.pop()
        if isinstance(node, OpCall):
            if node.op in ops:
                return True
            waiting.extend(node.inputs)
    return False
