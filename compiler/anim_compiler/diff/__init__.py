"""What changed between two films, told of the film and not of its text."""

from anim_compiler.diff.change import Change, Range
from anim_compiler.diff.compare import Difference, compare
from anim_compiler.diff.library import is_library, library_changes
from anim_compiler.diff.rerender import Rerender
from anim_compiler.diff.side import Opened, Side, side

__all__ = [
    "Change",
    "Difference",
    "Opened",
    "Range",
    "Rerender",
    "Side",
    "compare",
    "is_library",
    "library_changes",
    "side",
]
