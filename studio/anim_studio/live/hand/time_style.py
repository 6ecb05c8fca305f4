"""Times in the style of their list: seconds among seconds, beats among beats, and exactly on a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from anim_compiler.clock import FilmClock
from anim_compiler.typed import Moment
from anim_dsl.source import Source
from anim_dsl.syntax import Call, Expr, Number, Percent, Quantity, Unary

Kind = Literal["s", "ms", "m", "f", "bare", "quoted", "percent", "beat", "bar"]

_FINEST = 3
"""Seconds are written to so many decimals at most; what needs more is written in frames."""

_SHARES = {"beat": (1, 2, 4, 8), "bar": (1, 2)}
"""Parts of a beat and of a bar that people count in."""


@dataclass(frozen=True, slots=True)
class TimeStyle:
    """How a list writes its times; `word` is how it spells beats and bars (`4b`), if it has such."""

    kind: Kind
    word: str = ""


SECONDS = TimeStyle("s")


def style_of(source: Source, at: Expr) -> TimeStyle | None:
    """How a time is written; None for one that tells nothing: a zero, a formula."""
    match at:
        case Unary(operand=operand):
            return style_of(source, operand)
        case Number(value=value):
            return TimeStyle("bare") if value else None
        case Percent(value=value):
            return TimeStyle("percent") if value else None
        case Call():
            return TimeStyle("quoted")
        case Quantity(parts=parts):
            return _of_parts(source.slice(at.span), parts) if any(number for number, _ in parts) else None
        case _:
            return None


def zero_of(source: Source, times: Sequence[Expr]) -> TimeStyle | None:
    """How lists write their beginning where that is all that they tell: `0` is frames, `0s` seconds."""
    for at in times:
        if isinstance(at, Number):
            return TimeStyle("bare")
        if isinstance(at, Percent):
            return TimeStyle("percent")
        if isinstance(at, Quantity):
            return _of_parts(source.slice(at.span), at.parts)
    return None


def _of_parts(text: str, parts: Sequence[tuple[float, str]]) -> TimeStyle | None:
    units = [unit for _, unit in parts]
    kinds: tuple[Kind, ...] = ("bar", "beat", "m", "ms", "s", "f")
    for kind in kinds:
        if kind in units:
            word = text.lstrip("0123456789._+- ").lower()
            spelled = word if kind in ("beat", "bar") and word.isalpha() else ""
            return TimeStyle(kind, spelled)
    return None


def times(style: TimeStyle, clock: FilmClock, frame: int) -> tuple[str, ...]:
    """A frame of the film as times of a clock, the best first; each stands on it, or the last is the first
    frame after which nothing nearer can be written.
    """
    at = Fraction(frame) / clock.fps - clock.start
    if floor(at * clock.fps) <= 0:
        # a scene's first frame may come a hair after the scene begins
        return (_zero(style),)
    return tuple(dict.fromkeys([*_own(style, clock, frame, at), *_in_frames(style, clock, at)]))


def beside(base: str, position: float, frame: int) -> str:
    """A frame as a time that is counted from another one, which stands at `position`: `drop + 3f`."""
    apart = frame - position
    if abs(apart) < 1e-6:
        return base
    return f"{base} + {floor(apart + 1e-6)}f" if apart > 0 else f"{base} - {ceil(-apart - 1e-6)}f"


def _zero(style: TimeStyle) -> str:
    return {"bare": "0", "quoted": '"0"', "percent": "0%", "f": "0f"}.get(style.kind, "0s")


def _own(style: TimeStyle, clock: FilmClock, frame: int, at: Fraction) -> Iterator[str]:
    match style.kind:
        case "s":
            yield from _seconds(at, clock.fps)
        case "ms":
            yield from (f"{_plain(at * 1000)}ms",) if _is_short(at * 1000, 0) else _seconds(at, clock.fps)
        case "m":
            yield from _minutes(at, clock.fps)
        case "percent":
            share = at / clock.length * 100
            yield from (f"{_plain(share)}%",) if _is_short(share, 2) else ()
        case "beat" | "bar":
            yield from _musical(style, clock, frame)


def _seconds(at: Fraction, fps: Fraction) -> Iterator[str]:
    if _is_short(at, _FINEST):
        yield f"{_plain(at)}s"
        return
    whole = floor(at)
    rest = (at - whole) * fps
    if whole and rest.denominator == 1:
        yield f"{whole}s{rest}f"


def _minutes(at: Fraction, fps: Fraction) -> Iterator[str]:
    minutes, rest = divmod(at, 60)
    if not minutes:
        yield from _seconds(at, fps)
    elif not rest:
        yield f"{minutes}m"
    elif rest < 1 and not _is_short(rest, _FINEST):
        if (rest * fps).denominator == 1:
            yield f"{minutes}m{rest * fps}f"
    else:
        yield from (f"{minutes}m{text}" for text in _seconds(rest, fps))


def _in_frames(style: TimeStyle, clock: FilmClock, at: Fraction) -> Iterator[str]:
    # a scene that begins between two frames has none at which its own frames stand: the one before is next
    n = floor(at * clock.fps)
    yield {"bare": f"{n}", "quoted": f'"{n}"'}.get(style.kind, f"{n}f")


def _musical(style: TimeStyle, clock: FilmClock, frame: int) -> Iterator[str]:
    """The simplest count of beats after which this frame is the first."""
    grid = clock.grid
    if grid is None:
        return
    per = grid.beats_per_bar if style.kind == "bar" else 1
    second = Fraction(frame) / clock.fps
    count = (grid.beats(second) - grid.nearest(clock.start)) / per
    for kind, parts, unit in (("bar", _SHARES["bar"], per), ("beat", _SHARES["beat"], 1)):
        if kind == "bar" and style.kind != "bar":
            continue
        for share in parts:
            near = count * per / unit * share
            for whole in (floor(near), ceil(near)):
                told = Fraction(whole, share)
                if told > 0 and _begins(clock, told * unit, frame):
                    yield _counted(told, kind, style, per)
                    return


def _begins(clock: FilmClock, beats: Fraction, frame: int) -> bool:
    """Whether a frame is the first after so many beats."""
    at = Moment(beats=beats, start=clock.start)
    return clock.first + ceil(clock.place(at) - clock.ahead(at)) == frame


def _counted(told: Fraction, kind: str, style: TimeStyle, per: int) -> str:
    if kind == style.kind:
        return _spelled(told, style.word or kind)
    bars, beats = divmod(told, per)
    # `2bars1.5beats` is a compound quantity
    return (_spelled(Fraction(bars), style.word or "bar") if bars else "") + _spelled(beats, "beat")


def _spelled(number: Fraction, word: str) -> str:
    if word in ("beat", "beats", "bar", "bars"):
        word = word.rstrip("s") + ("" if number == 1 else "s")
    return f"{_plain(number)}{word}"


def _is_short(number: Fraction, decimals: int) -> bool:
    return Fraction(number * 10**decimals).denominator == 1


def _plain(number: Fraction) -> str:
    """A number that has an end, without zeros behind it."""
    text = f"{float(number):.6f}".rstrip("0").rstrip(".")
    return text or "0"
