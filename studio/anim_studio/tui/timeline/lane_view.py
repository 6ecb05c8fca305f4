"""Lanes over frames with one playhead through them, as a widget that is only looked at."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from anim_studio.live.board.lanes import EMPTY, Board
from anim_studio.tui.cells import Cells, fitted
from anim_studio.tui.timeline.framed import Framed
from anim_studio.tui.timeline.lane_rows import BARE, STYLES, lane_row, ruler_row, tier_row
from anim_studio.tui.timeline.rows import Rows, place_text, short_names
from anim_studio.tui.timeline.window import Window


class LaneView(Framed):
    """Lanes over the frames of `view`; all it knows it is given through its reactives.

    `tiers` is uint8[frames]: the best tier of each frame's picture, `OLD` added where it is of an older
    version; 0 is no picture. An empty `view` is the whole film. `lane` and `key` are the chosen lane's name
    and the number of a key in `lane.keys`; `solo` are the frames that play.
    """

    PART = "timeline"
    NAMES = STYLES
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"timeline--{name}" for name in STYLES}
    DEFAULT_CSS = """
    LaneView {
        height: 1fr; min-height: 3; background: $surface;
        & > .timeline--name { color: $text-muted; }
        & > .timeline--name-chosen { color: $text-accent; text-style: bold; }
        & > .timeline--empty-chosen { background: $boost; }
        & > .timeline--scene { color: $text-primary; background: $primary-muted; }
        & > .timeline--scene-other { color: $text-secondary; background: $secondary-muted; }
        & > .timeline--way { color: $text-muted; background: $panel; }
        & > .timeline--prompt { color: $text-accent; text-style: bold; }
        & > .timeline--text { color: $foreground; }
        & > .timeline--key { color: $text-success; text-style: bold; }
        & > .timeline--key-fixed { color: $text-muted; }
        & > .timeline--key-chosen { color: $text-warning; text-style: bold reverse; }
        & > .timeline--label { color: $text-muted; }
        & > .timeline--beat { color: $text-muted; }
        & > .timeline--bar { color: $text-primary; text-style: bold; }
        & > .timeline--mark { color: $text-secondary; }
        & > .timeline--bass { color: $accent; }
        & > .timeline--mid { color: $success; }
        & > .timeline--treble { color: $primary; }
        & > .timeline--energy { color: $text-warning; }
        & > .timeline--onset { color: $text-error; }
        & > .timeline--final { color: $success; }
        & > .timeline--draft { color: $warning; }
        & > .timeline--camera { color: $text-primary; }
        & > .timeline--old { color: $text-muted; }
        & > .timeline--head { color: $text-error; text-style: bold; }
        & > .timeline--ruler { color: $text-muted; }
        & > .timeline--place { color: $foreground; text-style: bold; }
        & > .timeline--solo { color: $text-accent; }
        /* a terminal's own colours have no paler kind: names stand dark on them */
        &:ansi > .timeline--scene { color: ansi_black; }
        &:ansi > .timeline--scene-other { color: ansi_black; }
    }
    """

    board: reactive[Board] = reactive(EMPTY, always_update=True)
    tiers: reactive[NDArray[np.uint8] | None] = reactive(None, always_update=True, repaint=False)
    key: reactive[int | None] = reactive(None)
    solo: reactive[tuple[int, int] | None] = reactive(None)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        #: drawn rows of lanes by what they depend on; empty after any change but the playhead's
        self._drawn: dict[int, Strip] = {}
        #: kept until something else is shown, for they are asked for with every row
        self._rows: Rows | None = None
        self._window: Window | None = None
        self._top = 0
        #: the lane whose key is being dragged, and the frame that it is at
        self._dragged: tuple[str, int] | None = None

    # --- what is shown ---

    @property
    def rows(self) -> Rows:
        """What each row shows, at the present size."""
        if self._rows is None:
            self._rows = Rows.of(self.board, self.size.width, self.size.height, self._top)
        return self._rows

    @property
    def window(self) -> Window:
        """The frames that are shown, on the columns right of the names."""
        if self._window is None:
            self._window = Window.of(self.view, self.rows.columns, self.board.frames)
        return self._window

    def ask(self, view: tuple[int, int]) -> None:
        """Asks for other frames; the view itself belongs to whoever holds the widget."""

    # --- changes ---

    def watch_head(self, before: int, head: int) -> None:
        """Only the columns of the playhead are drawn anew, and what stands below."""
        window, rows = self.window, self.rows
        if not window.first <= head < window.end:
            self.ask(window.following(head))
        for frame in (before, head):
            column = window.column(frame)
            if column is not None:
                self.refresh(Region(rows.gutter + column, 0, 1, self.size.height))
        self.refresh(Region(0, rows.foot, self.size.width, 1))

    def watch_tiers(self) -> None:
        """Only their row is drawn anew."""
        self._drawn.pop(-1, None)
        self.refresh(Region(0, self.rows.lanes_shown, self.size.width, 1))

    def watch_board(self) -> None:
        """Another film, or another version of it."""
        self.forget()

    def watch_key(self) -> None:
        """Another key is lit."""
        self.forget()

    def watch_solo(self) -> None:
        """Another range is marked."""
        self.forget()

    def reveal(self, lane: str | None) -> None:
        """Brings a lane into view."""
        names = [each.name for each in self.board.lanes]
        if lane in names and self.size.height:
            self._top = self.rows.top_for(names.index(lane))
            self._rows = None

    def forget(self) -> None:
        """Everything is drawn anew."""
        self._drawn, self._rows, self._window = {}, None, None
        self.refresh()

    # --- drawing ---

    def render_line(self, y: int) -> Strip:
        """A row: a lane, the tiers, or the ruler with the place of the playhead."""
        rows, window = self.rows, self.window
        row = rows.at(y)
        # a film that was never good has no frame to stand at
        if row == "blank" or self.board is EMPTY:
            return Strip.blank(self.size.width, self.styles_by_name["empty"])
        if row == "ruler":
            return self._foot(rows, window)
        drawn = self._row(row, rows, window)
        column = window.column(self.head)
        if column is None:
            return drawn
        return self._with_head(drawn, rows.gutter + column)

    def _row(self, row: int, rows: Rows, window: Window) -> Strip:
        """A row without the playhead: number `row` of the board's lanes, or the tiers for -1."""
        found = self._drawn.get(row)
        if found is None:
            if row < 0:
                cells, name, is_chosen = tier_row(self.tiers, window), "frames", False
            else:
                lane = self.board.lanes[row]
                is_chosen = lane.name == self.lane
                cells = lane_row(lane, window, self.key if is_chosen else None, is_chosen=is_chosen)
                name = short_names(self.board)[row]
                self._draw_dragged(cells, lane.name, window)
            found = self._drawn[row] = self._named(name, cells, rows, is_chosen=is_chosen)
        return found

    def _draw_dragged(self, cells: Cells, lane: str, window: Window) -> None:
        if self._dragged is None or self._dragged[0] != lane:
            return
        column = window.column(self._dragged[1])
        if column is not None:
            cells.put(column, "◈", "key-chosen")

    def _named(self, name: str, cells: Cells, rows: Rows, *, is_chosen: bool) -> Strip:
        mark = "▸" if is_chosen else " "
        text = fitted(name, rows.gutter - 2)
        gutter = Cells(rows.gutter, "name")
        gutter.put(0, f"{mark}{text}", "name-chosen" if is_chosen else "name")
        return Strip.join([gutter.strip(self.styles_by_name), cells.strip(self.styles_by_name)])

    def _with_head(self, drawn: Strip, column: int) -> Strip:
        """A row with the playhead through it; keys and letters are seen through it."""
        under = drawn.crop(column, column + 1).text
        style = self.styles_by_name["head"]
        segment = Segment("│", style) if under in BARE else Segment(under, style + Style(reverse=True))
        return Strip.join([drawn.crop(0, column), Strip([segment], 1), drawn.crop(column + 1)])

    def _foot(self, rows: Rows, window: Window) -> Strip:
        frame = self.head if self._dragged is None else self._dragged[1]
        text = place_text(self.board, frame)
        found = window.column(frame)
        column = found if found is not None else 0 if frame < window.first else window.columns - 1
        mark = "▲" if found is not None else "◂" if column == 0 else "▸"
        is_right = column + len(text) + 2 <= window.columns
        # near the right end the text stands left of its mark
        begin = column if is_right else max(0, column - len(text) - 1)
        text = f"{mark} {text}" if is_right else f"{text} {mark}"
        taken = (begin - 1, begin + len(text) + 1)
        cells = ruler_row(window, float(self.board.fps), self.solo, taken)
        cells.put(begin, text, "place")
        return self._named("", cells, rows, is_chosen=False)
