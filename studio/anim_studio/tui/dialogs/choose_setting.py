"""Choosing a setting to give its first key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option


class ChooseSetting(ModalScreen[str | None]):
    """Settings with a filter; dismissed with the name of one, or None. `rows` are names with help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", "up", priority=True, show=False),
        Binding("down", "cursor(1)", "down", priority=True, show=False),
        Binding("enter", "take", "take", priority=True, show=False),
        Binding("escape", "dismiss(None)", "leave", priority=True, show=False),
    ]
    DEFAULT_CSS = """
    ChooseSetting { align: center middle; }
    ChooseSetting > Vertical {
        width: 76; max-width: 90%; height: auto; max-height: 80%;
        background: $panel; border: round $primary; border-title-color: $text-primary; padding: 0 1;
    }
    ChooseSetting Input, ChooseSetting Input:focus {
        border: none; height: 1; padding: 0; background: $boost;
    }
    ChooseSetting OptionList {
        border: none; height: auto; max-height: 18; background: $panel; padding: 0;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._rows = title, tuple(rows)

    def compose(self) -> ComposeResult:
        """The filter and the list."""
        box = Vertical()
        box.border_title = self._title
        with box:
            yield Input(placeholder="filter")
            # keys go to the filter; the list is moved by the screen's own
            shown = OptionList(markup=False)
            shown.can_focus = False
            yield shown

    def on_mount(self) -> None:
        """Fills the list."""
        self.on_input_changed()

    def on_input_changed(self) -> None:
        """The settings that hold every word of the filter, those with it in the name first."""
        words = self.query_one(Input).value.lower().split()
        fit = [row for row in self._rows if all(word in " ".join(row).lower() for word in words)]
        fit.sort(key=lambda row: not all(word in row[0].lower() for word in words))
        shown = self.query_one(OptionList)
        shown.clear_options()
        shown.add_options(Option(f"{name:<26} {about}", id=name) for name, about in fit)
        shown.highlighted = 0 if fit else None

    def action_cursor(self, by: int) -> None:
        """Up or down the list."""
        shown = self.query_one(OptionList)
        if shown.highlighted is not None:
            shown.highlighted = (shown.highlighted + by) % shown.option_count

    def action_take(self) -> None:
        """The one under the cursor."""
        shown = self.query_one(OptionList)
        if shown.highlighted is not None:
            self.dismiss(shown.get_option_at_index(shown.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """One that was clicked."""
        self.dismiss(event.option.id)
