"""What a font file can draw. Loaded only for films that name a font."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional

from anim_grammar.files import font as built_in

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_SIZE = 16


def is_font(path: Path) -> bool:
    """Whether a file is a font that can be read."""
    from PIL import ImageFont

    try:
        ImageFont.truetype(str(path), _SIZE, layout_engine=ImageFont.Layout.BASIC)
    except (OSError, ValueError):
        return False
    return True


def lacking(path: Path | None, text: str) -> str:
    """The characters of a text that a font (None: the built-in one) has no letters for, each once.

    They show as the font's empty box: FreeType draws every unknown character alike.
    """
    from PIL import ImageFont

    font = ImageFont.truetype(str(path or built_in()), _SIZE, layout_engine=ImageFont.Layout.BASIC)
    box = _mask(font, "\U0010fffe")
    found = (c for c in dict.fromkeys(text) if not c.isspace() and c.isprintable())
    return "".join(c for c in found if _mask(font, c) == box)


def _mask(font: FreeTypeFont, letter: str) -> bytes:
    # what Pillow gives has a buffer, which its types do not say: hence Any
    drawn: Any = font.getmask(letter)
    return bytes(drawn)


def runs_left(text: str) -> bool:
    """Whether some of its letters are read from right to left."""
    return any(bidirectional(c) in ("R", "AL") for c in text)
