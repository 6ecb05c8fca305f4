"""The panels: which are shown, how large they are, which colours they have; all of it is remembered."""

from __future__ import annotations

from dataclasses import replace

from anim_studio.tui.acts.choosing import Choosing
from anim_studio.tui.layout import TABS
from anim_studio.tui.timeline.timeline import Timeline

#: below so many columns the right column is a third at least, so that numbers fit
_NARROW = 100


class Paneling(Choosing):
    """Shows, hides and sizes panels."""

    def action_panel(self, panel: str) -> None:
        """Shows or hides a panel."""
        self.alarm = False
        self.panels = self.panels.toggled(panel)

    def action_alone(self) -> None:
        """Nothing but the picture, or everything."""
        shows = self.panels.curves or self.panels.side or self.panels.timeline
        self.panels = replace(self.panels, curves=not shows, side=not shows, timeline=not shows)

    def action_tab(self, name: str) -> None:
        """Shows a panel of the right column."""
        self.alarm = False
        self.panels = replace(self.panels, tab=name, side=True)

    def action_next_tab(self) -> None:
        """The next panel of the right column."""
        shown = TABS[0] if self.alarm else self.panels.tab
        after = TABS[(TABS.index(shown) + 1) % len(TABS)]
        self.action_tab(after if self.panels.side else shown)

    def action_widen(self, percent: int) -> None:
        """A wider or narrower picture."""
        self.panels = self.panels.widened(percent)

    def action_heighten(self, rows: int) -> None:
        """A taller or lower timeline."""
        self.panels = self.panels.heightened(rows, self.query_one(Timeline).outer_size.height)

    def lay_out(self) -> None:
        """Sizes by the layout and the terminal; the picture gives way last."""
        panels, size = self.panels, self.size
        side = panels.side or self.alarm
        column = self.query_one("#column")
        column.display = panels.curves or side
        self.query_one("#curves").display = panels.curves
        self.query_one("#side").display = side
        timeline = self.query_one(Timeline)
        timeline.display = panels.timeline
        timeline.styles.height = self._timeline_rows()
        share = 100 - panels.width
        column.styles.width = max(20, round(size.width * share / 100))
        self.query_one("#curves").styles.height = (
            "1fr" if not side else ("4fr" if size.height < 30 else "1fr")
        )
        self.query_one("#side").styles.height = "5fr" if size.height < 30 else "1fr"

    def _timeline_rows(self) -> int:
        """As many as its lanes need, up to a third of the terminal; or as chosen, with room for a picture."""
        rows = self.size.height
        wanted = self.panels.height or min(len(self.board.lanes) + 3, max(6, rows * 35 // 100))
        return max(3, min(wanted, rows - 8))
