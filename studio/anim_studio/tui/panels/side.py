"""The right column's lower half: problems, outline, queue and log, one at a time."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from anim_studio.tui.layout import TABS


class Tabs(Widget):
    """One line of names; the shown one stands out, and a number says that there is something in it."""

    #: no underlines
    auto_links = reactive(False)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tabs--shown", "tabs--other", "tabs--alarm"}

    shown: reactive[str] = reactive(TABS[0])
    counts: reactive[tuple[int, ...]] = reactive((0,) * len(TABS))
    #: the problems are mistakes, not only warnings
    alarm: reactive[bool] = reactive(False)

    def render(self) -> Text:
        """` problems 2  outline  queue 1  log `."""
        text = Text(no_wrap=True, overflow="crop")
        for number, (name, count) in enumerate(zip(TABS, self.counts, strict=True)):
            kind = "shown" if name == self.shown else "alarm" if self.alarm and not number else "other"
            part = Text(f" {name}{f' {count}' if count else ''} ")
            part.stylize(self.get_component_rich_style(f"tabs--{kind}"))
            part.apply_meta({"@click": f"app.tab('{name}')"})
            text.append_text(part)
        return text


class Side(Vertical):
    """The panels under their names."""

    shown: reactive[str] = reactive(TABS[0])
    counts: reactive[tuple[int, ...]] = reactive((0,) * len(TABS))
    alarm: reactive[bool] = reactive(False)

    def __init__(self, *panels: Widget, id: str | None = None) -> None:
        super().__init__(id=id)
        self._panels = panels

    def compose(self) -> ComposeResult:
        """Names, then the panels, whose ids are the names."""
        yield Tabs().data_bind(Side.shown, Side.counts, Side.alarm)
        with ContentSwitcher(initial=self.shown):
            yield from self._panels

    def watch_shown(self, name: str) -> None:
        """Another panel."""
        if self.is_mounted:
            self.query_one(ContentSwitcher).current = name
