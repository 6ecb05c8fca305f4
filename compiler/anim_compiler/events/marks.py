"""The `markers` statement: its marks, by the names that a film calls them by, and what is read of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler.events import label_text, marker_file
from anim_compiler.events.curve import Row, recorded
from anim_compiler.events.opening import Opened
from anim_compiler.events.times import WRITTEN
from anim_compiler.events.unreadable import Unreadable
from anim_compiler.film_events import Mark, Markers
from anim_compiler.names import did_you_mean, some
from anim_compiler.options import fixed
from anim_compiler.typed import Const
from anim_compiler.values import NumberValue, Value
from anim_dsl.source import Span
from anim_dsl.syntax import Name
from anim_dsl.tokens import RESERVED

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

MEMBERS = ("hits", "phase", "index", "inside", "label")
"""What all marks tell: curves, and the label that stands as a text. Each mark is a time by its own name."""

CALLED = ("hit", "inside")
"""The curves of the marks of one label."""

_HOW = {"hits": "hit", "hit": "hit", "phase": "phase", "index": "held", "inside": "peak"}
"""How each of these curves is read."""

PARTS = ("start", "end", "length")
"""What each mark tells besides."""

_TAKEN = frozenset({*MEMBERS, *CALLED, *PARTS}) | RESERVED


def made(check: Expressions, opened: Opened) -> Markers | Unreadable:
    """The marks of a statement's file."""
    found = marker_file.read(opened.path, opened.written, check.scope.fps)
    if isinstance(found, Unreadable):
        return found
    later = fixed(check, "markers", "offset", opened.entries) or Fraction(0)
    names = named([label.text for label in found])
    rows = (
        Mark(label.start + later, None if label.end is None else label.end + later, label.text, name)
        for label, name in zip(found, names, strict=True)
    )
    return Markers(opened.name, opened.relative, opened.sha256, tuple(rows), later)


def named(labels: Sequence[str]) -> list[str]:
    """What a film calls each mark: its label in letters, digits and `_`; a second `drop` is `drop_2`. One
    without such a label goes by its number, the third is `m3`.
    """
    taken, counts = set(_TAKEN), dict.fromkeys(_TAKEN, 1)
    found = []
    for number, label in enumerate(labels, 1):
        base = spelled(label) or f"m{number}"
        name = base
        while name in taken:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base}_{counts[base]}"
        taken.add(name)
        found.append(name)
    return found


def spelled(label: str) -> str:
    """A label as a name: `Verse 2` is `Verse_2`, `Größe` is `Grosse`; empty if nothing of it is left."""
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    name = re.sub(r"[^A-Za-z0-9]+", "_", kept)[:80].strip("_")
    return f"m{name}" if name[:1].isdigit() else name


def known_as(found: Markers) -> str:
    """What the first mark can be called between quotes, for hints."""
    first = found.marks[0]
    plain = first.label.isprintable() and not set('"\\{}') & set(first.label) and len(first.label) <= 40
    return first.label if first.label and plain else first.name


# --- what is read of them ---


def time(found: Markers, path: Sequence[str]) -> Fraction | None:
    """What a mark tells: its time by its name alone, also `start` and `end` of it, in seconds of the film; or
    its `length`. A mark that is a point ends where it begins, and is as long as it is to the next one.
    """
    place = next((i for i, mark in enumerate(found.marks) if mark.name == path[0]), None)
    if place is None or len(path) > 2 or (len(path) == 2 and path[1] not in PARTS):
        return None
    mark, part = found.marks[place], path[1] if len(path) == 2 else "start"
    if part == "length":
        following = (later.start for later in found.marks[place + 1 :] if later.start > mark.start)
        end = next(following, None) if mark.end is None else mark.end
        return None if end is None else end - mark.start
    return mark.end if part == "end" and mark.end is not None else mark.start


def no_time(check: Expressions, found: Markers, expr: Name) -> None:
    """Says what a name is that is used as a time and is none: a curve, all marks, or nothing."""
    if len(expr.path) > 1 and member(check, found, expr.path[1:], expr.span) is None:
        return
    message = (
        f"`{expr.text}` is a curve, not a time" if len(expr.path) > 1 else f"`{expr.text}` has many times"
    )
    hint = f"write `{found.name}.{found.marks[0].name}`, the time of one marker"
    check.findings.error("E3004", expr.span, message, hint=hint)


def member(check: Expressions, found: Markers, path: tuple[str, ...], span: Span) -> Value | None:
    """A curve of all marks, or the time of one; what is neither is reported."""
    if path == ("label",):
        return label_text.text(check, found, span)
    if len(path) == 1 and path[0] in MEMBERS:
        return _curve(found, path[0], found.marks, span)
    at = time(found, path)
    if at is not None:
        return NumberValue(Const(float(at), span), "time")
    names = [mark.name for mark in found.marks]
    if path[0] in names:
        _no_part(check, found, path, span)
        return None
    if path[0] == "hit":
        message = "`hit` needs to know which one"
        check.findings.error("E2010", span, message, hint=f'write `{found.name}.hit("{known_as(found)}")`')
        return None
    hint = did_you_mean(path[0], [*names, *MEMBERS]) or f"it has {some(names)}"
    check.findings.error("E2001", span, f"`{found.path}` has no marker `{path[0]}`", hint=hint)
    return None


def _no_part(check: Expressions, found: Markers, path: tuple[str, ...], span: Span) -> None:
    part, whole = ".".join(path[1:]), f"{found.name}.{path[0]}"
    if part == "length":
        message = f"after `{whole}` comes no marker, so it has no length"
        hint = f"write `duration - {whole}`, or give it an end in `{found.path}`"
    else:
        message, hint = f"a marker has no `{part}`", "it has " + ", ".join(f"`{whole}.{p}`" for p in PARTS)
    check.findings.error("E2001", span, message, hint=hint)


def called(check: Expressions, found: Markers, which: str, label: str, span: Span) -> Value | None:
    """`cuts.hit("drop")`, `cuts.inside("verse")`: of all marks with that label, by its text or its name."""
    chosen = [mark for mark in found.marks if label in (mark.label, mark.name)]
    if chosen:
        return _curve(found, which, chosen, span)
    labels = list(dict.fromkeys(mark.label or mark.name for mark in found.marks))
    hint = did_you_mean(label, labels) or f"it has {some(labels)}"
    check.findings.error("E2130", span, f"no marker of `{found.path}` is called `{label}`", hint=hint)
    return None


def _curve(found: Markers, which: str, marks: Iterable[Mark], span: Span) -> Value:
    rows: Iterable[Row] = ((mark.start, float(i)) for i, mark in enumerate(marks, 1))
    if which == "inside":
        rows = _inside(marks)
    return NumberValue(recorded(found.name, _HOW[which], rows, span, WRITTEN), live=True)


def _inside(marks: Iterable[Mark]) -> list[tuple[Fraction, float]]:
    """1 from the start of each region to its end, 0 between; a point is inside of nothing."""
    turns = sorted(
        [(mark.start, 1) for mark in marks if mark.end is not None]
        + [(mark.end, -1) for mark in marks if mark.end is not None]
    )
    rows, depth = [], 0
    for at, turn in turns:
        depth += turn
        rows.append((at, float(depth > 0)))
    return rows
