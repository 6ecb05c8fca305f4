"""`size = 768x512`: how large the picture of a film is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Size, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

USUAL = (512, 512)
"""Width and height, in px, of a film that says none."""


def picture_size(check: Expressions, entry: Entry | None) -> tuple[int, int] | None:
    """Width and height in px; None for what is no size, which is reported."""
    if entry is None:
        return USUAL
    if not isinstance(entry.value, Size):
        _no_size(check, entry)
        return None
    width, height = entry.value.width, entry.value.height
    spec = SETTINGS["film", "size"]
    low, high = int(spec.minimum or 16), int(spec.maximum or 8192)
    if not (low <= width <= high and low <= height <= high):
        message = f"a picture is between {low}x{low} and {high}x{high}"
        hint = "write `512x512` or `768x512`"
        check.findings.error("E3012", entry.value.span, message, hint=hint)
        return None
    if width % 8 or height % 8:
        near = f"{max(16, round(width / 8) * 8)}x{max(16, round(height / 8) * 8)}"
        message = "width and height must be multiples of 8"
        check.findings.error("E3012", entry.value.span, message, hint=f"write `{near}`")
        return None
    return width, height


def _no_size(check: Expressions, entry: Entry) -> None:
    span = entry.value.span
    inside = check.findings.sources.slice(span).strip('"').replace(" ", "")
    is_size = isinstance(entry.value, Text) and re.fullmatch(r"[0-9]{1,5}x[0-9]{1,5}", inside)
    check.findings.error(
        "E3002",
        span,
        "`size` is a width and a height" + (", without quotes" if is_size else ""),
        hint=f"write `{inside}`" if is_size else "write it like `768x512`",
        edit=Edit(span, inside) if is_size else None,
    )
