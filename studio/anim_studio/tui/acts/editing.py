"""Edits by hand, made one after another beside the screen, and what the screen does then."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from anim_studio.live.hand.edits import Done, Edits
from anim_studio.live.hand.script import Refused
from anim_studio.tui.state import Live

if TYPE_CHECKING:
    from anim_studio.tui.services import Services
    from anim_studio.tui.state import Begin

_SAYS = 2.5
"""Seconds that the box stands which says what was done."""


class Handled(Message):
    """An edit was written, or refused."""

    def __init__(self, result: Done | Refused, follows: bool, about: str) -> None:
        self.result = result
        #: whether the playhead goes where the key is now
        self.follows = follows
        self.about = about
        super().__init__()


class Editing(Live):
    """Makes edits on a thread of their own, in the order in which they were asked for, of the text that is on
    disk then: what is shown may be older, and nudges need not wait for it.
    """

    def __init__(self, begin: Begin, services: Services) -> None:
        super().__init__(begin, services)
        self.edits = Edits(begin.film)
        self._writer = ThreadPoolExecutor(1, "keys by hand")
        self._follow: Done | None = None
        self._told = ""

    def on_mount(self) -> None:
        """Chooses the edited key again when its new version is there."""
        self.watch(self, "board", self._choose_edited, init=False)

    def on_unmount(self) -> None:
        """What was asked for is still written."""
        self._writer.shutdown()

    def do(self, edit: Callable[[], Done], *, follows: bool = False, about: str = "") -> None:
        """Makes an edit when those before it are made, and tells what came of it."""
        version = self.version or self.good

        def made() -> None:
            try:
                if version is not None:
                    self.edits.see(version)
                result: Done | Refused = edit()
            except Refused as refused:
                result = refused
            except Exception as error:
                # a mistake of ours must not end the thread that writes: the text is as it was
                told = f"this edit could not be made ({type(error).__name__}: {error})"
                result = Refused(told, "this is a bug of anim; the film's text is as it was")
            self.post_message(Handled(result, follows, about))

        self._writer.submit(made)

    @on(Handled)
    def _handled(self, message: Handled) -> None:
        """Says what was done, and why not."""
        result = message.result
        if isinstance(result, Refused):
            self.tell(result.message, result.hint, "warning")
            self._told = ""
            return
        if message.about and message.about == self._told:
            # of many nudges only the last is worth a box
            self.clear_notifications()
        self._told = message.about
        self.note(result.says)
        # short, because the timeline lies under it
        self.notify(result.says, timeout=_SAYS, markup=False)
        if result.where is not None:
            self._follow = result
        if self.version is None or self.version.source.text != result.text:
            self.reread()
        else:
            self._choose_edited()
        if message.follows and result.frame is not None:
            self.seek(result.frame)

    def reread(self) -> None:
        """The file has changed by our own hand: there is no need to wait until that is heard."""
        if self.compiling is not None:
            self.compiling.changed()

    def _choose_edited(self) -> None:
        """The key that was edited is the chosen one, as soon as the timeline shows it."""
        done, version = self._follow, self.version
        if done is None or done.where is None or version is None or version.source.text != done.text:
            return
        self._follow = None
        for lane in self.board.lanes:
            for place, key in enumerate(lane.keys):
                found = (key.path, key.name, key.number) == (done.where.path, done.where.name, done.number)
                if found and done.lane in (None, lane.name):
                    self.lane, self.key = lane.name, place
                    return
