"""Three-way merges of films, by settings and keys instead of lines."""

from anim_dsl.merge.identity import Id
from anim_dsl.merge.pieces import Conflict, Marking, Style
from anim_dsl.merge.whole import Merged, merge, merge_lines, path_at

__all__ = ["Conflict", "Id", "Marking", "Merged", "Style", "merge", "merge_lines", "path_at"]
