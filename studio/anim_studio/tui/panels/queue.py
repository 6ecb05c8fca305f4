"""The queue of renders: what runs, how fast, what is left, what came out."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from anim_studio.renders.state import RenderState
from anim_studio.tui.panels.queue_rows import Looks, keys, rows

_LIVES = ("queued", "running", "done", "stopped", "failed")
_EMPTY = ("nothing is being rendered", "press r to render this film; it goes on when you quit")


class Queue(ScrollView, can_focus=True):
    """Renders, one below the other; keys act on the chosen one while the queue has the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "queue--dim",
        "queue--chosen",
        "queue--bar",
        "queue--rest",
        *(f"queue--{life}" for life in _LIVES),
    }
    DEFAULT_CSS = """
    Queue {
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & .queue--dim { text-style: dim; }
        & .queue--chosen { background: $surface-lighten-2; }
        & .queue--bar { color: $primary; }
        & .queue--rest { color: $surface-lighten-3; }
        & .queue--queued { text-style: dim; }
        & .queue--running { color: $primary; }
        & .queue--done { color: $success; }
        & .queue--stopped { color: $warning; }
        & .queue--failed { color: $error; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "up", show=False, tooltip="choose the render above"),
        Binding("down", "choose(1)", "down", show=False, tooltip="choose the render below"),
        Binding("enter", "open", "open", tooltip="open what was rendered, or its folder"),
        Binding("x", "stop", "stop", tooltip="stop the render; what is done stays done"),
        Binding("g", "again", "go on", tooltip="go on with a render that is over"),
        Binding("delete", "forget", "forget", tooltip="take the render out of the list; its files stay"),
    ]

    renders: reactive[tuple[RenderState, ...]] = reactive(())
    #: the chosen render; None where there is none
    chosen: reactive[str | None] = reactive(None)

    class Asked(Message):
        """Something shall be done with a render; `id` as the queue has it."""

        def __init__(self, id: str) -> None:
            self.id = id
            super().__init__()

    class Stopped(Asked):
        """It shall end after the frame in work."""

    class Continued(Asked):
        """It shall go on."""

    class Forgotten(Asked):
        """It shall leave the list."""

    class Opened(Message):
        """The user wants to see this file or folder."""

        def __init__(self, path: Path) -> None:
            self.path = path
            super().__init__()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[tuple[Text, str | None]] = []

    @property
    def current(self) -> RenderState | None:
        """The chosen render as it stands."""
        return next((state for state in self.renders if state.id == self.chosen), None)

    def watch_renders(self) -> None:
        """Keeps a choice: at first the one on top, which runs if any does."""
        if self.current is None:
            self.chosen = self.renders[0].id if self.renders else None
        self._lay_out()

    def watch_chosen(self) -> None:
        """Brings the chosen render into sight."""
        self._lay_out()
        places = [y for y, (_, id) in enumerate(self._lines) if id is not None and id == self.chosen]
        if places:
            self.scroll_to_region(Region(0, places[0], 1, len(places)), animate=False)

    def on_mount(self) -> None:
        """Draws what is known already."""
        self._lay_out()

    def on_resize(self) -> None:
        """Fits the lines to the room there is."""
        self._lay_out()

    def notify_style_update(self) -> None:
        """Takes the colours of another theme."""
        super().notify_style_update()
        self._lay_out()

    def _lay_out(self) -> None:
        if not self.is_mounted:
            return
        width = max(8, self.scrollable_content_region.width)
        looks = self._looks()
        drawn = rows(self.renders, width, looks)
        pairs = zip(self.renders, drawn, strict=True)
        self._lines = [(line, state.id) for state, lines in pairs for line in lines]
        if self._lines:
            self._lines.extend((line, None) for line in (Text(), *keys(width, looks)))
        else:
            self._lines = [(Text.assemble((said, looks.dim)), None) for said in _EMPTY]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line, lit if it belongs to the chosen render."""
        place = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if place >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line, id = self._lines[place]
        style = self.rich_style
        if id is not None and id == self.chosen and self.has_focus:
            style += self.get_component_rich_style("queue--chosen", partial=True)
        strip = Strip(line.render(self.app.console), line.cell_len)
        return strip.apply_style(style).adjust_cell_length(width, style)

    def _looks(self) -> Looks:
        def style(name: str) -> Style:
            return self.get_component_rich_style(f"queue--{name}", partial=True)

        lives = {life: style(life) for life in _LIVES}
        return Looks(Style(), style("dim"), style("bar"), style("rest"), lives)

    def on_click(self, event: events.Click) -> None:
        """Chooses the render that was clicked on."""
        place = event.y + self.scroll_offset.y
        if place < len(self._lines) and self._lines[place][1] is not None:
            self.chosen = self._lines[place][1]

    def action_choose(self, by: int) -> None:
        """Go up or down."""
        ids = [state.id for state in self.renders]
        if ids:
            place = ids.index(self.chosen) + by if self.chosen in ids else 0
            self.chosen = ids[min(max(place, 0), len(ids) - 1)]

    def action_stop(self) -> None:
        """Ask for the chosen render's end."""
        state = self.current
        if state is not None and not state.is_over:
            self.post_message(self.Stopped(state.id))

    def action_again(self) -> None:
        """Ask for the chosen render to go on."""
        state = self.current
        if state is not None and state.is_over and state.own:
            self.post_message(self.Continued(state.id))

    def action_forget(self) -> None:
        """Ask for the chosen render to leave the list."""
        state = self.current
        if state is not None and state.is_over and state.own:
            self.post_message(self.Forgotten(state.id))

    def action_open(self) -> None:
        """Ask for a look at what the chosen render made, or at the folder where it will lie."""
        state = self.current
        if state is None:
            return
        there = [path for path in state.outputs if path.exists()]
        log = state.log if state.life == "failed" and state.log and state.log.exists() else None
        self.post_message(self.Opened(log or (there[0] if there else state.film.parent)))
