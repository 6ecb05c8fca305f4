"""What listening costs: `python -m bench.audio [--seconds 180] [--hour 3600]`.

All standard features of a song (44.1 kHz, stereo), in one run:

- warm, beside librosa's functions called one by one: at the hop that librosa chooses (512 samples), a quarter
  of our resolution in time, and at ours (128);
- cold, a process that starts, imports and hears, with nothing kept; librosa's has what numba keeps on disk,
  and once more without it;
- with the analysis kept: `anim check` and `anim compile` of a film to the song, beside the same film without;
- an hour of sound, in a process of its own: its memory and time.

CPU time throughout, the least of several rounds. Exit code 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from anim_compiler.audio.analyse import hear
from anim_compiler.audio.groups import STANDARD
from bench.audio_peer import calls, loaded
from bench.check import cpu
from bench.parse import seconds

RATE = 44_100
WANTED_WARM, WANTED_COLD, WANTED_CHECK, WANTED_MB = 4.0, 1 / 3, 1.3, 600.0
_ROUNDS = 3
_SHA = "0" * 64

HEARD = "let thump = smooth(bass, 80ms) + decay(kick, 300ms)\n"
FILM = """\
size = 256x256; fps = 24; length = 20s; seed = 7
{media}
prompt {{ 0s: "a lake"; 10s: "a forest" }}
camera 2d {{ zoom = 1 + 0.2 * {one}; angle = 10deg * {two} }}
diffuse {{ steps = 8; strength = 0.4 + 0.2 * {three} }}
grade {{ saturation = 1 + 0.2 * {four} }}
"""


def write_stereo(path: Path, length: float) -> None:
    """A song with drums, bass, chords and a voice, `length` seconds, written stretch by stretch."""
    import soundfile
    import soxr  # type: ignore[import-untyped, unused-ignore]
    from tests.compiler.songs import RATE as OWN
    from tests.compiler.songs import play

    song = play("rock", bpm=120.0, seconds=min(length, 180.0), seed=3, parts=("bass", "pad", "voice"))
    mono = soxr.resample(np.asarray(song.samples, np.float32), OWN, RATE)
    both = np.stack([mono, 0.8 * mono], axis=1)
    left = round(length * RATE)
    with soundfile.SoundFile(path, "w", RATE, 2, subtype="PCM_16") as file:
        while left > 0:
            file.write(both[:left])
            left -= len(both)


def _say(name: str, taken: float, more: str = "") -> None:
    print(f"  {name:<46} {taken * 1000:9.1f} ms{more}")


def warm(track: Path) -> float:
    """Prints what all features cost in a warm process; how many times less than librosa's."""
    hear(track, sha256=_SHA, cache=None)
    ours = seconds(lambda: hear(track, sha256=_SHA, cache=None), _ROUNDS)
    print(f"warm, {len(STANDARD)} groups of curves at hop 128")
    _say("anim: decoded, measured, beats, bars, sections", ours)
    loading = seconds(lambda: loaded(track), _ROUNDS)
    samples, totals = loaded(track), {}
    for hop in (512, 128):
        # what numba compiles is not counted: the first round of each at librosa's hop is left out
        taken = {name: _least(call, samples, hop == 512) for name, call in calls(hop).items()}
        totals[hop] = loading + sum(taken.values())
        parts = taken["percussive, harmonic"]
        ratio = f"   {totals[hop] / ours:5.1f} times anim's"
        _say(f"librosa, hop {hop}: loaded and {len(taken)} calls", totals[hop], ratio)
        _say("  of that loading", loading)
        _say(
            "  of that hpss", parts, f"   without it {(totals[hop] - parts) / ours:5.1f} times all of anim's"
        )
        if hop == 512:
            for name, each in taken.items():
                _say(f"    {name}", each)
    return totals[512] / ours


def _least(call: Any, samples: Any, is_first: bool) -> float:
    if is_first:
        call(samples)
    return seconds(lambda: call(samples), 2 if is_first else 1)


