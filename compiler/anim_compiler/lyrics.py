"""Lines of a song with their times, out of an `.lrc` or `.srt` file. Pure text: nothing heavy is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path, PurePosixPath

MOST_BYTES = 1_000_000
"""So large may a file of lyrics be."""

MOST_LINES = 5_000
"""So many lines may it have."""

MOST_WORDS = 200
"""Of a line with more times than this the line alone is read."""

SUFFIXES = (".lrc", ".srt")

_STAMP = re.compile(r"\[(\d{1,4}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_WORD_STAMP = re.compile(r"<(\d{1,4}):(\d{1,2})(?:[.:](\d{1,3}))?>")
_TAG = re.compile(r"\[([A-Za-z#][\w ]{0,20}):([^\]\n]{0,400})\]")
_ARROW = re.compile(
    r"\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->"
    r"\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
)
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>|\{\\[^{}\n]{0,80}\}")


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands from `start` to `end`, seconds of the song; the last may have no end.

    `words` is what the file tells of its words, or parts of words: the second that each begins, how much of
    the text is sung then, and the part itself; a part without letters is silence.
    """

    start: Fraction
    end: Fraction | None
    text: str
    words: tuple[tuple[Fraction, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file holds no lyrics: a sentence, and what to do."""

    message: str
    hint: str


def read(path: Path, name: str) -> tuple[Line, ...] | Unreadable:
    """The lines of a file in order of time, none over another; `name` is what messages call it."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        said = f"`{name}` is {size / 1e6:.1f} MB; lyrics may be 1 MB"
        return Unreadable(said, "give the lines of one song")
    text = _decoded(path.read_bytes())
    if text is None:
        return Unreadable(f"`{name}` is not UTF-8", "save it as UTF-8")
    is_srt = PurePosixPath(name.replace("\\", "/")).suffix.lower() == ".srt"
    lines = sorted(_srt(text) if is_srt else _lrc(text), key=lambda line: line.start)
    if not lines:
        like = "1, 00:00:12,000 --> 00:00:15,500, the text" if is_srt else "[00:12.00] the text"
        return Unreadable(f"`{name}` has no line with a time", f"its lines look like `{like}`")
    if len(lines) > MOST_LINES:
        return Unreadable(f"`{name}` has more than {MOST_LINES} lines", "give the lines of one song")
    return _one_at_a_time(lines)


def _decoded(data: bytes) -> str | None:
    """The text of a file: UTF-8 with or without its mark, UTF-16 with it; None if it is neither."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _one_at_a_time(lines: list[Line]) -> tuple[Line, ...]:
    """Lines of which each ends at the latest where the next begins; of several at once the last."""
    made = [
        replace(line, end=following.start if line.end is None else min(line.end, following.start))
        for line, following in pairwise(lines)
        if following.start > line.start
    ]
    last = lines[-1]
    return (*made, last)


# --- .lrc ---


def _lrc(text: str) -> Iterator[Line]:
    """`[mm:ss.xx] text`, several stamps to a line, `[offset:+250]` in milliseconds, `<mm:ss.xx>` before
    words or parts of them.

    Each line stands until the next one; a stamp without text ends the one before. A positive offset shows the
    lines earlier, as players have it.
    """
    offset = Fraction(0)
    for tag in _TAG.finditer(text):
        if tag[1].strip().lower() == "offset" and re.fullmatch(r"\s*[+-]?\d{1,7}\s*", tag[2]):
            offset = Fraction(int(tag[2]), 1000)
    for row in text.splitlines():
        stamps, at = [], 0
        row = row.strip()
        while (stamp := _STAMP.match(row, at)) is not None:
            stamps.append(stamp)
            at = stamp.end()
        text = " ".join(_WORD_STAMP.sub("", row[at:]).split())
        spoken = _words(row[at:])
        if len(spoken) * len(stamps) > MOST_LINES:
            spoken = []
        for stamp in stamps:
            # the words are told for the line's first time; when it comes again, they come as they did then
            later = _at(stamp) - _at(stamps[0]) - offset
            words = tuple((max(when + later, Fraction(0)), sung, word) for when, sung, word in spoken)
            yield Line(max(_at(stamp) - offset, Fraction(0)), None, text, words)


def _at(stamp: re.Match[str]) -> Fraction:
    return _seconds("0", stamp[1], stamp[2], stamp[3] or "0")


def _words(row: str) -> list[tuple[Fraction, str, str]]:
    """What the stamps within a row tell; what stands before the first one is sung with it."""
    stamps = list(_WORD_STAMP.finditer(row))
    if len(stamps) > MOST_WORDS:
        return []
    ends = [*(stamp.start() for stamp in stamps[1:]), len(row)][: len(stamps)]
    return [
        (_at(stamp), " ".join(_WORD_STAMP.sub("", row[:end]).split()), row[stamp.end() : end].strip())
        for stamp, end in zip(stamps, ends, strict=True)
    ]


def _seconds(hours: str | None, minutes: str, seconds: str, parts: str) -> Fraction:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + Fraction(int(parts), 10 ** len(parts))


# --- .srt ---


def _srt(text: str) -> Iterator[Line]:
    """Blocks of a time line `00:00:12,000 --> 00:00:15,500` and the text below it, tags taken out."""
    rows = text.splitlines()
    arrows = [(i, found) for i, row in enumerate(rows) if (found := _ARROW.match(row)) is not None]
    ends = [*(i for i, _ in arrows[1:]), len(rows)][: len(arrows)]
    for (i, arrow), end in zip(arrows, ends, strict=True):
        below = rows[i + 1 : end]
        while below and not below[-1].strip():
            below.pop()
        if end < len(rows) and below and below[-1].strip().isdecimal():
            # the number of the next block, unless it is a line of this one: then no empty line is before it
            below = below if len(below) > 1 and below[-2].strip() else below[:-1]
        words = (" ".join(_MARKUP.sub("", row).split()) for row in below)
        start = _seconds(arrow[1], arrow[2], arrow[3], arrow[4])
        stop = _seconds(arrow[5], arrow[6], arrow[7], arrow[8])
        if stop > start:
            yield Line(start, stop, "\n".join(row for row in words if row))
