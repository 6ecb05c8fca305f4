"""The first key of what has none yet: a constant, or a setting that the film does not say."""

from __future__ import annotations

from anim_dsl.edit import NotThereError, add_setting, add_statement, set_value, written_in
from anim_dsl.parse import parse_value
from anim_dsl.source import Source
from anim_dsl.syntax import Text
from anim_studio.live.hand.edited import Edited, edited, short
from anim_studio.live.hand.figures import spec_of
from anim_studio.live.hand.placing import on_frame, refuse_outside, style_at
from anim_studio.live.hand.script import Refused, Script
from anim_studio.live.hand.time_style import times
from anim_studio.live.hand.where import Where, scene_of, time_of


def constant_of(script: Script, where: Where) -> str:
    """The constant as it is written, else the setting's default. Raises Refused if there is neither."""
    found = written_in(script.layout, where.path, where.name) if where.name else None
    if found is not None:
        return script.source.slice(found.value)
    spec = spec_of(where.path, where.name)
    if spec is None or not spec.default:
        raise Refused(f"{where.called} is not written, and has no value of its own", "press `=` and type one")
    return spec.default


def set_constant(script: Script, where: Where, value: str) -> Edited:
    """A constant as it was typed; one that is not written yet is added. Raises Refused."""
    if not where.name:
        raise Refused(f"{where.called} has no key here", "press `i` to add one")
    if written_in(script.layout, where.path, where.name) is not None:
        before = constant_of(script, where)
        if before == value:
            raise Refused(f"the value is `{short(before)}` already", "type another one")
        says = f"set {where.called} {short(before)} → {short(value)}"
        after = script.with_text(set_value(script.source, where.path, where.name, value))
        return edited(script, after, says, where, None)
    after = script.with_text(add_setting(script.source, where.path, where.name, value))
    return edited(script, after, f"wrote {where.called} = {short(value)}", where, None)


def first_key(script: Script, where: Where, frame: int, value: str | None) -> Edited:
    """A constant becomes a list: its value at the beginning and at the frame, or `value` there. Raises
    Refused.
    """
    spec = spec_of(where.path, where.name)
    if spec is not None and spec.constant:
        told = f"{where.called} takes no keys: it is one value for the whole film"
        raise Refused(told, "press `e` to edit it in the text")
    if not where.name:
        return _of_block(script, where, frame, value)
    constant = _fit(script, where, value)
    home = script.home(scene_of(where))
    refuse_outside(home, frame)
    style = style_at(script, where)
    zero = times(style, home.clock, home.first)[0]
    there = constant if value is None else value
    is_first = frame == home.first

    def text(time: str) -> str:
        made = f"{zero}: {there}" if is_first else f"{zero}: {constant}, {time}: {there}"
        return _with_value(script, where, made)

    number = 0 if is_first else 1
    made = on_frame(script, where, number, times(style, home.clock, frame), frame, text)
    says = f"{where.called} has keys now: {short(there)} at {time_of(made, where, number)}"
    return edited(script, made, says, where, number)


def _fit(script: Script, where: Where, value: str | None) -> str:
    """The value that the list begins with; a schedule in quotes is a list already."""
    try:
        constant = constant_of(script, where)
    except Refused:
        if value is None:
            raise
        return value
    spec = spec_of(where.path, where.name)
    is_number = spec is not None and spec.type in (
        "number",
        "int",
        "angle",
        "px",
        "ratio",
        "time",
        "frequency",
    )
    parsed, _ = parse_value(Source("value", constant))
    if is_number and isinstance(parsed, Text):
        hint = "take the quotes away: its keys stay the same, and can be moved by hand then"
        raise Refused(f"{where.called} is a schedule in quotes", hint)
    return constant


def _with_value(script: Script, where: Where, value: str) -> str:
    try:
        return set_value(script.source, where.path, where.name, value)
    except NotThereError:
        return add_setting(script.source, where.path, where.name, value)


def _of_block(script: Script, where: Where, frame: int, value: str | None) -> Edited:
    """The first prompt of a block that holds none."""
    if value is None:
        raise Refused(f"{where.called} has no text yet", "press `=` and type one in quotes")
    home = script.home(scene_of(where))
    refuse_outside(home, frame)
    style = style_at(script, where)

    def text(time: str) -> str:
        return add_statement(script.source, where.path, f"{time}: {value}")

    made = on_frame(script, where, 0, times(style, home.clock, frame), frame, text)
    return edited(script, made, f"added a first key to {where.called}", where, 0)
