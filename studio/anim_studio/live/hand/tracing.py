"""A key known again in the file by what the screen shows of it, which may be older."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from anim_dsl.syntax import Key
from anim_studio.live.board.lanes import KeyMark
from anim_studio.live.hand.script import Script
from anim_studio.live.hand.where import Where

LONG = 500
"""So many states of a key are known by which the screen may still show it."""

State: TypeAlias = tuple[int, str, str]
"""A key's number, time and value as they are written."""


@dataclass(frozen=True, slots=True)
class Trace:
    """All that edits in a row made of one key: the screen may show any of it, the last is in the file."""

    where: Where
    states: tuple[State, ...]

    def follows(self, where: Where, state: State) -> bool:
        """Whether a key that is seen so is this one."""
        return where == self.where and state in self.states


def seen_as(mark: KeyMark) -> State:
    """How the screen shows a key."""
    return (mark.number, mark.time, mark.value)


def written_as(script: Script, keys: Sequence[Key], number: int) -> State:
    """How the text has a key of a list."""
    key = keys[number]
    return (number, script.source.slice(key.at.span), script.source.slice(key.value.span))
