"""Values of the command line, between text and numbers: sizes, frame ranges, bytes, durations."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cyclopts import Token

#: NTSC rates as they are commonly written (SMPTE ST 12-1)
_BROADCAST = {
    "23.976": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "59.94": Fraction(60000, 1001),
}
#: the highest rate that `fps` in a film may have
MOST_FPS = 240
#: bytes in a unit; a bare letter is binary, as in `ls -h`
_UNITS = {"": 1, "b": 1}
for _power, _letter in enumerate("kmgt", start=1):
    _UNITS |= {_letter: 1024**_power, f"{_letter}ib": 1024**_power, f"{_letter}b": 1000**_power}


def parse_bytes(text: str) -> int | None:
    """`20GiB`, `500MB`, `4096` in bytes; None if it is no positive amount."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*", text.lower())
    if match is None or match[2] not in _UNITS:
        return None
    amount = int(float(match[1]) * _UNITS[match[2]])
    return amount if amount > 0 else None


def format_bytes(amount: int) -> str:
    """`6.1 MB`, in powers of 1000 as file managers show it."""
    size = float(amount)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def format_clock(seconds: float) -> str:
    """`0:00:04`, hours, minutes and seconds, rounded up so that it never says zero too early."""
    whole = int(-(-seconds // 1))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def format_rate(frames_per_second: float) -> str:
    """`9.8 fps`, or `2.1 s/frame` where that reads better."""
    return (
        f"{frames_per_second:.1f} fps" if frames_per_second >= 1 else f"{1 / frames_per_second:.1f} s/frame"
    )


def format_time(seconds: float) -> str:
    """`00:05.00`: a moment of a film."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"


def names_folder(path: str) -> bool:
    """Whether a path is that of a folder: one that is there, or one that is called so by its end."""
    return path.endswith(("/", os.sep)) or Path(path).is_dir()


def plural(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def size_option(_type: object, tokens: Sequence[Token]) -> tuple[int, int]:
    """`768x512` in pixels, for the option parser. Raises ValueError."""
    text = tokens[0].value
    match = re.fullmatch(r"(\d+)\s*[x×*]\s*(\d+)", text.lower())
    if match is None:
        raise ValueError(f"`{text}` is not a size: write it like `768x512`")
    return int(match[1]), int(match[2])


def bytes_option(_type: object, tokens: Sequence[Token]) -> int:
    """`8MB`, `500kB` in bytes, for the option parser. Raises ValueError."""
    amount = parse_bytes(tokens[0].value)
    if amount is None:
        raise ValueError(f"`{tokens[0].value}` is no amount of bytes: write it like `8MB`")
    return amount


def fps_option(_type: object, tokens: Sequence[Token]) -> Fraction:
    """`24`, `12.5`, `30000/1001` in frames per second; 23.976 and its like mean their exact fractions."""
    text = tokens[0].value
    try:
        rate = _BROADCAST.get(text) or Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= MOST_FPS:
        raise ValueError(f"`{text}` is not a rate of frames: write a number from 1 to {MOST_FPS}")
    return rate
