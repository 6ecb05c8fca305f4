"""Keys copied and put in elsewhere: one, or all that stand on a frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anim_studio.live.hand.edited import Edited, edited, short
from anim_studio.live.hand.keys import add, delete, replace, written_value
from anim_studio.live.hand.placing import spots
from anim_studio.live.hand.script import Refused, Script
from anim_studio.live.hand.where import Where, has_list, keys_in


@dataclass(frozen=True, slots=True)
class Held:
    """A key that was copied: the lane it stood in, its value and its easing as they were written."""

    lane: str
    value: str
    easing: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """A key of a lane, by its number in its list; None for a constant."""

    lane: str
    where: Where
    number: int | None


def copied(script: Script, picked: Sequence[Picked]) -> tuple[Held, ...]:
    """Keys as values that can be put in elsewhere. Raises Refused."""
    held = []
    for one in picked:
        value = written_value(script, one.where, one.number)
        easing = None if one.number is None else keys_in(script, one.where)[one.number].easing
        held.append(Held(one.lane, value, "" if easing is None else script.source.slice(easing.span)))
    return tuple(held)


def deleted(script: Script, picked: Sequence[Picked], word: str = "deleted") -> Edited:
    """The film without several keys of different lists; `word` says how they went.

    Raises Refused; then none is deleted.
    """
    if len(picked) == 1:
        return delete(script, picked[0].where, number_of(picked[0]), word)
    now = script
    # the last one of a list first, so that the numbers of the others stay
    for one in sorted(picked, key=lambda one: -number_of(one)):
        made = delete(now, one.where, number_of(one), word)
        now = made.script or now.with_text(made.text)
    return edited(script, now, f"{word} {_listed(picked)}", picked[0].where, None)


def _listed(keys: Sequence[Held | Picked]) -> str:
    """Several keys in words: how many, and of what."""
    return f"{len(keys)} keys: {', '.join(f'`{lane}`' for lane in dict.fromkeys(key.lane for key in keys))}"


def number_of(one: Picked) -> int:
    """The number of a key. Raises Refused for a constant."""
    if one.number is None:
        raise Refused(f"{one.where.called} is one value, and has no keys", "press `i` to add one")
    return one.number


def pasted(script: Script, held: Sequence[Held], frame: int, where: Callable[[Script, str], Where]) -> Edited:
    """The film with copied keys at a frame, each in the list that `where` finds for its lane; one that stands
    there takes the value. Raises Refused; then none is put in.
    """
    if not held:
        raise Refused("nothing was copied", "press `y` on a key first")
    first, *others = held
    made = _put(script, where(script, first.lane), first, frame)
    if not others:
        return made
    now = made.script or script.with_text(made.text)
    for one in others:
        made = _put(now, where(now, one.lane), one, frame)
        now = made.script or now.with_text(made.text)
    return edited(script, now, f"pasted {_listed(held)} at frame {frame}", made.where, None)


def _put(script: Script, where: Where, one: Held, frame: int) -> Edited:
    if has_list(script, where):
        for number, spot in enumerate(spots(script, where, keys_in(script, where))):
            if spot.frame == frame:
                return replace(script, where, number, one.value)
    made = add(script, where, frame, one.value, one.easing)
    says = f"pasted {short(one.value)} into {where.called} at frame {frame}"
    return Edited(made.text, says, made.where, made.number, made.script)
