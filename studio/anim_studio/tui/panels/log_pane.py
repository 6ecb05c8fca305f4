"""What happened, line by line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

#: so many lines are kept
MOST = 400


class LogPane(VerticalScroll):
    """The lines that were told, the newest last; it follows them unless it was scrolled back."""

    lines: reactive[tuple[str, ...]] = reactive(())

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("", markup=False)

    def watch_lines(self, lines: tuple[str, ...]) -> None:
        """More was told."""
        if not self.is_mounted:
            return
        follows = self.scroll_offset.y >= self.max_scroll_y - 1
        self.query_one(Static).update("\n".join(lines))
        if follows:
            self.call_after_refresh(self.scroll_end, animate=False)
