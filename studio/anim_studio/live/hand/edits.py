"""The edits by hand of a film: what the screen asks for, done to the file as it is now.

The screen shows keys of the version that was compiled last; the file may be newer, by edits of ours that are
still being compiled or by a save of the user's editor. So a key is looked for in the file by what was seen of
it, or by what the last edit made of it, and an edit is refused if it is no longer there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from anim_dsl.source import Source
from anim_studio.live.board.lanes import KeyMark
from anim_studio.live.hand.clipboard import Held, Picked, copied, deleted, number_of, pasted
from anim_studio.live.hand.edited import Edited, refuse_worse, typed
from anim_studio.live.hand.keys import add, move, nudge, replace
from anim_studio.live.hand.placing import spots
from anim_studio.live.hand.script import Refused, Script, not_by_hand
from anim_studio.live.hand.steps import Steps
from anim_studio.live.hand.tracing import LONG, Trace, seen_as, written_as
from anim_studio.live.hand.where import Where, is_written, keys_in, where_of
from anim_studio.live.version import Version

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis

Marks = Mapping[str, Sequence[KeyMark]]
"""The keys of lanes, by the lanes' names."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A key that the user means: its lane, and how it was seen there."""

    lane: str
    mark: KeyMark

    @property
    def key(self) -> tuple[tuple[str, ...], str, int]:
        """Where it is written: edits of one key in a row are one step to take back."""
        return (self.mark.path, self.mark.name, self.mark.number)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words; the text since, and the key that is chosen then, where there is one: its lane,
    where it is written, its number there and its frame.
    """

    says: str
    text: str
    lane: str | None = None
    where: Where | None = None
    number: int | None = None
    frame: int | None = None


@dataclass
class Edits:
    """Edits of one film, one after another on one thread. All raise Refused."""

    path: Path
    clock: Callable[[], float] = time.monotonic
    _version: Version | None = None
    _steps: Steps = field(init=False)
    _trace: Trace | None = None
    _held: tuple[Held, ...] = ()
    _kept: Script | None = None
    _heard: dict[str, Analysis] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._steps = Steps(self.path, self._judge, self.clock)

    def see(self, version: Version) -> None:
        """The version whose world and choice count from now on."""
        self._version = version

    def insert(self, lane: str, marks: Marks, frame: int) -> Done:
        """A key in a lane at a frame."""

        def make(script: Script) -> Edited:
            return add(script, where_of(script, lane, frame, marks.get(lane, ())), frame)

        return self._done(lane, self._edit(make), None)

    def put(self, lane: str, marks: Marks, frame: int, value: str) -> Done:
        """A value that was typed, as a new key of a lane; of what is not written yet it is the constant."""

        def make(script: Script) -> Edited:
            where = where_of(script, lane, frame, marks.get(lane, ()))
            if where.name and not is_written(script, where):
                return typed(script, where, value, lambda said: replace(script, where, None, said))
            return typed(script, where, value, lambda said: add(script, where, frame, said))

        return self._done(lane, self._edit(make), None)

    def delete(self, aims: Sequence[Aim], word: str = "deleted") -> Done:
        """Keys away; `word` says how they went."""
        made = self._edit(lambda script: deleted(script, self._picked(script, aims), word))
        return self._done(aims[0].lane, made, None)

    def move_by(self, aim: Aim, frames: int) -> Done:
        """A key to later frames, or to earlier ones; it steps over those that stand there."""

        def make(script: Script) -> Edited:
            one = self._find(script, aim)
            number = number_of(one)
            taken = [spot.frame for spot in spots(script, one.where, keys_in(script, one.where))]
            to = taken[number] + frames
            while to in taken:
                to += 1 if frames > 0 else -1
            return move(script, one.where, number, to)

        return self._done(aim.lane, self._edit(make, ("move", *aim.key)), aim.mark)

    def move_to(self, aim: Aim, frame: int) -> Done:
        """A key to a frame."""

        def make(script: Script) -> Edited:
            one = self._find(script, aim)
            return move(script, one.where, number_of(one), frame)

        return self._done(aim.lane, self._edit(make), aim.mark)

    def nudge(self, aim: Aim, steps: int) -> Done:
        """A key's value up or down."""
        if not steps:
            # up and down again, before the first of them was begun
            return Done(f"`{aim.lane}` stays as it is", self._text())

        def make(script: Script) -> Edited:
            one = self._find(script, aim)
            return nudge(script, one.where, one.number, steps)

        return self._done(aim.lane, self._edit(make, ("nudge", *aim.key)), aim.mark)

    def set(self, aim: Aim, value: str) -> Done:
        """A key's value as it was typed."""

        def make(script: Script) -> Edited:
            one = self._find(script, aim)
            return typed(script, one.where, value, lambda said: replace(script, one.where, one.number, said))

        return self._done(aim.lane, self._edit(make), aim.mark)

    def copy(self, aims: Sequence[Aim]) -> Done:
        """Keys to put in elsewhere."""
        script = self._bench(self._text())
        self._held = copied(script, self._picked(script, aims))
        said = f"key {aims[0].mark.number + 1} of `{aims[0].lane}`" if len(aims) == 1 else f"{len(aims)} keys"
        return Done(f"copied {said}", script.source.text)

    def cut(self, aims: Sequence[Aim]) -> Done:
        """Keys away, to put in elsewhere."""
        script = self._bench(self._text())
        held = copied(script, self._picked(script, aims))
        done = self.delete(aims, "cut")
        self._held = held
        return done

    def paste(self, frame: int, lane: str | None, marks: Marks) -> Done:
        """What was copied, at a frame; a single key into the chosen lane."""
        held = self._held
        if lane is not None and len(held) == 1:
            held = (Held(lane, held[0].value, held[0].easing),)

        def make(script: Script) -> Edited:
            return pasted(script, held, frame, lambda b, name: where_of(b, name, frame, marks.get(name, ())))

        return self._done(held[0].lane if len(held) == 1 else None, self._edit(make), None)

    def undo(self) -> Done:
        """The last edit back."""
        says = self._steps.undo()
        self._trace = None
        return Done(f"undone: {says}", self._steps.wrote)

    def redo(self) -> Done:
        """The edit again that was taken back."""
        says = self._steps.redo()
        self._trace = None
        return Done(f"again: {says}", self._steps.wrote)

    def _bench(self, text: str) -> Script:
        version = self._version
        if version is None:
            raise Refused("the film is not read yet", "wait for its timeline")
        name, given = version.source.name, version.document.given
        made = Script(Source(name, text), version.world, version.choice, given, self._heard)
        return self._kept if self._kept is not None and self._kept == made else self._keep(made)

    def _keep(self, script: Script) -> Script:
        """The newest text is checked once, for the edit that made it and the one that follows."""
        self._kept = script
        return script

    def _text(self) -> str:
        from anim_studio.live.hand.film_file import read_file

        return read_file(self.path).text

    def _judge(self, before: str, after: str) -> None:
        script = self._bench(before)
        refuse_worse(script, script.with_text(after))

    def _edit(self, make: Callable[[Script], Edited], about: object = None) -> Edited:
        return self._steps.edit(lambda text: make(self._bench(text)), about)

    def _done(self, lane: str | None, made: Edited, mark: KeyMark | None) -> Done:
        trace, self._trace = self._trace, None
        if made.number is None:
            return Done(made.says, made.text, lane)
        script = self._keep(made.script or self._bench(made.text))
        keys = keys_in(script, made.where)
        if mark is not None:
            seen = seen_as(mark)
            before = trace.states if trace is not None and trace.follows(made.where, seen) else (seen,)
            self._trace = Trace(made.where, (*before, written_as(script, keys, made.number))[-LONG:])
        frame = spots(script, made.where, keys)[made.number].frame
        return Done(made.says, made.text, lane, made.where, made.number, frame)

    def _picked(self, script: Script, aims: Sequence[Aim]) -> tuple[Picked, ...]:
        if not aims:
            raise Refused("there is no key here", "go to one with shift and ← →")
        return tuple(self._find(script, aim) for aim in aims)

    def _find(self, script: Script, aim: Aim) -> Picked:
        """The key in the file that the user sees on the screen. Raises Refused."""
        mark, trace = aim.mark, self._trace
        if mark.number < 0:
            return Picked(aim.lane, where_of(script, aim.lane, mark.frame), None)
        where = Where(mark.path, mark.name)
        if not mark.editable:
            raise not_by_hand(f"this key of `{aim.lane}`", mark.why_not)
        seen = seen_as(mark)
        now = (trace.states[-1], seen) if trace is not None and trace.follows(where, seen) else (seen,)
        keys = [key.key for key in script.lists.get((where.path, where.name), ())]
        written = [written_as(script, keys, number) for number in range(len(keys))]
        for number, *says in now:
            near = sorted(written, key=lambda state: abs(state[0] - number))
            found = next((state for state in near if [*state[1:]] == says), None)
            if found is not None:
                return Picked(aim.lane, where, found[0])
        script.sound()
        raise Refused(f"this key of `{aim.lane}` has changed in the file", "look at it again, then repeat")
