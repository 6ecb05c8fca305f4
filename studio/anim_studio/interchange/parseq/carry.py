"""A field on its way into a film: as it is written where that is proved the same, else by its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from anim_dsl.visible import escaped
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.parseq.adding import added
from anim_studio.interchange.parseq.keys import Way, patched, ways
from anim_studio.interchange.parseq.named import TABLE, Named
from anim_studio.interchange.parseq.pieces import pieced
from anim_studio.interchange.parseq.prompt_frames import MOST_KEYS
from anim_studio.interchange.parseq.proof import column, helpers, is_same
from anim_studio.interchange.parseq.tables import table_of
from anim_studio.interchange.parseq.truth import Curve
from anim_studio.interchange.parseq.writing import NoWords, figure


@dataclass(frozen=True, slots=True)
class Clock:
    """The film's time, and the first lines of a film that has it."""

    fps: float
    bpm: float
    head: str


@dataclass(slots=True)
class Hold:
    """What all fields of one film share: names, the table of values, remarks."""

    clock: Clock
    beside: Mapping[str, bytes]
    named: Named = field(default_factory=Named)
    table: dict[str, tuple[float, ...]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    #: the rate that `b(n)` counts by
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A field's value in a film. `is_move` says that it is what Deforum gets, not the place that Parseq has;
    `how` is what became of it.
    """

    text: str
    keys: tuple[tuple[str, str], ...] = ()
    is_move: bool = False
    how: str = ""


def carried(curve: Curve, hold: Hold, *, is_move: bool) -> Carried:
    """A field as a film has it, proved frame by frame."""
    if len(set(curve.values)) == 1 and _follows(curve):
        return Carried(figure(curve.values[0]).text, how="one value")
    if curve.sections and _follows(curve):
        found = _as_written(curve, hold, is_move=is_move)
        if found is not None:
            return found
    return _by_values(curve, hold, is_move=is_move)


def _as_written(curve: Curve, hold: Hold, *, is_move: bool) -> Carried | None:
    grown = is_move and curve.name != "zoom"
    for way in added(curve, hold.clock.fps):
        text = (
            way.text
            if grown
            else f"{_bracketed(way.text)} + integrate({way.text}) * {figure(hold.clock.fps).text}"
        )
        if _is_proved(way, text, curve, hold, curve.moves if grown else curve.values):
            _take(way, curve, hold)
            return Carried(text, (), grown, "as it is written: what it adds at every frame")
    for way in ways(curve, hold.clock.fps):
        if _is_proved(way, way.text, curve, hold, curve.values):
            _take(way, curve, hold)
            return Carried(way.text, way.keys, how="as it is written")
    return _patched(curve, hold)


def _patched(curve: Curve, hold: Hold) -> Carried | None:
    """A field whose formulas stay where they have words; the others are a column of the table."""
    if len(curve.sections) < 2:
        return None
    wrong: set[int] = set()
    for is_exact in (False, True, True):
        way = patched(curve, hold.clock.fps, wrong, is_exact=is_exact)
        gaps = way.named.gaps
        if len(gaps) >= len(curve.sections):
            return None
        found = _computed(way, way.text, curve, hold)
        if is_same(found, curve.values):
            _take(way, curve, hold)
            hold.table[curve.name] = curve.values
            which = ", ".join(f"`{escaped(curve.sections[i].written[:40])}`" for i in sorted(gaps))
            says = f"these formulas have no words here, and are a column of the table `{TABLE}`: {which}"
            hold.remarks.append(Remark(Fate.CHANGED, curve.name, says))
            return Carried(way.text, way.keys, how="as it is written, where a film can say it")
        if is_exact and found is not None:
            wrong = gaps | _wrong(curve, found)
    return None


def _wrong(curve: Curve, found: tuple[float, ...]) -> set[int]:
    """The places of the sections whose frames are not the same."""
    return {
        place
        for place, s in enumerate(curve.sections)
        if not is_same(found[s.first : s.end], curve.values[s.first : s.end])
    }


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text else text


def _is_proved(way: Way, text: str, curve: Curve, hold: Hold, wanted: tuple[float, ...]) -> bool:
    return is_same(_computed(way, text, curve, hold), wanted)


def _computed(way: Way, text: str, curve: Curve, hold: Hold) -> tuple[float, ...] | None:
    """A field as a film computes it; None if a film cannot have it."""
    used = way.named.helpers
    if "b" in used and hold.rate not in (None, curve.setting.fps):
        return None
    defs = [made for _, made in helpers(used, curve.setting.fps, hold.clock.bpm).values()]
    beside = dict(hold.beside)
    if way.named.gaps:
        beside[f"{TABLE}.csv"] = table_of({curve.name: curve.values}, len(curve.values))
    return column(hold.clock.head, way.named, defs, text, beside)


def _take(way: Way, curve: Curve, hold: Hold) -> None:
    if "b" in way.named.helpers:
        hold.rate = curve.setting.fps
    hold.named.lets |= way.named.lets
    hold.named.helpers |= way.named.helpers
    hold.named.tracks |= way.named.tracks


def _follows(curve: Curve) -> bool:
    """Whether what Deforum gets are the differences of the field's values, as the film reckons them."""
    if curve.moves is curve.values or curve.moves == curve.values:
        return True
    base = 1.0 if curve.name == "zoom" else 0.0
    own = (curve.values[0], *(base + (b - a) for a, b in pairwise(curve.values)))
    return is_same(own, curve.moves)


def _by_values(curve: Curve, hold: Hold, *, is_move: bool) -> Carried:
    """A field by its values: a few keys, or a column of the table beside the film."""
    takes_moves = is_move and not _follows(curve)
    values = curve.moves if takes_moves else curve.values
    try:
        found = pieced(values)
    except NoWords:
        found = None
    if found is not None and found.count <= MOST_KEYS:
        keys = found.keys if found.count > 1 else ()
        return Carried(found.text, keys, takes_moves, f"by its values, as {found.count} keys")
    hold.table[curve.name] = values
    says = f"by its values, a column of the table `{TABLE}`: no formula of a film gives the same"
    hold.remarks.append(Remark(Fate.CHANGED, curve.name, says))
    return Carried(f"{TABLE}.{curve.name}", (), takes_moves, says)
