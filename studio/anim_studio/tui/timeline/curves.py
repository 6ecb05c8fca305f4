"""Curves over the playhead: names, values and plots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from anim_studio.live.board.music import LEVELS
from anim_studio.tui.cells import fitted
from anim_studio.tui.timeline.curve_rows import CurveRows
from anim_studio.tui.timeline.framed import Framed
from anim_studio.tui.timeline.plot import Extent, plot_rows, value_text
from anim_studio.tui.timeline.window import Window

_STYLES = ("empty", "name", "name-chosen", "value", "plot", "plot-chosen", "head", *LEVELS)


class Curves(Framed):
    """The chosen curves over the frames of `view`, each with its value at the playhead.

    `curves` are float64[frames] by name, NaN where there is none; `names` are those that are shown, in
    order; `units` are the settings' types (`angle`), written behind values. An empty `view` is the whole
    film. `lane` is the one that is lit.
    """

    PART = "curves"
    NAMES = _STYLES
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"curves--{name}" for name in _STYLES}
    DEFAULT_CSS = """
    Curves {
        height: 1fr; background: $surface;
        & > .curves--name { color: $text-muted; }
        & > .curves--name-chosen { color: $text-accent; text-style: bold; }
        & > .curves--value { color: $foreground; text-style: bold; }
        & > .curves--plot { color: $text-success; }
        & > .curves--plot-chosen { color: $text-accent; }
        & > .curves--head { color: $text-error; text-style: bold; }
        & > .curves--bass { color: $accent; }
        & > .curves--mid { color: $success; }
        & > .curves--treble { color: $primary; }
        & > .curves--energy { color: $text-warning; }
        & > .curves--onset { color: $text-error; }
    }
    """

    curves: reactive[Mapping[str, NDArray[np.float64]]] = reactive(dict, always_update=True)
    names: reactive[tuple[str, ...]] = reactive(())
    units: reactive[Mapping[str, str]] = reactive(dict, always_update=True)

    class Picked(Message):
        """A curve was clicked on."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    class Scrubbed(Message):
        """The playhead shall be at `frame`."""

        def __init__(self, frame: int) -> None:
            self.frame = frame
            super().__init__()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        #: plots as they are drawn, top row first, by the curve's name; empty after a change of what they show
        self._plots: dict[str, list[Strip]] = {}
        self._extents: dict[str, tuple[NDArray[np.float64], Extent]] = {}
        #: kept until something else is shown, for they are asked for with every row
        self._rows: CurveRows | None = None
        self._window: Window | None = None
        self._top = 0
        self._is_scrubbing = False

    @property
    def shown(self) -> tuple[str, ...]:
        """The chosen curves that there are."""
        return tuple(name for name in self.names if name in self.curves)

    @property
    def rows(self) -> CurveRows:
        """Where each curve stands, at the present size."""
        if self._rows is None:
            self._rows = CurveRows.of(self.shown, self.size.width, self.size.height, self._top)
        return self._rows

    @property
    def window(self) -> Window:
        """The frames that are shown, on the columns right of the values."""
        if self._window is None:
            frames = max((len(values) for values in self.curves.values()), default=1)
            self._window = Window.of(self.view, self.rows.columns, frames)
        return self._window

    # --- changes ---

    def watch_head(self, before: int, head: int) -> None:
        """Only the values and the columns of the playhead are drawn anew."""
        rows, window = self.rows, self.window
        self.refresh(Region(0, 0, rows.gutter, self.size.height))
        for frame in (before, head):
            column = window.column(frame)
            if column is not None:
                self.refresh(Region(rows.gutter + column, 0, 1, self.size.height))

    def watch_curves(self) -> None:
        """Other values."""
        self.forget()

    def watch_names(self) -> None:
        """Other curves."""
        self._top = 0
        self.forget()

    def reveal(self, lane: str | None) -> None:
        """Brings a lane into view."""
        if lane in self.shown and self.size.height:
            self._top = self.rows.top_for(self.shown.index(lane))
            self._rows = None

    def forget(self) -> None:
        """Everything is drawn anew."""
        self._plots, self._rows, self._window = {}, None, None
        self.refresh()

    # --- drawing ---

    def render_line(self, y: int) -> Strip:
        """A row: a curve's name and value, and a row of its plot."""
        rows = self.rows
        found = rows.at(y)
        if found is None:
            return Strip.blank(self.size.width, self.styles_by_name["empty"])
        number, row = found
        name = rows.names[number]
        left = self._left(name, row, rows)
        plot = self._plot(name, rows)[row]
        column = self.window.column(self.head)
        if column is None:
            return Strip.join([left, plot])
        head = Strip([Segment("│", self.styles_by_name["head"])], 1)
        return Strip.join([left, plot.crop(0, column), head, plot.crop(column + 1)])

    def _left(self, name: str, row: int, rows: CurveRows) -> Strip:
        """The name, and the value at the playhead beside or below it."""
        is_chosen = name == self.lane
        room = rows.gutter if row != rows.value_row else rows.name if rows.tall == 1 else 0
        label = f"{'▸' if is_chosen else ' '}{rows.label(name)}" if row == 0 else ""
        style = self.styles_by_name["name-chosen" if is_chosen else "name"]
        segments = [Segment(fitted(label, room - 1).ljust(room), style)] if room else []
        left = rows.gutter - room
        if left:
            text = fitted(self._value(name), left - 1).rjust(left - 1)
            segments.append(Segment(f"{text} ", self.styles_by_name["value"]))
        return Strip(segments, rows.gutter)

    def _value(self, name: str) -> str:
        values = self.curves[name]
        if not len(values):
            return ""
        value = float(values[min(max(self.head, 0), len(values) - 1)])
        return value_text(value, self.units.get(name, ""))

    def _plot(self, name: str, rows: CurveRows) -> list[Strip]:
        found = self._plots.get(name)
        if found is None:
            values = self.curves[name]
            style = name if name in LEVELS else "plot-chosen" if name == self.lane else "plot"
            lines = plot_rows(values, self._extent(name, values), self.window, rows.tall)
            drawn = self.styles_by_name[style]
            found = self._plots[name] = [Strip([Segment(line, drawn)], rows.columns) for line in lines]
        return found

    def _extent(self, name: str, values: NDArray[np.float64]) -> Extent:
        """Found once for each curve of a version, not for each view."""
        had = self._extents.get(name)
        if had is None or had[0] is not values:
            had = self._extents[name] = (values, Extent.of(values))
        return had[1]

    # --- the mouse ---

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Lights a curve; on a plot the playhead comes along."""
        rows, (x, y) = self.rows, event.get_content_offset_capture(self)
        found = rows.at(y)
        if event.button != 1 or found is None:
            return
        event.stop()
        self.post_message(self.Picked(rows.names[found[0]]))
        if x >= rows.gutter:
            self._is_scrubbing = True
            self.capture_mouse()
            self.post_message(self.Scrubbed(self.window.frame(x - rows.gutter)))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scrubs."""
        if self._is_scrubbing:
            x = event.get_content_offset_capture(self).x
            self.post_message(self.Scrubbed(self.window.frame(x - self.rows.gutter)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Lets the playhead go."""
        self._is_scrubbing = False
        self.release_mouse()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """To the curves above."""
        self._scroll(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """To the curves below."""
        self._scroll(event, 1)

    def _scroll(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        self._top, self._rows = self.rows.scrolled(by), None
        self.refresh()
