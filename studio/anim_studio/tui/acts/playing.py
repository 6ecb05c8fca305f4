"""The playhead: playing, stepping, and which picture it shows."""

from __future__ import annotations

from textual.timer import Timer

from anim_studio.live.paint.messages import Look
from anim_studio.tui.acts.hearing import Hearing
from anim_studio.tui.player import Player

#: seconds between two words to the painter about where the user looks
_LOOKS = 0.15


class Playing(Hearing):
    """Moves the playhead by the clock or by hand."""

    player: Player | None = None
    _due: Timer | None = None
    _look: Timer | None = None

    def reel(self) -> None:
        """Plays the frames that there are now: of the film, or of the solo scene."""
        now, (first, end) = self.services.now(), self.range
        fps = self.board.fps
        if self.player is None or self.player.fps != fps:
            plays = self.player is not None and self.player.plays
            fresh = Player(fps, first, end, self.head, self.looping)
            self.player = fresh.played(now) if plays else fresh
        self.player = self.player.over(first, end, now)
        self._show(min(self.player.at(now), self.board.frames - 1))

    def seek(self, frame: int) -> None:
        """Puts the playhead onto a frame, and plays on from there if it plays."""
        if self.player is None:
            return
        frame = max(0, min(frame, self.board.frames - 1))
        self.player = self.player.sought(frame, self.services.now())
        self._show(frame)

    def _show(self, frame: int) -> None:
        self.head = frame
        self._keep_in_view(frame)
        self.playing = self.player is not None and self.player.plays
        self._wait()

    def _keep_in_view(self, frame: int) -> None:
        """Turns the page where the playhead leaves the timeline."""
        first, end = self.view
        if first <= frame < end:
            return
        length = min(end - first, self.board.frames)
        first = max(0, min(frame - length // 10, self.board.frames - length))
        self.view = (first, first + length)

    def _wait(self) -> None:
        if self._due is not None:
            self._due.stop()
            self._due = None
        if self.player is None or not self.player.plays:
            return
        wait = self.player.wait(self.services.now())
        if wait is not None:
            self._due = self.set_timer(wait, self._tick)

    def _tick(self) -> None:
        if self.player is not None:
            now = self.services.now()
            self.player = self.player.rested(now)
            self._show(self.player.at(now))

    def look(self) -> None:
        """Tells the painter where the user looks, not more often than it can use."""
        if self._look is None:
            self._look = self.set_timer(_LOOKS, self._tell_look)

    def _tell_look(self) -> None:
        self._look = None
        if self.painter is not None:
            self.painter.ask(Look(self.head, *self.range))

    def action_play(self) -> None:
        """Play or pause."""
        if self.player is not None:
            now = self.services.now()
            self.player = self.player.toggled(now)
            self._show(self.player.at(now))

    def action_step(self, by: int) -> None:
        """A frame on or back, at rest."""
        if self.player is not None:
            self.player = self.player.paused(self.services.now())
            self.seek(self.player.head + by)

    def action_go_first(self) -> None:
        """To the first frame of what plays."""
        self.seek(self.range[0])

    def action_go_last(self) -> None:
        """To the last frame of what plays."""
        self.seek(self.range[1] - 1)

    def action_loop(self) -> None:
        """Begin again at the end, or stop there."""
        self.looping = not self.looping
        if self.player is not None:
            self.player = self.player.looped(self.looping, self.services.now())
            self._wait()
        self.tell("plays again from the start" if self.looping else "stops at the end")
