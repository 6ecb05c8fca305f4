"""What an edit by hand comes to: a text that is no worse than the one before, or why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from anim_dsl.diagnostic import Diagnostic
from anim_studio.live.hand.script import Refused, Script
from anim_studio.live.hand.where import Where, is_text

_LONG = 24


@dataclass(frozen=True, slots=True)
class Edited:
    """A film's text after an edit, what was done in words, and the key that it was done to: None if that has
    gone. `script` is the text, checked.
    """

    text: str
    says: str
    where: Where
    number: int | None
    script: Script | None = field(default=None, repr=False, compare=False)


def edited(before: Script, after: Script, says: str, where: Where, number: int | None) -> Edited:
    """An edit that was made. Raises Refused if the film has a mistake by it that it did not have."""
    refuse_worse(before, after)
    return Edited(after.source.text, says, where, number, after)


def typed(script: Script, where: Where, value: str, make: Callable[[str], Edited]) -> Edited:
    """An edit with a value as somebody typed it: a text may go without its quotes. Raises Refused."""
    try:
        return make(value)
    except Refused as refused:
        if '"' in value or not value.strip() or not is_text(script, where):
            raise
        with suppress(Refused):
            return make(f'"{value.strip()}"')
        raise refused


def refuse_worse(before: Script, after: Script) -> None:
    """Raises Refused with the first mistake that only the text after has."""
    worse = _counted(after.errors) - _counted(before.errors)
    if not worse:
        return
    told = next(each for each in after.errors if (each.code, each.message) in worse)
    raise Refused(f"the film would have a mistake: {told.message}", told.hint)


def _counted(found: Iterable[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((each.code, each.message) for each in found)


def short(value: str) -> str:
    """A value as messages quote it: in one line, and not all of a long text."""
    line = " ".join(value.split())
    return line if len(line) <= _LONG else f"{line[: _LONG - 1].rstrip()}…"
