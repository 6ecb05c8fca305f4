"""Jumps of the playhead, and what the timeline shows around it."""

from __future__ import annotations

from anim_studio.live.board.jumps import beat_from, key_from, number_from, scene_from
from anim_studio.tui.acts.playing import Playing
from anim_studio.tui.dialogs.questions import Line
from anim_studio.tui.panels.problems import in_order
from anim_studio.tui.place import EXAMPLES, place_of
from anim_studio.tui.timeline.timeline import Timeline


class Jumping(Playing):
    """Goes to keys, beats, scenes, mistakes and places; chooses lanes; zooms."""

    def action_jump_key(self, step: int) -> None:
        """To the next key, or the one before."""
        found = number_from(self.board, self.lane, self.head, step)
        frame = key_from(self.board, self.lane, self.head, step)
        if found is None or frame is None:
            self.notify("there is no key further on" if step > 0 else "there is no key before")
            return
        if self.lane is not None:
            self.key = found[1]
        self.seek(frame)

    def action_jump_beat(self, step: int) -> None:
        """To the next beat, or the one before."""
        if not len(self.board.beats):
            self.notify("this film has no beats: it follows no song")
        else:
            self._jump(beat_from(self.board, self.head, step))

    def action_jump_scene(self, step: int) -> None:
        """To the next scene, or the start of this one and then the one before."""
        if self.board.lane("scenes") is None:
            self.notify("this film has no scenes")
        else:
            self._jump(scene_from(self.board, self.head, step))

    def _jump(self, frame: int | None) -> None:
        if frame is not None:
            self.seek(frame)

    def action_next_mistake(self) -> None:
        """Shows the next mistake; the editor then opens there."""
        count = len(in_order(self.version))
        if not count:
            self.notify("nothing is wrong")
            return
        shows = self.alarm or (self.panels.side and self.panels.tab == "problems")
        if shows:
            self.mistake = (self.mistake + 1) % count
        else:
            self.alarm = True

    def action_lane(self, by: int) -> None:
        """Chooses the lane above or below."""
        names = [lane.name for lane in self.board.lanes]
        if not names:
            return
        if self.lane in names:
            place = names.index(self.lane) + by
            self.lane = names[place] if 0 <= place < len(names) else self.lane
        else:
            self.lane = names[0 if by > 0 else -1]
        self.key = None

    def action_zoom(self, factor: float) -> None:
        """Shows less or more of the time."""
        self.query_one(Timeline).zoom(factor)

    def action_whole(self) -> None:
        """Shows the whole film."""
        self.view = (0, self.board.frames)

    def action_go_to(self) -> None:
        """Asks for a place."""

        def wrong(text: str) -> str:
            return "" if place_of(text, self.board) is not None else f"write {EXAMPLES}"

        def go(text: str | None) -> None:
            frame = place_of(text, self.board) if text else None
            self._jump(frame)

        self.push_screen(Line("go to", EXAMPLES, wrong), go)
