"""The value that a list has at a frame, as a new key there would say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from anim_dsl.edit import written_in
from anim_dsl.parse import parse_value
from anim_dsl.source import Source
from anim_dsl.syntax import Key, Keys
from anim_dsl.units import factor
from anim_studio.live.hand.answers import Answers, Standing, ask
from anim_studio.live.hand.figures import Figure, between, figure_of, held, shortened, spec_of
from anim_studio.live.hand.script import Refused, Script
from anim_studio.live.hand.where import Where, is_text, scene_of

_KEPT = ("hold", "steps")


def value_at(
    script: Script, where: Where, keys: Sequence[Key], placed: Sequence[Standing], frame: int, time: str
) -> tuple[str, str]:
    """The value and the easing of a new key at a time, which is that of a frame, such that the curve goes on
    as it went. Raises Refused.
    """
    order = sorted(range(len(keys)), key=lambda i: placed[i].position)
    before = next((i for i in reversed(order) if placed[i].frame < frame), None)
    after = next((i for i in order if placed[i].frame > frame), None)
    value = [script.source.slice(key.value.span) for key in keys]
    if before is None or after is None or is_text(script, where):
        near = before if before is not None else order[0]
        return value[near], _own(script, keys[near]) if before is not None else ""
    easing = _own(script, keys[before])
    shape = easing or _every(script, where)
    whole = _whole(script, where, keys)
    asked = ask(script, scene_of(where), [time], [value[before], value[after], whole])
    if asked.is_live(value[before]) or shape.startswith(_KEPT) or value[before] == value[after]:
        return value[before], easing
    position = asked.spot(time).position
    number = _numbered(where, asked, value[before], value[after], whole, position)
    return held(number, spec_of(where.path, where.name)), easing


def _own(script: Script, key: Key) -> str:
    return "" if key.easing is None else script.source.slice(key.easing.span)


def _every(script: Script, where: Where) -> str:
    """The easing that a list gives to all of its segments."""
    found = written_in(script.layout, where.path, where.name)
    text = script.source.slice(found.value) if found is not None else ""
    parsed, _ = parse_value(Source("value", text))
    return parsed.easing.name if isinstance(parsed, Keys) and parsed.easing is not None else ""


def _whole(script: Script, where: Where, keys: Sequence[Key]) -> str:
    """The list as a value of its own."""
    rows = ", ".join(script.source.slice(key.span) for key in keys)
    easing = _every(script, where)
    found = written_in(script.layout, where.path, where.name)
    if easing and found is not None:
        text = script.source.slice(found.value).rstrip("} \t\r\n")
        rows += f" with {text.rpartition('with')[2].strip()}"
    return f"({rows})"


def _numbered(where: Where, asked: Answers, before: str, after: str, whole: str, position: float) -> str:
    a, b, found = (asked.number(text, position) for text in (before, after, whole))
    if found is None or a is None or b is None:
        raise Refused(f"{where.called} is no number there", "press `=` and type a value")
    first, second = _alike(figure_of(before), figure_of(after))
    if first is not None and second is not None and first.form == second.form and a != b:
        return between(first, second, (found - a) / (b - a))
    like = first or second or _plain(where)
    scale = factor(like.unit) or (0.01 if like.unit == "%" else 1.0)
    if first is not None and first.number and a:
        scale = a / float(first.number)
    way = abs(b - a) or abs(found)
    number = shortened(Decimal(repr(found / scale)), Decimal(repr(way / abs(scale))))
    return like.with_number(number)


def _alike(a: Figure | None, b: Figure | None) -> tuple[Figure | None, Figure | None]:
    """A bare zero is written like the other: `0` and `360deg`."""
    if a is not None and b is not None:
        if not a.number and not a.unit:
            return replace(b, number=a.number), b
        if not b.number and not b.unit:
            return a, replace(a, number=b.number)
    return a, b


def _plain(where: Where) -> Figure:
    spec = spec_of(where.path, where.name)
    kind = spec.type if spec is not None else ""
    return Figure(Decimal(0), {"angle": "deg", "px": "px", "time": "s", "frequency": "hz"}.get(kind, ""))
