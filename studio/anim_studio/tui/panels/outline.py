"""The film's outline: scenes, their prompts, cameras and layers, media, lets and outputs."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from anim_studio.live.board.lanes import Spot
from anim_studio.live.board.outline import OutlineRow


class Outline(Tree[OutlineRow]):
    """The rows of `entries`; choosing one that has a frame jumps there, `e` asks for its line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "open_line", "editor at this line"),
    ]
    entries: reactive[tuple[OutlineRow, ...]] = reactive((), repaint=False)

    class Jumped(Message):
        """The playhead shall be at `frame`."""

        def __init__(self, frame: int) -> None:
            self.frame = frame
            super().__init__()

    class Opened(Message):
        """The editor shall be opened where something is written."""

        def __init__(self, spot: Spot) -> None:
            self.spot = spot
            super().__init__()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__("film", id=id, classes=classes)
        self.show_root = False
        self.guide_depth = 2

    def watch_entries(self, entries: tuple[OutlineRow, ...]) -> None:
        """Builds the tree anew; what was closed stays closed, and the cursor on its line."""
        closed = {str(node.data.label) for node in self.root.children if node.data and not node.is_expanded}
        line = self.cursor_line
        self.clear()
        for entry in entries:
            self._add(self.root, entry, closed)
        self.root.expand()
        self.cursor_line = min(line, self.last_line)

    def _add(self, parent: TreeNode[OutlineRow], entry: OutlineRow, closed: set[str]) -> None:
        if not entry.inside:
            parent.add_leaf(entry.label, entry)
            return
        node = parent.add(entry.label, entry, expand=entry.label not in closed)
        for each in entry.inside:
            self._add(node, each, closed)

    def render_label(self, node: TreeNode[OutlineRow], base_style: Style, style: Style) -> Text:
        """The label, and behind it what is told of it."""
        entry = node.data
        if entry is None:
            return Text("")
        mark = "" if not node.allow_expand else "▾ " if node.is_expanded else "▸ "
        detail = style if node is self.cursor_node else style + Style(dim=True)
        return Text.assemble((mark, base_style), (f"{entry.label}  ", style), (entry.detail, detail))

    def on_tree_node_selected(self, event: Tree.NodeSelected[OutlineRow]) -> None:
        """Jumps to the frame of a row, if it has one."""
        event.stop()
        entry = event.node.data
        if entry is not None and entry.frame is not None:
            self.post_message(self.Jumped(entry.frame))

    def action_open_line(self) -> None:
        """Asks for the line of the row under the cursor."""
        entry = None if self.cursor_node is None else self.cursor_node.data
        if entry is not None and entry.spot is not None:
            self.post_message(self.Opened(entry.spot))
