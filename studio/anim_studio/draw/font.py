"""Words in pictures: the font inside Pillow, so that a picture is the same on every machine."""

from __future__ import annotations

from functools import cache

from PIL import ImageDraw, ImageFont

from anim_studio.draw.canvas import Anchor, Colour, Point

#: signs that Pillow's own font lacks, and what stands for them
_REPLACED = str.maketrans({"×": "x", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\n": " "})
#: fonts of Linux, macOS and Windows that have more than Latin letters
_WIDER = ("NotoSansCJK-Regular.ttc", "Arial Unicode.ttf", "msgothic.ttc", "DejaVuSans.ttf", "arial.ttf")
#: the last letter of Latin Extended-B, which Pillow's font reaches
_LAST_LATIN = 0x24F
_SIDES: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}


def set_words(
    draw: ImageDraw.ImageDraw, at: Point, words: str, colour: Colour, size: float, anchor: Anchor = "start"
) -> None:
    """Draws one line of text on its baseline; `size` in pixels."""
    words = words.translate(_REPLACED)
    draw.text(at, words, fill=colour, font=_font_for(words, size), anchor=_SIDES[anchor])


def width_of(words: str, size: float) -> float:
    """How many pixels a line of text takes."""
    words = words.translate(_REPLACED)
    return float(_font_for(words, size).getlength(words))


def shortened(words: str, size: float, room: float) -> str:
    """The text, or its beginning with an ellipsis, so that it fits into `room` pixels."""
    if width_of(words, size) <= room:
        return words
    while words and width_of(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def wrapped(words: str, size: float, room: float, lines: int) -> tuple[str, ...]:
    """The text in at most `lines` lines of `room` pixels; what does not fit ends in an ellipsis."""
    done: list[str] = []
    rest = words.split()
    while rest and len(done) < lines - 1:
        count = next((n for n in range(len(rest), 1, -1) if width_of(" ".join(rest[:n]), size) <= room), 1)
        done.append(shortened(" ".join(rest[:count]), size, room))
        rest = rest[count:]
    if rest:
        done.append(shortened(" ".join(rest), size, room))
    return tuple(done)


def _font_for(words: str, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # an ellipsis and other punctuation above Latin are in the font
    foreign = any(ord(char) > _LAST_LATIN and not 0x2000 <= ord(char) < 0x2070 for char in words)
    return _wider(size) if foreign else _own(size)


@cache
def _own(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


@cache
def _wider(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _WIDER:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return _own(size)
