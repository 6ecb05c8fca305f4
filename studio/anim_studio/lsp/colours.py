"""Colours as films write them: names of CSS and `#rgb`, `#rrggbb`, `#rrggbbaa`."""

from __future__ import annotations

import re
from functools import cache

from anim_compiler.colors import CSS

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")

Rgba = tuple[float, float, float, float]


def parsed(text: str) -> Rgba | None:
    """Red, green, blue and alpha of a colour, 0 to 1; None if it is none."""
    wanted = text.strip().lower()
    if wanted == "transparent":
        return 0.0, 0.0, 0.0, 0.0
    match = _HEX.fullmatch(wanted)
    if match is not None:
        digits = match[1]
        digits = "".join(sign * 2 for sign in digits) if len(digits) == 3 else digits
        red, green, blue, *alpha = (int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2))
        return red, green, blue, alpha[0] if alpha else 1.0
    if wanted not in CSS:
        return None
    red, green, blue = (part / 255 for part in _table()[wanted])
    return red, green, blue, 1.0


def hexadecimal(rgba: Rgba) -> str:
    """A colour as `#rrggbb`, with two digits more where it is not opaque."""
    red, green, blue, alpha = (max(0, min(255, int(part * 255 + 0.5))) for part in rgba)
    return f"#{red:02x}{green:02x}{blue:02x}" + ("" if alpha == 255 else f"{alpha:02x}")


def named(rgba: Rgba) -> str | None:
    """The name of exactly that colour, the shortest of several; None if it has none."""
    if rgba[3] < 1:
        return "transparent" if hexadecimal(rgba) == "#00000000" else None
    wanted = hexadecimal(rgba)
    return min((name for name in _table() if _hex_of(name) == wanted), key=len, default=None)


def _hex_of(name: str) -> str:
    red, green, blue = _table()[name]
    return f"#{red:02x}{green:02x}{blue:02x}"


@cache
def _table() -> dict[str, tuple[int, ...]]:
    """Red, green and blue of every name, as the renderer has them."""
    from PIL import ImageColor

    return {name: tuple(ImageColor.getrgb(name))[:3] for name in sorted(CSS - {"transparent"})}
