"""How well beats are found: `python -m bench.audio_beats [--seed 0]`.

Synthesised songs with known beats (`tests/compiler/songs.py`), by kind, in one run: ours, librosa's
`beat_track` as it comes (hop 512) and with our hop (128). For each kind:

- `F`: the F-measure of mir_eval at 42 ms (a frame at 24 fps), at the song's own level or, where that is
  better, at half or double its tempo: whether beats are found;
- `octave`: the part of songs whose own level is the best, with F of 0.9 at least: whether it is the beat;
- `AMLt`: the part of the song that is followed at a level people might tap (mir_eval's continuity);
- `late`: mean milliseconds after the true beats.

Exit code 1 if a goal is missed: F of 0.95 on steady kinds, 0.7 on swing and changing tempi, octave 0.8.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import mir_eval  # type: ignore[import-untyped, unused-ignore]
import numpy as np
from numpy.typing import NDArray
from tests.compiler.song_sounds import KITS, RATE
from tests.compiler.songs import FORMS, Song, even, perform, play, ramp, steps

from anim_compiler.audio.beats import find_beats
from anim_compiler.audio.measure import measure

Times = NDArray[np.float64]
WANTED_STEADY, WANTED_CHANGING, WANTED_OCTAVE = 0.95, 0.7, 0.8
CHANGING = frozenset({"swing", "ramp", "jump"})
FRAME = 0.042
PATTERNS = ("kick", "four", "rock", "breakbeat", "half", "waltz", "offbeat", "dembow", "march")
TEMPI = (60.0, 80.5, 100.0, 121.0, 140.0, 160.0, 180.0)
FEW = (72.0, 94.0, 118.0, 151.0)
PARTS = ((), ("bass",), ("pad",), ("bass", "pad"), ("bass", "pad", "voice"), ("piano",))


@dataclass(frozen=True, slots=True)
class Score:
    """One tracker on one song."""

    f: float
    is_level: bool
    continuity: float
    late: float


def songs(seed: int) -> Iterator[tuple[str, Song]]:
    """Every song with its kind; another seed gives other sounds, levels and parts."""
    number = seed
    for pattern in PATTERNS:
        for bpm in TEMPI:
            number += 1
            yield "steady", play(
                pattern, bpm, 20, start=(0.0, 0.3, 1.7)[number % 3], kit=KITS[number % 5], seed=number,
                parts=PARTS[number % 6], noise=(0.0, 0.003, 0.02)[number % 3],
                jitter=(0.0, 0.0, 0.004)[number % 3],
            )  # fmt: skip
    for bpm in FEW:
        number += 1
        drums = ("four", "rock", "breakbeat")[number % 3]
        some = PARTS[1 + number % 4]
        yield "breaks", play(drums, bpm, 40, breaks=[(3, 5), (8, 11)], parts=some, seed=number)
        yield "fade", play("rock", bpm, 30, fade=12, noise=0.002, parts=("bass",), seed=number)
        yield "late start", play("four", bpm, 30, start=9.3, noise=0.002, seed=number)
        yield "side chain", play("offbeat", bpm, 30, parts=("pad", "bass"), sidechain=True, seed=number)
        yield "human", play(drums, bpm, 30, jitter=0.01, parts=("bass", "voice"), seed=number)
        yield "no drums", play("none", bpm, 30, parts=("piano",), seed=number)
        for swing in (0.15, 0.33):
            yield "swing", play("rock", bpm, 30, swing=swing, parts=("bass",), seed=number)
        for first, last in ((1.0, 1.3), (1.2, 0.9)):
            beats = ramp(first * bpm, last * bpm, 40, 0.5)
            yield "ramp", play(drums, beats=beats, seconds=40, parts=some, seed=number)
        jump = steps([(0.4, bpm), (25.0, 1.17 * bpm)], 50)
        yield "jump", play("four", beats=jump, seconds=50, parts=some, seed=number)
    for form in FORMS.values():
        number += 1
        yield "sections", perform(form, even(112, 60, 0.2), 60, seed=number)


def ours(song: Song) -> Times:
    """The beats that a film would have."""
    return find_beats(measure([song.samples], {"pulse"})["pulse"], song.duration).times


def _librosa_at(hop: int) -> Callable[[Song], Times]:
    def track(song: Song) -> Times:
        from librosa.beat import beat_track

        found = beat_track(y=song.samples, sr=RATE, hop_length=hop, units="time")[1]
        return np.asarray(found, np.float64)

    return track


def score(song: Song, found: Times) -> Score:
    """Beats carried on into the silence before the first true one do not count."""
    truth, found = song.beats, found[found > song.beats[0] - FRAME]
    if found.size < 2:
        return Score(0.0, False, 0.0, 0.0)
    between = np.sort(np.concatenate([truth, (truth[1:] + truth[:-1]) / 2]))
    own, *others = (
        float(mir_eval.beat.f_measure(level, found, FRAME))
        for level in (truth, truth[::2], truth[1::2], between)
    )
    late = (found[:, None] - truth[None, :])[np.arange(found.size), _nearest(found, truth)]
    near = late[np.abs(late) < FRAME]
    continuity = float(mir_eval.beat.continuity(truth, found)[3])
    is_level = own >= max(0.9, *others)
    return Score(max(own, *others), is_level, continuity, float(near.mean()) if near.size else 0.0)


def _nearest(found: Times, truth: Times) -> NDArray[np.intp]:
    return np.asarray(np.abs(found[:, None] - truth[None, :]).argmin(axis=1), np.intp)


def main() -> int:
    """Prints the figures of all kinds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, default=0, help="of the songs")
    seed = parser.parse_args().seed
    warnings.simplefilter("ignore")
    trackers = {"ours": ours, "librosa": _librosa_at(512), "librosa 128": _librosa_at(128)}
    found: dict[str, dict[str, list[Score]]] = {}
    for kind, song in songs(seed):
        for name, track in trackers.items():
            found.setdefault(kind, {}).setdefault(name, []).append(score(song, track(song)))
    print(f"{'kind':<12}{'songs':>6}  " + "".join(f"{name:<36}" for name in trackers))
    print(f"{'':<20}" + f"{'F':>6}{'least':>7}{'octave':>8}{'AMLt':>6}{'late':>6}   " * len(trackers))
    for kind, rows in found.items():
        print(f"{kind:<12}{len(rows['ours']):>6}  " + "   ".join(_row(scores) for scores in rows.values()))
    levels = [each.is_level for rows in found.values() for each in rows["ours"]]
    missed = [kind for kind, rows in found.items() if _mean(rows["ours"]) < _wanted(kind)]
    if np.mean(levels) < WANTED_OCTAVE:
        missed.append("octave")
    print(
        f"octave right in {np.mean(levels):.0%} of all songs",
        *(f"MISSED: {kind}" for kind in missed),
        sep="\n",
    )
    return 1 if missed else 0


def _row(scores: list[Score]) -> str:
    octave = float(np.mean([each.is_level for each in scores]))
    continuity = float(np.mean([each.continuity for each in scores]))
    late = 1000 * float(np.mean([each.late for each in scores]))
    least = min(each.f for each in scores)
    return f"{_mean(scores):>6.3f}{least:>7.3f}{octave:>8.0%}{continuity:>6.2f}{late:>6.1f}"


def _mean(scores: list[Score]) -> float:
    return float(np.mean([each.f for each in scores]))


def _wanted(kind: str) -> float:
    return WANTED_CHANGING if kind in CHANGING else WANTED_STEADY


if __name__ == "__main__":
    sys.exit(main())
