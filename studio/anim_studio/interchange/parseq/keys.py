"""A field's keyframes and formulas as a key list of a film, written in several ways, the nearest first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from anim_studio.interchange.parseq.formula import Call, Neg, Node, Num, Op, Text, Var, variables
from anim_studio.interchange.parseq.named import TABLE, Named
from anim_studio.interchange.parseq.spell import Speller
from anim_studio.interchange.parseq.stretches import Key, is_simple, key_at, listed
from anim_studio.interchange.parseq.truth import Curve, Section
from anim_studio.interchange.parseq.writing import CHOICE, NoWords, Written, is_figure

#: formulas beyond this many letters are not written twice
_LONG = 40
#: a formula goes on by itself: where it is said again, nothing new begins
_LIVE = re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Way:
    """A field in a film: `text` stands behind `=`, `keys` are the same one by one where there are several;
    `named` is what it refers to.
    """

    text: str
    keys: tuple[tuple[str, str], ...]
    named: Named


def ways(curve: Curve, fps: float) -> Iterator[Way]:
    """The ways to write a field, the nearest to its keyframes first; whether they say the same is for
    others to prove.
    """
    for is_exact in (False, True):
        for is_live in (False, True):
            named = Named()
            keys = list(_keys(curve, named, fps, is_exact=is_exact, is_live=is_live))
            if not named.gaps:
                yield _way(keys, named, curve.name)


def patched(curve: Curve, fps: float, gaps: set[int], *, is_exact: bool) -> Way:
    """The field with the sections of those places, and what else has no words, as a column of the table."""
    named = Named(gaps=set(gaps))
    return _way(list(_keys(curve, named, fps, is_exact=is_exact, is_live=True)), named, curve.name)


def _bare(text: str) -> str:
    """A value without the parentheses that it needs in a list only."""
    if not text.startswith("(") or not text.endswith(")"):
        return text
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1]


def _named_once(keys: list[Key], named: Named, name: str) -> list[Key]:
    """A long formula that comes again gets a name."""
    counts = Counter(key.value for key in keys)
    again = [value for value, count in counts.items() if count > 1 and len(value) > _LONG]
    names = {
        value: named.name(f"{name}_again" if len(again) == 1 else f"{name}_{letter}", _bare(value))
        for value, letter in zip(again, "abcdefghijklmnopqrstuvwxyz", strict=False)
    }
    return [Key(key.frame, names.get(key.value, key.value), key.easing) for key in keys]


def _way(keys: list[Key], named: Named, name: str) -> Way:
    kept: list[Key] = []
    for key in keys:
        if kept and kept[-1].frame == key.frame:
            kept.pop()
        if not (kept and kept[-1] == replace(key, frame=kept[-1].frame) and _LIVE.search(key.value)):
            kept.append(key)
    # a last key has no way after it that an easing could shape
    kept[-1] = Key(kept[-1].frame, kept[-1].value)
    if len(kept) == 1:
        return Way(_bare(kept[0].value), (), named)
    kept = _named_once(kept, named, name)
    text = listed(kept)
    if " with " in text:
        return Way(text, (), named)
    return Way(text, tuple((str(key.frame), f"{key.value} {key.easing}".rstrip()) for key in kept), named)


def _keys(curve: Curve, named: Named, fps: float, *, is_exact: bool, is_live: bool) -> Iterator[Key]:
    sections = curve.sections
    for place, section in enumerate(sections):
        following = sections[place + 1 : place + 2]
        ends_live = any(not is_simple(s.formula) for s in following) or place + 1 in named.gaps
        simple = is_simple(section.formula) and not (is_live and ends_live)
        if place in named.gaps:
            yield Key(section.first, f"{TABLE}.{curve.name}")
            continue
        try:
            if simple and _stands(curve, section):
                yield from _plain(curve, section)
            else:
                speller = Speller(curve, section, named, is_exact, fps)
                yield _live(section, speller.spelled(section.formula))
        except NoWords:
            named.gaps.add(place)
            yield Key(section.first, f"{TABLE}.{curve.name}")


def _stands(curve: Curve, section: Section) -> bool:
    """Whether a simple section begins on a key of the field; straight and held ways may begin between."""
    is_free = isinstance(section.formula, Var) and section.formula.name in "LS"
    return is_free or section.first in curve.setting.points.frames


def _live(section: Section, written: Written) -> Key:
    text = written.within(CHOICE + 1)
    is_plain = not variables(section.formula) and not _waves(section.formula)
    return Key(section.first, text, "hold" if is_plain or is_figure(written) else "")


def _waves(node: Node) -> bool:
    match node:
        case Call():
            return True
        case Neg(inner, _):
            return _waves(inner)
        case Op(_, left, right, _):
            return _waves(left) or _waves(right)
        case Num() | Text() | Var():
            return False
        case _:
            return True


def _plain(curve: Curve, section: Section) -> Iterator[Key]:
    points = curve.setting.points
    frames = sorted({section.first, *(f for f in points.frames if section.first <= f < section.end)})
    for frame in frames:
        at = points.active(frame)
        yield key_at(curve, section.formula, frame, at)
