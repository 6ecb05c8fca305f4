"""Edits by hand, written into the film's file, and taken back.

Each edit is made of the text that is on disk at that moment, so a save of the user's editor is never
overwritten: an edit that does not fit it any more is refused. What was done since in other lines stays when
an edit is taken back; where the same lines were changed, taking back is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from pathlib import Path

from anim_studio.live.hand.edited import Edited
from anim_studio.live.hand.film_file import Read, read_file, write_if_unchanged
from anim_studio.live.hand.merged import merged
from anim_studio.live.hand.script import Refused

_TRIES = 5
_TOGETHER = 1.0
"""Seconds within which nudges of one key are one step to take back."""

_MOST = 500
"""So many edits can be taken back."""


@dataclass(frozen=True, slots=True)
class Step:
    """An edit that was made: the text before and after it, and what it was."""

    before: str
    after: str
    says: str
    #: what following edits must be about to become one step with it; None: none does
    about: Hashable = None
    made: float = 0.0


class Steps:
    """The edits by hand of one film's file. Not to be called by several threads at once.

    `judge` raises Refused for a text that is worse than another: it is asked about what undo puts together.
    """

    def __init__(
        self,
        path: Path,
        judge: Callable[[str, str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._judge = judge
        self._clock = clock
        self._done: list[Step] = []
        self._undone: list[Step] = []
        #: the text that the last edit, undo or redo wrote
        self.wrote = ""

    def edit(self, make: Callable[[str], Edited], about: Hashable = None) -> Edited:
        """Makes an edit of the text that is on disk now, and writes it; says what the whole step did. Raises
        Refused.
        """
        for _ in range(_TRIES):
            before = read_file(self._path)
            made = make(before.text)
            if self._write(before, made.text):
                step = self._note(Step(before.text, made.text, made.says, about, self._clock()))
                return replace(made, says=step.says)
        raise Refused(f"`{self._path.name}` is being written all the time", "try again")

    def undo(self) -> str:
        """Takes the last edit back; says which. Raises Refused."""
        if not self._done:
            raise Refused("nothing to undo", "edits in your editor are undone there")
        step = self._done[-1]
        if not self._turn(step.after, step.before):
            self._done.pop()
            raise _changed(step, "undone", "`u` takes back the edit before it")
        self._undone.append(self._done.pop())
        return step.says

    def redo(self) -> str:
        """Makes the edit again that was taken back last; says which. Raises Refused."""
        if not self._undone:
            raise Refused("nothing to redo", "undo first")
        step = self._undone[-1]
        if not self._turn(step.before, step.after):
            self._undone.pop()
            raise _changed(step, "made again", "what was written there since stays")
        self._done.append(replace(self._undone.pop(), about=None))
        return step.says

    def _turn(self, base: str, wanted: str) -> bool:
        """Writes one of a step's texts in place of the other; False if its lines were changed since."""
        for _ in range(_TRIES):
            now = read_file(self._path)
            text = merged(base, wanted, now.text)
            if text is None:
                return False
            if text != wanted:
                self._judge(now.text, text)
            if self._write(now, text):
                return True
        raise Refused(f"`{self._path.name}` is being written all the time", "try again")

    def _write(self, before: Read, text: str) -> bool:
        if not write_if_unchanged(self._path, before, before.with_text(text)):
            return False
        self.wrote = text
        return True

    def _note(self, step: Step) -> Step:
        self._undone.clear()
        last = self._done[-1] if self._done else None
        together = last is not None and step.about is not None and last.about == step.about
        if last is not None and together and last.after == step.before and step.made - last.made <= _TOGETHER:
            self._done.pop()
            step = replace(step, before=last.before, says=_together(last.says, step.says))
            if step.before == step.after:
                return step
        self._done = [*self._done, step][-_MOST:]
        return step


def _changed(step: Step, word: str, hint: str) -> Refused:
    return Refused(f"this cannot be {word}, for its lines were changed since: {step.says}", hint)


def _together(first: str, last: str) -> str:
    """`set it 1 → 2` and `set it 2 → 3` are `set it 1 → 3`."""
    begin, arrow, _ = first.rpartition(" → ")
    return f"{begin}{arrow}{last.rpartition(arrow)[2]}" if arrow else last
