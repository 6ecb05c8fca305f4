"""The empty start: a film that is not there yet, and what it could begin with."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList

from anim_studio.firsts.templates import TEMPLATES


class First(ModalScreen[str | None]):
    """Offers the templates of `anim new`; dismissed with the name of one, or None. It goes by itself when the
    film is written elsewhere meanwhile.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "wait for it", show=False)]

    def __init__(self, film: str) -> None:
        super().__init__()
        self._film = film

    def compose(self) -> ComposeResult:
        """What there is to choose."""
        with Vertical(classes="question"):
            yield Label(f"there is no `{self._film}` yet", classes="title", markup=False)
            yield Label(
                "begin with one of these, or write it in your editor: it shows as soon as it is saved"
            )
            yield OptionList(*(f"{row.name:<12} {row.help}" for row in TEMPLATES), markup=False)
            yield Label("enter makes it · escape waits for the file · ctrl+q quits", classes="about")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chosen."""
        self.dismiss(TEMPLATES[event.option_index].name)