def child(kind: str, track: Path, **more: str) -> dict[str, Any]:
    """What a process of its own spent."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.audio_child", kind, str(track)],
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=True,
    )
    spent: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return spent


def cold(track: Path, folder: Path) -> float:
    """Prints what a process costs that hears one track from nothing; ours as a part of librosa's."""
    ours = min((child("anim", track) for _ in range(_ROUNDS)), key=lambda spent: spent["cpu_s"])
    child("librosa", track)
    kept = min(child("librosa", track)["cpu_s"] for _ in range(2))
    first = child("librosa", track, NUMBA_CACHE_DIR=str(folder / "numba"))["cpu_s"]
    print("cold, a process from its start to its end")
    _say("anim", ours["cpu_s"], f"   {ours['rss_mb']:.0f} MB, imports of {ours['modules'] or 'none of them'}")
    _say("librosa, numba's cache filled", kept, f"   anim takes {ours['cpu_s'] / kept:.2f} of it")
    _say("librosa, the first time", first, f"   anim takes {ours['cpu_s'] / first:.2f} of it")
    return float(ours["cpu_s"] / kept)


def films(folder: Path) -> tuple[Path, Path]:
    """A film to the song, and the same film of the same shape without."""
    sound = 'audio song = "song.wav"\n' + HEARD
    still = "let thump = smooth(sine(1s), 80ms) + decay(pulse(1s, 0.1), 300ms)\n"
    heard = FILM.format(media=sound, one="thump", two="mid", three="beat", four="energy")
    silent = FILM.format(media=still, one="thump", two="sine(3s)", three="pulse(0.5s, 0.1)", four="sine(2s)")
    made = folder / "heard.anim", folder / "silent.anim"
    for path, text in zip(made, (heard, silent), strict=True):
        path.write_text(text, encoding="utf-8")
    return made


def commands(folder: Path) -> float:
    """Prints `check` and `compile` of both films, the analysis kept; the ratio of the checks."""
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"ANIM_CACHE": str(folder / "cache"), "PYTHONPYCACHEPREFIX": str(folder / "pyc")}
    start = [sys.executable, "-c", "import sys; from anim_studio.cli import main; sys.exit(main())"]
    ratios, both = {}, films(folder)
    print("`anim` of a film to the song, its analysis kept, beside the same film without")
    for words in (["check"], ["compile", "-q", "-o", str(folder / "film.plan.json")]):
        # in turns, so that what else the machine does meets both alike
        rounds = [[cpu([*start, *words, str(film)], environment, 1) for film in both] for _ in range(7)]
        heard, silent = (min(taken) for taken in zip(*rounds, strict=True))
        ratios[words[0]] = heard / silent
        _say(f"{words[0]}, to the song", heard, f"   {heard / silent:.2f} times the one without")
        _say(f"{words[0]}, without", silent)
    return ratios["check"]


def hour(folder: Path, length: float) -> float:
    """Prints what a long track takes; its largest memory in MB."""
    track = folder / "long.wav"
    write_stereo(track, length)
    size = track.stat().st_size / 2**20
    spent = child("anim", track)
    track.unlink()
    print(f"{length:g} s of stereo at 44.1 kHz, a file of {size:.0f} MB")
    _say(
        "anim", spent["cpu_s"], f"   {spent['rss_mb']:.0f} MB, {length / spent['cpu_s']:.0f} times real time"
    )
    return float(spent["rss_mb"])


def main() -> int:
    """Measures once; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--hour", type=float, default=3600.0)
    chosen = parser.parse_args()
    warnings.filterwarnings("ignore", module="librosa")
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as name:
        folder = Path(name)
        write_stereo(folder / "song.wav", chosen.seconds)
        print(f"a song of {chosen.seconds:g} s")
        faster = warm(folder / "song.wav")
        part = cold(folder / "song.wav", folder)
        checked = commands(folder)
        memory = hour(folder, chosen.hour)
    goals = (
        (f"warm {faster:.1f} times as fast (wanted: {WANTED_WARM:g})", faster >= WANTED_WARM),
        (f"cold {part:.2f} of the time (wanted: {WANTED_COLD:.2f})", part <= WANTED_COLD),
        (f"check {checked:.2f} times (wanted: {WANTED_CHECK:g})", checked <= WANTED_CHECK),
        (f"memory {memory:.0f} MB (wanted: {WANTED_MB:g})", memory <= WANTED_MB),
    )
    for said, is_met in goals:
        print(f"{'✓' if is_met else '✗'} {said}")
    return 0 if all(is_met for _, is_met in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
