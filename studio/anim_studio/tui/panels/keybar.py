"""The last lines: the keys that do something now, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding
from textual.reactive import reactive
from textual.widget import Widget

#: a second line of keys where the terminal has so many rows
_TALL = 34

#: shown first where there is no room for all; keys of what has the focus come before them
_FIRST = ("play", "step(1)", "jump_key(1)", "edit", "compare", "render", "command_palette")


class KeyBar(Widget):
    """Keys with a word each, those of what has the focus first; `? help` is always the last."""

    #: no underlines
    auto_links = reactive(False)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keybar--key", "keybar--word"}

    def on_mount(self) -> None:
        """Follows what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def on_resize(self) -> None:
        """Two lines where one is too short and the terminal has room."""
        needed = sum(part.cell_len + 2 for part in self._shown())
        self.styles.height = 2 if needed > self.size.width and self.app.size.height >= _TALL else 1

    def render(self) -> Text:
        """As many keys as there is room for."""
        width, lines = self.size.width, max(1, self.size.height)
        *rows, last = self._shown()
        shown = [Text()]
        for number, part in enumerate(rows):
            room = width - (last.cell_len + 2 if len(shown) == lines else 0)
            if shown[-1].cell_len + 2 + part.cell_len > room:
                if len(shown) == lines:
                    break
                shown.append(Text())
            if number and shown[-1].cell_len:
                shown[-1].append("  ")
            shown[-1].append_text(part)
        shown[-1].append("  ")
        shown[-1].append_text(last)
        return Text("\n", no_wrap=True, overflow="crop").join(shown)

    def _shown(self) -> Iterator[Text]:
        """The keys that are shown, `help` last."""
        known: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and binding.description and active.enabled:
                known.setdefault(binding.action, binding)
        help = known.pop("help", None)
        for binding in (*sorted(known.values(), key=_rank), *([help] if help else ())):
            yield self._part(binding)

    def _part(self, binding: Binding) -> Text:
        key = self.app.get_key_display(binding)
        style = self.get_component_rich_style("keybar--key")
        text = Text.assemble((key, style), " ")
        text.append(binding.description, self.get_component_rich_style("keybar--word"))
        text.apply_meta({"@click": f"app.simulate_key('{binding.key}')"})
        return text


def _rank(binding: Binding) -> int:
    if binding.group is None:
        return -1
    return _FIRST.index(binding.action) if binding.action in _FIRST else len(_FIRST)
