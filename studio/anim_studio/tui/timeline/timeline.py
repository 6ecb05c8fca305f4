"""The timeline: lanes that are scrubbed, zoomed and chosen from, by mouse and through messages."""

from __future__ import annotations

from textual import events
from textual.message import Message

from anim_studio.live.board.lanes import KeyMark
from anim_studio.tui.timeline.lane_view import LaneView
from anim_studio.tui.timeline.rows import Hit, key_text

_NEARER, _FARTHER = 0.8, 1.25


class Timeline(LaneView, can_focus=True):
    """The lanes of a film. What is done on it is told by messages; only its reactives change it."""

    class Scrubbed(Message):
        """The playhead shall be at `frame`."""

        def __init__(self, frame: int) -> None:
            self.frame = frame
            super().__init__()

    class Chosen(Message):
        """A lane was chosen, and a key of it or None."""

        def __init__(self, lane: str, key: int | None) -> None:
            self.lane = lane
            self.key = key
            super().__init__()

    class Zoomed(Message):
        """Other frames shall be shown: `first <= f < end`."""

        def __init__(self, view: tuple[int, int]) -> None:
            self.view = view
            super().__init__()

    class KeyDragged(Message):
        """A key was let go at another frame."""

        def __init__(self, lane: str, key: int, frame: int) -> None:
            self.lane = lane
            self.key = key
            self.frame = frame
            super().__init__()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        #: what the mouse button went down on
        self._held: Hit | None = None

    def zoom(self, factor: float, at: int | None = None) -> None:
        """Asks for `factor` times the frames (below 1: nearer), around a frame or the playhead."""
        window = self.window
        self.ask(window.zoomed(factor, window.column(self.head if at is None else at)))

    def pan(self, part: float) -> None:
        """Asks for frames that are later by so many times those that are shown."""
        window = self.window
        self.ask(window.panned(round(window.count * part) or (1 if part > 0 else -1)))

    def whole(self) -> None:
        """Asks for the whole film."""
        self.ask((0, self.board.frames))

    def ask(self, view: tuple[int, int]) -> None:
        """Asks for other frames, if they are others."""
        if view != self.window.view:
            self.post_message(self.Zoomed(view))

    # --- the mouse ---

    def hit(self, x: int, y: int) -> Hit:
        """What is at a cell of the widget."""
        return self.rows.hit(self.board, self.window, x, y)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Chooses a lane or a key, and takes the playhead along."""
        if event.button != 1:
            return
        event.stop()
        self.capture_mouse()
        hit = self._held = self.hit(*event.get_content_offset_capture(self))
        if hit.lane is not None:
            self.post_message(self.Chosen(hit.lane, hit.key))
        if not hit.is_name:
            self.post_message(self.Scrubbed(self._frame(hit)))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrubs, or drags the key that was taken; else the key under the pointer is told in full."""
        x, y = event.get_content_offset_capture(self)
        if self._held is None:
            hit = self.hit(x, y)
            self.tooltip = key_text(self.board.key(hit.lane, hit.key))
            return
        if self._held.is_name:
            return
        frame = self.window.frame(x - self.rows.gutter)
        if self._held.key is None:
            self.post_message(self.Scrubbed(frame))
        elif self._dragged is not None or frame != self._frame(self._held):
            self._drag(self._held, frame)

    def _drag(self, held: Hit, frame: int) -> None:
        if held.lane is not None and self._dragged != (held.lane, frame):
            self._dragged = (held.lane, frame)
            self.forget()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Lets a key go where it was dragged."""
        held, dragged = self._held, self._dragged
        self._held = self._dragged = None
        self.release_mouse()
        if held is None or held.key is None or dragged is None:
            return
        self.forget()
        lane, frame = dragged
        if frame != self._frame(held):
            self.post_message(self.KeyDragged(lane, held.key, frame))

    def _frame(self, hit: Hit) -> int:
        """The frame of what was hit: of a key its own, else that of the column."""
        key: KeyMark | None = self.board.key(hit.lane, hit.key)
        return hit.frame if key is None else min(key.frame, self.board.frames - 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Nearer, at the pointer; with shift to earlier frames; over the names to lanes above."""
        self._wheel(event, _NEARER, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Farther, at the pointer; with shift to later frames; over the names to lanes below."""
        self._wheel(event, _FARTHER, 1)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """To earlier frames."""
        event.stop()
        self.pan(-0.1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """To later frames."""
        event.stop()
        self.pan(0.1)

    def _wheel(self, event: events.MouseEvent, factor: float, way: int) -> None:
        event.stop()
        rows, column = self.rows, event.get_content_offset_capture(self).x - self.rows.gutter
        if event.shift:
            self.pan(0.1 * way)
        elif column < 0:
            self._top = rows.scrolled(way)
            self.forget()
        else:
            self.ask(self.window.zoomed(factor, column))
