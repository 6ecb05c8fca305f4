"""What widgets over the frames of a film share: one playhead, one view, one lit lane, and kept drawings."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.reactive import reactive
from textual.widget import Widget


class Framed(Widget):
    """A widget whose columns are the frames of `view`; an empty one is the whole film. `lane` is the lit one.

    What is drawn is kept until something else than the playhead changes. The component classes are called
    `PART--NAME`, one for each name of `NAMES`.
    """

    PART: ClassVar[str]
    NAMES: ClassVar[tuple[str, ...]]

    head: reactive[int] = reactive(0, repaint=False)
    view: reactive[tuple[int, int]] = reactive((0, 0))
    lane: reactive[str | None] = reactive(None)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._styles: dict[str, Style] = {}

    def forget(self) -> None:
        """Everything is drawn anew."""
        raise NotImplementedError

    def reveal(self, lane: str | None) -> None:
        """Brings a lane into view."""
        raise NotImplementedError

    @property
    def styles_by_name(self) -> dict[str, Style]:
        """The theme's styles of `NAMES`."""
        if not self._styles:
            self._styles = {
                name: self.get_component_rich_style(f"{self.PART}--{name}") for name in self.NAMES
            }
        return self._styles

    def watch_view(self) -> None:
        """Other frames."""
        self.forget()

    def watch_lane(self, lane: str | None) -> None:
        """The lit lane is brought into view."""
        self.forget()
        self.reveal(lane)

    def notify_style_update(self) -> None:
        """Another theme."""
        self._styles = {}
        self.forget()
        super().notify_style_update()

    def on_resize(self, event: events.Resize) -> None:
        """Another size."""
        self.forget()
        self.reveal(self.lane)
