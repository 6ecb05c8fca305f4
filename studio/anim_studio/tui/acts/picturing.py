"""Which picture the playhead shows, and the words beneath it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_studio.cli.values import format_time
from anim_studio.live.board.lanes import Kind
from anim_studio.live.paint.shown import Seen, Shown
from anim_studio.live.tier import OLD, Tier
from anim_studio.tui.acts.jumping import Jumping
from anim_studio.tui.picture.picture import Picture
from anim_studio.tui.timeline.timeline import Timeline


class Picturing(Jumping):
    """Reads pictures by their keys, and hands them to the widgets."""

    @property
    def ceiling(self) -> Tier:
        """The best tier that is shown: the film itself where it is there, unless less is asked for."""
        return Tier.FINAL if self.best >= Tier.DRAFT else self.best

    def show_picture(self) -> None:
        """The playhead's picture, and the other version's while two are compared."""
        widget = self.query_one(Picture)
        seen, picture = self.found(self.shown)
        if picture is not None or self.best is Tier.CURVES:
            widget.picture = picture
        # while nothing is there for this frame, the picture before stays on the screen
        widget.caption = self._caption(seen if picture is not None else None, widget.picture is not None)
        widget.waiting = self._waiting()
        widget.compared = self.comparing
        widget.other = self.found(self.before)[1] if self.comparing and self.before is not None else None
        if self.good is not None and self.good.good is not None:
            film = self.good.good.film
            widget.shape = (film.width, film.height)

    def show_tiers(self) -> None:
        """Which tier each frame is at, for the timeline."""
        tiers, old = self.shown.tiers(self.ceiling)
        self.query_one(Timeline).tiers = (tiers + np.where(old, OLD, 0)).astype(np.uint8)

    def found(self, shown: Shown) -> tuple[Seen | None, NDArray[np.uint8] | None]:
        """What the playhead's frame shows, and its picture; None where it has gone."""
        seen = shown.at(self.head, self.ceiling)
        return seen, None if seen is None else self.services.pictures.get(seen.key)

    def _caption(self, seen: Seen | None, has_picture: bool) -> str:
        if self.good is None or self.good.good is None:
            return ""
        tier = "not painted yet" if seen is None and has_picture else ""
        if seen is not None:
            tier = f"{seen.tier.word}, of an older version" if seen.old else seen.tier.word
        time = format_time(self.board.seconds(self.head))
        parts = [tier, time, f"frame {self.head}", self.prompt()]
        return " · ".join(part for part in parts if part)

    def prompt(self) -> str:
        """The prompt that is in force, or that one becomes the next."""
        for lane in self.board.lanes:
            if lane.kind is Kind.PROMPTS and lane.keys:
                past = [key for key in lane.keys if key.frame <= self.head]
                return (past[-1] if past else lane.keys[0]).label
        return ""

    def _waiting(self) -> str:
        if self.gone and self.good is None:
            return self.gone
        if self.version is None:
            return "reading the film …"
        if self.good is None:
            return "the film has mistakes: the picture comes when they are mended"
        if self.best is Tier.CURVES:
            return "only curves are made (t paints pictures)"
        return "painting …" if self.device else "the painter starts …"
