"""A difference for programs: one JSON document, whose form is described in `docs/git.md`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from anim_dsl.diagnostic import Diagnostic
from anim_dsl.visible import json_escaped
from anim_studio.diffing.sides import Checked
from anim_studio.diffing.told import Told

if TYPE_CHECKING:
    from anim_compiler.diff import Change, Difference, Range, Rerender

VERSION = 1
"""Raised when a field goes or means something else; fields that are added leave it as it is."""


def as_json(told: Told) -> str:
    """The document, keys in one order."""
    found = told.difference
    is_told = found is not None or told.declared is not None
    document = {
        "version": VERSION,
        "before": _film(told.before),
        "after": _film(told.after),
        "different": told.is_different,
        "summary": told.summary,
        "changes": [_change(change, found) for change in told.changes] if is_told else None,
        "rerender": None if found is None or found.rerender is None else _rerender(found.rerender, found),
    }
    return json_escaped(json.dumps(document, ensure_ascii=False, indent=1))


def _film(checked: Checked) -> dict[str, object]:
    side = checked.side
    return {
        "film": checked.read.label,
        "exists": not checked.is_absent,
        "errors": [_error(found) for found in checked.errors],
        "frames": None if side is None else side.clock.frames,
        "fps": None if side is None else str(side.clock.fps),
    }


def _error(found: Diagnostic) -> dict[str, object]:
    place = found.source.place(found.span.start)
    return {"code": found.code, "message": found.message, "line": place.line, "column": place.column}


def _change(change: Change, found: Difference | None) -> dict[str, object]:
    return {
        "area": change.area,
        "kind": change.kind,
        "path": change.path,
        "scene": change.scene or None,
        "subject": change.subject,
        "sentence": change.sentence,
        "where": change.where,
        **(
            _where(change.frames, found)
            if found is not None
            else {"frames": [], "seconds": [], "beats": None}
        ),
        "before": change.before or None,
        "after": change.after or None,
        "effects": [_change(effect, found) for effect in change.effects],
    }


def _where(ranges: Sequence[Range], found: Difference) -> dict[str, object]:
    """Ranges of frames with their last frame in them, and where they begin and end in seconds and beats."""
    timeline = found.pair.timeline
    beats = [timeline.beats(r) for r in ranges]
    return {
        "frames": [[r.first, r.last] for r in ranges],
        "seconds": [
            [_round(timeline.seconds(r.first)), _round(timeline.seconds(r.last + 1))] for r in ranges
        ],
        "beats": [list(b) for b in beats if b is not None] if timeline.grid is not None else None,
    }


def _rerender(made: Rerender, found: Difference) -> dict[str, object]:
    return {
        "of": made.frames,
        "count": made.count,
        "diffused": made.diffused,
        "tweens": made.tweens,
        "beneath": made.beneath,
        "redrawn": made.redrawn,
        **_where(made.where, found),
    }


def _round(value: float) -> float:
    return round(value, 6)
