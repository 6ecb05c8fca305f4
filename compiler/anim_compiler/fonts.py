"""What a font file can draw. Loaded only for films that name a font."""

from __future__ import annotations

from pathlib import Path
from unicodedata import bidirectional

from anim_grammar.files import font as built_in

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
    box = bytes(font.getmask("\U0010fffe"))
    found = (c for c in dict.fromkeys(text) if not c.isspace() and c.isprintable())
    return "".join(c for c in found if bytes(font.getmask(c)) == box)


def runs_left(text: str) -> bool:
    """Whether some of its letters are read from right to left."""
    return any(bidirectional(c) in ("R", "AL") for c in text)
