"""Keys set by hand: each edit is written into the film's text, and comes back as any other save does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from anim_dsl.parse import parse_value
from anim_dsl.source import Source
from anim_studio.live.board.lanes import KeyMark
from anim_studio.live.hand.edits import Aim, Done
from anim_studio.live.hand.script import Refused
from anim_studio.live.hand.settable import settable
from anim_studio.tui.acts.editing import Editing
from anim_studio.tui.dialogs.choose_setting import ChooseSetting
from anim_studio.tui.dialogs.questions import Line
from anim_studio.tui.keys import HAND
from anim_studio.tui.timeline.timeline import Timeline

if TYPE_CHECKING:
    from anim_studio.tui.services import Services
    from anim_studio.tui.state import Begin


def _row(key: str, action: str, says: str, about: str, sign: str = "") -> Binding:
    return Binding(key, action, says, show=False, key_display=sign or None, tooltip=about, group=HAND)


_EXAMPLE = "a value, as it is written in the film"


class Keying(Editing):
    """Edits the chosen key, or those at the playhead."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _row("i", "insert_key", "add key", "add a key at the playhead, with the value that is there"),
        _row("I", "key_setting", "key a setting", "add a key to any setting, also to one that has none yet"),
        _row("delete,backspace", "delete_key", "delete", "delete the key", "del"),
        _row("less_than_sign,comma", "move_key(-1)", "earlier", "move the key a frame back", "<"),
        _row("greater_than_sign,full_stop", "move_key(1)", "later", "move the key a frame on", ">"),
        _row("ctrl+up", "nudge_key(1)", "more", "nudge the value up by a step", "^↑"),
        _row("ctrl+down", "nudge_key(-1)", "less", "nudge the value down by a step", "^↓"),
        _row("shift+up", "nudge_key(10)", "much more", "nudge the value up by ten steps", "⇧↑"),
        _row("shift+down", "nudge_key(-10)", "much less", "nudge the value down by ten steps", "⇧↓"),
        _row("equals_sign", "type_value", "value", "type the value", "="),
        _row("y", "copy_key", "copy", "copy the key, or without a lane all keys at the playhead"),
        _row("x", "cut_key", "cut", "copy and delete"),
        _row("p", "paste_key", "paste", "put what was copied in at the playhead"),
        _row("u", "undo_key", "undo", "take the last edit by hand back"),
        _row("U", "redo_key", "redo", "make it again"),
    ]

    def __init__(self, begin: Begin, services: Services) -> None:
        super().__init__(begin, services)
        #: steps that are asked for and not begun, by what they do and the key they are of
        self._steps: dict[tuple[str, str, KeyMark], int] = {}
        self._counting = Lock()

    # --- which key ---

    def aims(self) -> tuple[Aim, ...]:
        """The keys that are meant: the chosen one, else that of the lane at the playhead, else all there."""
        key = self.board.key(self.lane, self.key)
        if key is not None and self.lane is not None:
            return (Aim(self.lane, key),)
        last = self.board.frames - 1
        lanes = [lane for lane in self.board.lanes if self.lane in (None, lane.name)]
        here = [(lane, key) for lane in lanes for key in lane.keys if min(key.frame, last) == self.head]
        # of all lanes, those that cannot be edited are not meant
        return tuple(Aim(lane.name, key) for lane, key in here if self.lane is not None or key.editable)

    def _aim(self) -> Aim | None:
        """The one key that is meant; says so if there is none, or more than one."""
        found = self.aims()
        if len(found) == 1:
            return found[0]
        if found:
            self.tell("several keys stand here", "choose a lane with ↑ and ↓", "warning")
        else:
            self.tell("there is no key here", "go to one with shift and ← →, or add one with `i`", "warning")
        return None

    def _marks(self) -> dict[str, tuple[KeyMark, ...]]:
        return {lane.name: lane.keys for lane in self.board.lanes}

    # --- actions ---

    def action_insert_key(self) -> None:
        """A key of the chosen lane at the playhead; without a lane it is asked for."""
        if self.lane is None:
            self.action_key_setting()
        else:
            self.insert_key(self.lane)

    def insert_key(self, lane: str) -> None:
        """A key of a lane at the playhead."""
        frame, marks = self.head, self._marks()
        self.lane, self.key = lane, None
        self.do(lambda: self.edits.insert(lane, marks, frame))

    def action_key_setting(self) -> None:
        """Asks for a setting, and gives it a key at the playhead."""
        version = self.good
        if version is None:
            self.tell("the film has mistakes", "mend them first: `!` shows them", "warning")
            return

        def take(name: str | None) -> None:
            if name is not None:
                self.insert_key(name)

        self.push_screen(ChooseSetting("key a setting", settable(version, self.board)), take)

    def action_delete_key(self) -> None:
        """The chosen key away, or those at the playhead."""
        found = self._some()
        if found:
            self.do(lambda: self.edits.delete(found))

    def action_move_key(self, frames: int) -> None:
        """The key some frames on or back."""
        self._count("move", frames, self.edits.move_by, follows=True)

    @on(Timeline.KeyDragged)
    def _dragged(self, message: Timeline.KeyDragged) -> None:
        key = self.board.key(message.lane, message.key)
        if key is not None:
            aim, frame = Aim(message.lane, key), message.frame
            self.do(lambda: self.edits.move_to(aim, frame), follows=True)

    def action_nudge_key(self, steps: int) -> None:
        """The key's value up or down."""
        self._count("nudge", steps, self.edits.nudge)

    def _count(self, kind: str, by: int, edit: Callable[[Aim, int], Done], *, follows: bool = False) -> None:
        """Steps of one kind: what is asked for until the edit begins is done in one go."""
        aim = self._aim()
        if aim is None:
            return
        known = (kind, aim.lane, aim.mark)
        with self._counting:
            waiting = known in self._steps
            self._steps[known] = self._steps.get(known, 0) + by

        def made() -> Done:
            steps = self._taken(known)
            if not steps:
                raise Refused("there and back: nothing has changed")
            return edit(aim, steps)

        if not waiting:
            self.do(made, follows=follows, about=f"{kind} {aim.lane}")

    def _taken(self, known: tuple[str, str, KeyMark]) -> int:
        """The steps that were asked for until now; those that come later are another edit."""
        with self._counting:
            return self._steps.pop(known)

    def action_type_value(self) -> None:
        """Asks for the key's value; where the chosen lane has no key, for that of a new one."""
        if self.lane is not None and not self.aims():
            self._type_new(self.lane)
            return
        aim = self._aim()
        if aim is None:
            return
        if not aim.mark.editable and aim.mark.number >= 0:
            self.tell(f"this key of `{aim.lane}` cannot be edited by hand", aim.mark.why_not, "warning")
            return
        if "\n" in aim.mark.value:
            self.tell("this value has several lines", "press `e` to edit it in your editor", "warning")
            return

        def take(value: str | None) -> None:
            if value is not None:
                self.do(lambda: self.edits.set(aim, value))

        title = aim.lane
        if aim.mark.number >= 0:
            title = f"key {aim.mark.number + 1} of {aim.lane} at {aim.mark.time}"
        wrong = _nothing if aim.mark.value.startswith('"') else _slip
        self.push_screen(Line(title, _EXAMPLE, wrong, aim.mark.value), take)

    def _type_new(self, lane: str) -> None:
        frame, marks = self.head, self._marks()

        def take(value: str | None) -> None:
            if value is not None:
                self.do(lambda: self.edits.put(lane, marks, frame, value))

        keys = marks.get(lane, ())
        wrong = _nothing if any(key.value.startswith('"') for key in keys) else _slip
        self.push_screen(Line(f"new key of {lane} at frame {frame}", _EXAMPLE, wrong), take)

    def action_copy_key(self) -> None:
        """The key, or those at the playhead, to be put in elsewhere."""
        found = self._some()
        if found:
            self.do(lambda: self.edits.copy(found))

    def action_cut_key(self) -> None:
        """The same, and away with them."""
        found = self._some()
        if found:
            self.do(lambda: self.edits.cut(found))

    def action_paste_key(self) -> None:
        """What was copied, at the playhead."""
        frame, lane, marks = self.head, self.lane, self._marks()
        self.do(lambda: self.edits.paste(frame, lane, marks))

    def action_undo_key(self) -> None:
        """The last edit back."""
        self.do(self.edits.undo)

    def action_redo_key(self) -> None:
        """The edit again that was taken back."""
        self.do(self.edits.redo)

    def _some(self) -> tuple[Aim, ...]:
        found = self.aims()
        if not found:
            self.tell("there is no key here", "go to one with shift and ← →", "warning")
        return found


def _nothing(text: str) -> str:
    """Says if nothing was typed: a text needs no quotes."""
    return "" if text.strip() else "type a value"


def _slip(text: str) -> str:
    """What is wrong with a value by itself; the film says the rest."""
    if told := _nothing(text):
        return told
    _, slips = parse_value(Source("value", text))
    return slips[0].message if slips else ""
