"""Choosing which curves are shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option


class _Filter(Input):
    """A field that leaves the space bar to the screen: no curve has a space in its name."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed here."""
        return key != "space" and super().check_consume_key(key, character)


class ChooseCurves(ModalScreen[tuple[str, ...] | None]):
    """A list of curves with a filter; dismissed with the chosen names in order, or None if left as it was.

    The chosen ones have a number, which is their place; those that were chosen before stand first. `moving`
    are those that change during the film.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", "choose", priority=True),
        Binding("up", "cursor(-1)", "up", priority=True, show=False),
        Binding("down", "cursor(1)", "down", priority=True, show=False),
        Binding("ctrl+up,shift+up", "order(-1)", "earlier", priority=True),
        Binding("ctrl+down,shift+down", "order(1)", "later", priority=True),
        Binding("ctrl+a", "moving", "all that move", priority=True),
        Binding("ctrl+n", "none", "none", priority=True),
        Binding("enter", "done", "done", priority=True),
        Binding("escape", "leave", "leave", priority=True),
    ]
    DEFAULT_CSS = """
    ChooseCurves { align: center middle; }
    ChooseCurves > Vertical {
        width: 60; max-width: 90%; height: auto; max-height: 80%;
        background: $panel; border: round $primary; border-title-color: $text-primary; padding: 0 1;
    }
    ChooseCurves Input, ChooseCurves Input:focus {
        border: none; height: 1; padding: 0; background: $boost;
    }
    ChooseCurves OptionList { border: none; height: auto; max-height: 20; background: $panel; padding: 0; }
    ChooseCurves Static { color: $text-muted; height: auto; }
    """

    def __init__(self, known: Sequence[str], chosen: Sequence[str], moving: Sequence[str] = ()) -> None:
        super().__init__()
        self._known = tuple(known)
        self._chosen = [name for name in chosen if name in self._known]
        # where a name stands does not change under the hand that chooses
        self._rows = tuple(dict.fromkeys([*self._chosen, *self._known]))
        self._moving = tuple(name for name in moving if name in self._known)

    def compose(self) -> ComposeResult:
        """The filter, the list, and the keys."""
        box = Vertical()
        box.border_title = "curves"
        with box:
            yield _Filter(placeholder="filter")
            # keys go to the filter; the list is moved by the screen's own
            shown = OptionList()
            shown.can_focus = False
            yield shown
            yield Static(
                "space choose · ctrl+↑↓ order · enter done · esc leave\nctrl+a all that move · ctrl+n none"
            )

    def on_mount(self) -> None:
        """Fills the list."""
        self._fill(None)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _lit(self) -> str | None:
        lit = self._list.highlighted
        return None if lit is None else self._list.get_option_at_index(lit).id

    def _fill(self, lit: str | None) -> None:
        """The curves that the filter lets through; `lit` is under the cursor."""
        words = self.query_one(_Filter).value.lower().split()
        names = [name for name in self._rows if all(word in name.lower() for word in words)]
        self._list.clear_options()
        self._list.add_options([Option(self._row(name), id=name) for name in names])
        if names:
            self._list.highlighted = names.index(lit) if lit in names else 0

    def _row(self, name: str) -> Text:
        mark = f"{self._chosen.index(name) + 1:>2}" if name in self._chosen else " ·"
        return Text.assemble(f"{mark} {name}", ("" if name in self._moving else "  still", "dim"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filters."""
        event.stop()
        self._fill(self._lit)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses."""
        event.stop()
        self._pick(event.option.id)

    def action_pick(self) -> None:
        """Chooses the curve under the cursor, or takes it out."""
        self._pick(self._lit)

    def _pick(self, name: str | None) -> None:
        if name is None:
            return
        if name in self._chosen:
            self._chosen.remove(name)
        else:
            self._chosen.append(name)
        self._fill(name)

    def action_cursor(self, by: int) -> None:
        """Moves the cursor."""
        if by < 0:
            self._list.action_cursor_up()
        else:
            self._list.action_cursor_down()

    def action_order(self, by: int) -> None:
        """Moves a chosen curve up or down."""
        name = self._lit
        if name is None or name not in self._chosen:
            return
        place = self._chosen.index(name)
        to = min(max(place + by, 0), len(self._chosen) - 1)
        self._chosen.insert(to, self._chosen.pop(place))
        self._fill(name)

    def action_moving(self) -> None:
        """Chooses all that move."""
        self._chosen = list(self._moving)
        self._fill(self._lit)

    def action_none(self) -> None:
        """Chooses none."""
        self._chosen = []
        self._fill(self._lit)

    def action_done(self) -> None:
        """Shows the chosen curves."""
        self.dismiss(tuple(self._chosen))

    def action_leave(self) -> None:
        """Leaves all as it was."""
        self.dismiss(None)
