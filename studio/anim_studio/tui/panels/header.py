"""The first line: the film, how far its pictures are, and what works on them."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget


class Header(Widget):
    """One line: what is shown on the left, who makes it on the right; the left gives way to the right."""

    film: reactive[str] = reactive("")
    tiers: reactive[str] = reactive("")
    #: what was chosen besides the text: the variant, a seed, a scene
    chosen: reactive[tuple[str, ...]] = reactive(())
    #: what is wrong with the text, instead of the tiers
    mistakes: reactive[str] = reactive("")
    right: reactive[tuple[str, ...]] = reactive(())

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "header--film",
        "header--tiers",
        "header--chosen",
        "header--mistakes",
        "header--right",
    }

    def render(self) -> Text:
        """The line as wide as the widget."""
        right = Text(" · ".join(part for part in self.right if part), self._style("right"))
        room = max(0, self.size.width - right.cell_len - 2)
        left = Text.assemble((self.film, self._style("film")), "  ")
        if self.mistakes:
            left.append(f"✗ {self.mistakes}", self._style("mistakes"))
        else:
            left.append(self.tiers, self._style("tiers"))
        for word in self.chosen:
            left.append("  ")
            left.append(f" {word} ", self._style("chosen"))
        left.truncate(room, overflow="ellipsis")
        left.append(" " * max(0, self.size.width - left.cell_len - right.cell_len))
        left.append_text(right)
        left.no_wrap = True
        return left

    def _style(self, part: str) -> str:
        return str(self.get_component_rich_style(f"header--{part}"))
