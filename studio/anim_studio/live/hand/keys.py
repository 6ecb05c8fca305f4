"""Keys set by hand: each edit is a new text of the film, minimal, checked, and on the frame that was meant.

An edit is refused where it would break the film: no text that comes out of here has a mistake that the one
before did not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from anim_dsl.edit import add_key, drop_last_easing, move_key, replace_key, take_key
from anim_dsl.source import Source
from anim_dsl.syntax import Key
from anim_studio.live.hand.edited import Edited, edited, short
from anim_studio.live.hand.figures import nudged, spec_of
from anim_studio.live.hand.first_key import constant_of, first_key, set_constant
from anim_studio.live.hand.placing import counted_from, on_frame, refuse_outside, spots, style_at
from anim_studio.live.hand.script import Refused, Script
from anim_studio.live.hand.time_style import times
from anim_studio.live.hand.value_at import value_at
from anim_studio.live.hand.where import Where, has_list, is_text, keys_in, scene_of, time_of

__all__ = ["Edited", "Refused", "Where", "add", "delete", "move", "nudge", "replace"]


def add(script: Script, where: Where, frame: int, value: str | None = None, easing: str = "") -> Edited:
    """A key at a frame of the film, with the value that the list has there unless one is given.

    Where the curve holds, or follows a formula, the new key does too, so that nothing else changes. Raises
    Refused.
    """
    if not has_list(script, where):
        return first_key(script, where, frame, value)
    keys = keys_in(script, where)
    home = script.home(scene_of(where))
    refuse_outside(home, frame)
    placed = spots(script, where, keys)
    for i, spot in enumerate(placed):
        if spot.frame == frame:
            told = f"key {i + 1} of {where.called} stands at frame {frame} already"
            raise Refused(told, "nudge it, or press `=` and type a value")
    number = next((i for i, spot in enumerate(placed) if spot.frame > frame), len(keys))
    candidates = times(style_at(script, where, max(number - 1, 0)), home.clock, frame)
    given = (value, easing) if value is not None else None

    def text(time: str) -> str:
        said, shape = given or value_at(script, where, keys, placed, frame, time)
        line = f"{said} {shape}" if shape and number < len(keys) else said
        return add_key(script.source, where.path, where.name, number, time, line)

    made = on_frame(script, where, number, candidates, frame, text)
    time, there = time_of(made, where, number), written_value(made, where, number)
    says = f"added key {number + 1} of {where.called} at {time}: {short(there)}"
    return edited(script, made, says, where, number)


def move(script: Script, where: Where, number: int, frame: int) -> Edited:
    """A key at another frame of the film, in the order of time. Raises Refused."""
    keys = keys_in(script, where)
    key = _key(keys, where, number)
    home, placed = script.home(scene_of(where)), spots(script, where, keys)
    refuse_outside(home, frame)
    for i, spot in enumerate(placed):
        if spot.frame == frame:
            hint = "move it elsewhere" if i == number else "delete one of the two first"
            raise Refused(f"key {i + 1} of {where.called} stands at frame {frame} already", hint)
    to = sum(1 for i, spot in enumerate(placed) if i != number and spot.frame < frame)
    if any(b.position < a.position for a, b in pairwise(placed)):
        to = number  # keys in plain frames may stand in any order, and keep it
    own = times(style_at(script, where, number), home.clock, frame)

    def text(time: str) -> str:
        moved = move_key(script.source, where.path, where.name, number, time, to)
        if to == number:
            return moved
        return drop_last_easing(Source(script.source.name, moved), where.path, where.name)

    candidates = (*counted_from(script, where, key, frame), *own)
    made = on_frame(script, where, to, candidates, frame, text)
    before, after = script.source.slice(key.at.span), time_of(made, where, to)
    says = f"moved key {number + 1} of {where.called} {before} → {after}"
    return edited(script, made, says, where, to)


def delete(script: Script, where: Where, number: int, word: str = "deleted") -> Edited:
    """The list without a key; what is left of two is a constant. `word` says how it went. Raises Refused."""
    keys = keys_in(script, where)
    key = _key(keys, where, number)
    after = script.with_text(take_key(script.source, where.path, where.name, number))
    says = f"{word} key {number + 1} of {where.called} at {script.source.slice(key.at.span)}"
    if where.name and len(keys) <= 2:
        says += ": a constant now"
    # no other key is chosen then: it may stand far away, and be deleted next
    return edited(script, after, says, where, None)


def replace(script: Script, where: Where, number: int | None, value: str) -> Edited:
    """A key's value, or without a number a constant's, as it was typed. Raises Refused."""
    typed = value.strip()
    if not typed:
        raise Refused("nothing was typed", "type a value, or delete the key")
    if number is None or not has_list(script, where):
        return set_constant(script, where, typed)
    key = _key(keys_in(script, where), where, number)
    before = script.source.slice(key.value.span)
    if typed == before:
        raise Refused(f"the value is `{short(before)}` already", "type another one")
    after = script.with_text(replace_key(script.source, where.path, where.name, number, typed))
    says = f"set key {number + 1} of {where.called} {short(before)} → {short(typed)}"
    return edited(script, after, says, where, number)


def nudge(script: Script, where: Where, number: int | None, steps: int) -> Edited:
    """A key's value, or without a number a constant's, moved by so many steps of its setting, within its
    range. Raises Refused.
    """
    before = written_value(script, where, number)
    if is_text(script, where):
        raise Refused(f"a text has nothing to nudge: {short(before)}", "press `=` and type another")
    spec = spec_of(where.path, where.name)
    after = nudged(before, steps, spec)
    if after is None:
        raise Refused(f"`{short(before)}` has no number to nudge", "press `=` and type another value")
    if after == before:
        least, most = (spec.minimum, spec.maximum) if spec is not None else (None, None)
        hint = f"it may be {least:g} to {most:g}" if least is not None and most is not None else ""
        raise Refused(f"`{before}` is as far as {where.called} goes", hint)
    return replace(script, where, number, after)


def written_value(script: Script, where: Where, number: int | None) -> str:
    """What a key, or without a number a constant, says: as it is written. Raises Refused."""
    if number is None or not has_list(script, where):
        return constant_of(script, where)
    return script.source.slice(_key(keys_in(script, where), where, number).value.span)


def _key(keys: Sequence[Key], where: Where, number: int) -> Key:
    if not 0 <= number < len(keys):
        raise Refused(f"{where.called} has no key {number + 1} any more", "choose another one")
    return keys[number]
