"""The help screen: every key by its group, and what the signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.console import Group
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from anim_studio.tui.keys import grouped

LEGEND = (
    ("█ final", "the film itself, made by a render (`r`)"),
    ("▓ draft", "the film's own steps, small or by the built-in model"),
    ("░ camera", "the real moves of the camera, without diffusion"),
    ("▒ old", "an older version's picture, until the new one is there"),
    ("◆ ◇", "keys of prompts and of curves; drag them with the mouse, or see keys by hand"),
    ("▏ ·", "bars and beats of the song; sound is not played here"),
    ("mouse", "click or drag on the timeline to look, turn the wheel to zoom, click on a key to choose it"),
    (
        "the text",
        "is the film: save it in any editor, and this screen follows; keys by hand are written into it",
    ),
)
_KEY_WIDTH = 9
_TWO_COLUMNS = 118


class Help(ModalScreen[None]):
    """What every key does; any of the keys that open it closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss(None)", "close", show=False)
    ]

    def __init__(self, bindings: Sequence[Binding]) -> None:
        super().__init__()
        self._groups = grouped(bindings)

    def compose(self) -> ComposeResult:
        """The groups in one or two columns, the signs at the end."""
        texts = [self._group(name, rows) for name, rows in self._groups]
        texts.append(_section("what you see", LEGEND))
        with VerticalScroll(id="help"):
            if self.app.size.width < _TWO_COLUMNS:
                yield Static(Group(*texts))
            else:
                lines = [len(rows) + 2 for _, rows in self._groups] + [2 * len(LEGEND)]
                split = next(n for n in range(1, len(texts) + 1) if sum(lines[:n]) * 2 >= sum(lines))
                with Horizontal():
                    yield Static(Group(*texts[:split]))
                    yield Static(Group(*texts[split:]))

    def _group(self, name: str, rows: Sequence[Binding]) -> Group:
        by_action: dict[str, tuple[list[str], str]] = {}
        for row in rows:
            keys, _ = by_action.setdefault(row.action, ([], row.tooltip or row.description))
            shown = self.app.get_key_display(row)
            if shown not in keys:
                keys.append(shown)
        return _section(name, [(" ".join(keys), about) for keys, about in by_action.values()])


def _section(title: str, rows: Sequence[tuple[str, str]]) -> Group:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=_KEY_WIDTH, style="bold", no_wrap=True)
    table.add_column(ratio=1)
    for sign, about in rows:
        table.add_row(sign, about)
    return Group(Text(title, "bold underline"), table, Text())
