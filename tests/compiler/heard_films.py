"""Films on a song whose beats are known: found by nobody, so that a test takes no time to listen."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from anim_compiler import remembered
from anim_compiler.audio.analysis import Analysis
from anim_compiler.audio.groups import groups_for
from anim_compiler.check import check
from anim_compiler.curves import Evaluator
from anim_compiler.film import Film
from anim_compiler.functions.registry import Array
from anim_compiler.listening import Listener, film_clock
from anim_compiler.settled import settled
from anim_compiler.takes import Take, takes
from anim_compiler.world import World
from anim_dsl.parse import parse
from anim_dsl.source import Source

_READ = ("beat", "downbeat", "beat_phase", "bar_phase", "tempo")


@dataclass(frozen=True, slots=True)
class Heard:
    """A film and its evaluator, over a song with known beats."""

    film: Film
    whole: Evaluator
    takes: tuple[Take, ...]

    def column(self, name: str) -> Array:
        """A `let` of the film at every frame."""
        return self.whole.column(self.film.lets[name].expr)

    def scene(self, name: str) -> Take:
        """A scene on its frames."""
        return next(take for take in self.takes if take.shot.name == name)


def quiet_track(folder: Path, name: str = "song.wav") -> None:
    """Two seconds of silence, whose header can be read."""
    with wave.open(str(folder / name), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 2 * 8000))


def heard(folder: Path, text: str, beats: Array, *, fps: Fraction | None = None) -> Heard:
    """The film of a text whose track `song` has those beats, every fourth opening a bar."""
    quiet_track(folder)
    world = World(folder, folder)
    document, _ = parse(Source("film.anim", text))
    film, found = check(document, world)
    assert film is not None, found
    groups = frozenset[str]().union(*(groups_for(name) for name in _READ))
    tempo = 60.0 / float(np.median(np.diff(beats)))
    known = Analysis({name: {} for name in groups}, beats, beats[::4], tempo, float(beats[-1]) + 2.0)
    analyses = {remembered.heard(film)["song"]: known}
    placed, found = settled(film, world, analyses)
    assert placed is not None, found
    listener = Listener(placed, world, analyses)
    whole = Evaluator(film_clock(placed, listener, fps=fps), listener)
    return Heard(placed, whole, takes(placed, whole, listener))
