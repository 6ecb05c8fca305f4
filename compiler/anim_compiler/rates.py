"""Frame rates: those that are written rounded mean a fraction of 1001."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler.moments import exact
from anim_compiler.options import constant_number
from anim_compiler.setting import Entry

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_FRACTIONS: Mapping[str, Fraction] = MappingProxyType(
    {
        "23.976": Fraction(24000, 1001),
        "23.98": Fraction(24000, 1001),
        "29.97": Fraction(30000, 1001),
        "47.952": Fraction(48000, 1001),
        "59.94": Fraction(60000, 1001),
        "119.88": Fraction(120000, 1001),
    }
)


def rate(check: Expressions, block: str, entry: Entry | None) -> Fraction | None:
    """A frame rate as an exact fraction; None if it is not written, or wrong, which is reported."""
    number = None if entry is None else constant_number(check, block, entry)
    if number is None:
        return None
    text = f"{number:g}" if f"{number:g}" in _FRACTIONS else f"{number:.3f}".rstrip("0")
    return _FRACTIONS.get(text, exact(number))
