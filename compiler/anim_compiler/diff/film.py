"""What is said of the whole film: size, rate, length, seed, tempo, and its title."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from anim_compiler.diff.change import Change, Range
from anim_compiler.diff.pair import Pair
from anim_compiler.diff.side import Side
from anim_compiler.diff.tempo_text import tempo_text
from anim_compiler.diff.where import short


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every changed setting of the film itself, as the command's options leave it."""
    return tuple(_changes(pair))


def _changes(pair: Pair) -> Iterator[Change]:
    a, b = pair.a, pair.b
    yield from _changed(pair, "size", *("{}x{}".format(*side.size) for side in (a, b)))
    # a was put on b's frames, so its own rate is asked of the film
    if b.options.fps is None:
        yield from _changed(pair, "fps", *(_rate(side.film.fps) for side in (a, b)))
    yield from _length(pair)
    if b.options.seed is None:
        yield from _changed(pair, "seed", *(_seed(side) for side in (a, b)))
    yield from _changed(pair, "bpm", *(_bpm(side) for side in (a, b)))
    yield from _changed(pair, "beats_per_bar", *(str(side.film.tempo.beats_per_bar) for side in (a, b)))
    yield from _changed(
        pair, "loop", *("on" if side.film.loop else "off" for side in (a, b)), everywhere=False
    )
    if a.film.loop and b.film.loop:
        times = (f"{float(side.film.loop_time):g}s" for side in (a, b))
        yield from _changed(pair, "loop_time", *times, everywhere=False)
    for name in ("title", "author"):
        texts = (f'"{text}"' if (text := getattr(side.film, name)) else "none" for side in (a, b))
        yield from _changed(pair, name, *texts, everywhere=False)


def _changed(pair: Pair, name: str, before: str, after: str, *, everywhere: bool = True) -> Iterator[Change]:
    if before == after:
        return
    frames = (Range(pair.window[0], pair.window[1] - 1),) if everywhere else ()
    sentence = f"{before} → {after}"
    yield Change("film", "changed", name, f"`{name}`", sentence, frames=frames, before=before, after=after)


def _length(pair: Pair) -> Iterator[Change]:
    """A longer or shorter film, in seconds and frames; the frames are those that are new."""
    a, b = pair.a, pair.b
    if a.film.length == b.film.length or pair.in_scenes:
        return  # scenes are told one by one
    before, after = (f"{short(float(side.film.length))} s" for side in (a, b))
    counts = f"{pair.was.clock.frames} → {b.clock.frames} frames"
    new = (Range(a.clock.frames, b.clock.frames - 1),) if b.clock.frames > a.clock.frames else ()
    yield Change(
        "film", "changed", "length", "`length`", f"{before} → {after}", f"({counts})", "", new, before, after
    )


def _rate(fps: Fraction) -> str:
    return str(fps.numerator) if fps.denominator == 1 else f"{float(fps):.6g}"


def _seed(side: Side) -> str:
    return "drawn" if side.film.seed < 0 else str(side.film.seed)


def _bpm(side: Side) -> str:
    tempo = side.film.tempo
    return tempo_text(tempo.bpm, tempo.given) or ("heard" if tempo.track else "none")
