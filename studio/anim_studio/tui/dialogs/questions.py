"""Small questions over the screen: one of a list, or a line of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList


class Pick(ModalScreen[int | None]):
    """One of a list; dismissed with its place, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "leave", show=False)]

    def __init__(self, title: str, rows: Sequence[str], at: int = 0, about: str = "") -> None:
        super().__init__()
        self._title, self._rows, self._at, self._about = title, tuple(rows), at, about

    def compose(self) -> ComposeResult:
        """The title, what it is about, and the list."""
        with Vertical(classes="question"):
            yield Label(self._title, classes="title")
            if self._about:
                yield Label(self._about, classes="about", markup=False)
            yield OptionList(*self._rows, markup=False)

    def on_mount(self) -> None:
        """Begins at the present one."""
        self.query_one(OptionList).highlighted = self._at

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chosen."""
        self.dismiss(event.option_index)


class Line(ModalScreen[str | None]):
    """A line of text that begins as `text`; `wrong` says what is wrong with it, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "leave", show=False)]

    def __init__(self, title: str, example: str, wrong: Callable[[str], str], text: str = "") -> None:
        super().__init__()
        self._title, self._example, self._wrong, self._text = title, example, wrong, text

    def compose(self) -> ComposeResult:
        """The title, the line, and what is wrong with it."""
        with Vertical(classes="question"):
            yield Label(self._title, classes="title")
            yield Input(self._text, placeholder=self._example)
            yield Label("", classes="wrong", markup=False)

    def on_input_changed(self) -> None:
        """A change may mend it."""
        self.query_one(".wrong", Label).update("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Taken if nothing is wrong with it."""
        if wrong := self._wrong(event.value):
            self.query_one(".wrong", Label).update(wrong)
        else:
            self.dismiss(event.value)
