"""The canonical layout of a film: `format_source`, and `format_range` for editors."""

from anim_dsl.format.faithful import is_faithful
from anim_dsl.format.whole import MisformatError, format_range, format_source

__all__ = ["MisformatError", "format_range", "format_source", "is_faithful"]
