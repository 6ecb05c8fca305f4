"""Hover over numbers: times in all of their counts, the value of the key that they stand in."""

from __future__ import annotations

from fractions import Fraction
from math import pi

from anim_dsl import syntax
from anim_dsl.source import Source
from anim_dsl.syntax import Document, Expr, Key, Keys, Statement
from anim_dsl.units import UNITS
from anim_dsl.walk import walk
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.clock import Clock
from anim_studio.lsp.columns import column, curve_names
from anim_studio.lsp.telling.curve import lasting, of_column, times, unheard
from anim_studio.lsp.telling.layout import code, number, stacked
from anim_studio.lsp.timing import clock_at


def of_number(analysed: Analysed, found: At) -> str:
    """A number, with what it is in other units; in a key, where that stands and what its curve is there."""
    word = found.word
    if word is None:
        return ""
    clock = clock_at(analysed, found.offset)
    key = key_at(analysed.document, found.offset)
    value = _parsed(word.text)
    own = "" if value is None else in_other_units(value, clock)
    if key is None:
        return f"**{code(word.text)}** = {own}" if own else _of_setting(analysed, found)
    if key.at.span.start <= found.offset <= key.at.span.end:
        head = f"**{code(analysed.source.slice(key.at.span))}** — a key"
    else:
        head = f"**{code(word.text)}**{f' = {own}' if own else ''}"
    return stacked(head, of_key(analysed, found, key, clock))


def of_key(analysed: Analysed, found: At, key: Key, clock: Clock) -> str:
    """Where a key stands, and what its curve is there."""
    seconds = _second(clock, key)
    if seconds is None:
        return "_where its beat falls is known once the song was heard_" if analysed.unheard else ""
    curve = column(analysed, found.offset, curve_names(found, found.path))
    told = "" if curve is None else of_column(curve, seconds)
    missing = unheard(analysed) if curve is None else ""
    return stacked(times(clock, seconds), told, missing)


def key_at(document: Document, offset: int) -> Key | None:
    """The innermost key that an offset stands in."""
    found: Key | None = None
    for value in _values(document.statements, offset):
        for node, _ in walk(value):
            if isinstance(node, Keys):
                inside = (key for key in node.keys if key.span.start <= offset <= key.span.end)
                found = next(inside, found)
    return found


def _second(clock: Clock, key: Key) -> Fraction | None:
    time = clock.time(key.at)
    return None if time is None else clock.seconds(time)


def _of_setting(analysed: Analysed, found: At) -> str:
    from anim_studio.lsp.features.hover_name import of_setting

    return of_setting(analysed, found, found.path)


def _values(statements: tuple[Statement, ...], offset: int) -> list[Expr]:
    """The values of the statements that an offset is in."""
    found: list[Expr] = []
    for statement in statements:
        if not statement.span.start <= offset <= statement.span.end:
            continue
        match statement:
            case syntax.KeyLine(keys):
                found.append(keys)
            case syntax.Let() | syntax.Def():
                found.append(statement.value)
            case syntax.Setting(_, _, value, block):
                found.append(value)
                found += _values(block.statements if block is not None else (), offset)
            case syntax.Word(_, _, value, block):
                found += [] if value is None else [value]
                found += _values(block.statements if block is not None else (), offset)
    return found


def in_other_units(value: Expr, clock: Clock) -> str:
    """A quantity in the units that it is not written in; empty where it has only one."""
    match value:
        case syntax.Quantity(parts=((amount, unit), *rest)):
            dimension = UNITS[unit].dimension
            if dimension == "time" or rest:
                return _as_time(value, clock)
            return _ONE.get(unit, lambda _: "")(amount)
        case syntax.Percent(value=share):
            return number(share / 100)
        case syntax.Binary() | syntax.Name():
            time = clock.time(value)
            return "" if time is None or time.is_bare or time.is_share else _as_time(value, clock)
        case _:
            return ""


def _as_time(value: Expr, clock: Clock) -> str:
    time = clock.time(value)
    if time is None:
        return ""
    seconds = clock.lasting(time)
    if seconds is None:
        return "so many beats of the song, which was not heard yet"
    return lasting(clock, seconds)


_ONE = {
    "deg": lambda x: f"{number(x / 180 * pi)} rad = {number(x / 360)} turns",
    "rad": lambda x: f"{number(x * 180 / pi)} degrees",
    "bpm": lambda x: f"{number(x / 60)} Hz, a beat lasts {number(60 / x)} s" if x else "",
    "hz": lambda x: f"once in {number(1 / x)} s" if x else "",
    "khz": lambda x: f"{number(x * 1000)} Hz",
    "fps": lambda x: f"a frame lasts {number(1000 / x)} ms" if x else "",
    "db": lambda x: f"a factor of {number(10 ** (x / 20))}" if abs(x) < 200 else "",
}


def _parsed(text: str) -> Expr | None:
    from anim_dsl.parse import parse_value

    return parse_value(Source("value", text))[0]
