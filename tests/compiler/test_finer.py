"""Filters of what is heard: the same at every rate, whatever falls between two frames."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from anim_compiler import finer
from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Apply, Clock, Const, Feature, OnFilm, Typed
from anim_dsl.source import Span

RATES = (Fraction(8), Fraction(12), Fraction(24000, 1001), Fraction(60))
HERE = Span(0, 0)
BASS = Feature("song", "bass", (), HERE)


def hits(feature: Feature, clock: FilmClock) -> Array:
    """A hit each 0.37 s, up and down within 60 ms: at 12 fps some fall between the frames."""
    since = np.mod(clock.film_times, 0.37)
    return np.asarray(np.clip(1.0 - np.abs(since - 0.03) / 0.03, 0.0, 1.0))


def apply(function: str, *arguments: Typed | float) -> Apply:
    given = (Const(one, HERE) if isinstance(one, float) else one for one in arguments)
    return Apply(function, tuple(given), HERE)


def clock(fps: Fraction, start: Fraction = Fraction(0)) -> FilmClock:
    whole = FilmClock(int(3 * fps), fps, Fraction(24), Fraction(3), 0)
    return whole if not start else whole.scene(start, 3 - start, seed=0, frames=int((3 - start) * fps))


FILTERS = {
    "smooth": (apply("smooth", BASS, 0.2), 0.001),
    "envelope": (apply("envelope", BASS, 0.02, 0.3), 0.08),
    "delay": (apply("delay", BASS, 0.1, 0.0), 0.05),
    "integrate": (apply("integrate", apply("mul", BASS, 2.0)), 0.005),
    "slew": (apply("slew", BASS, 4.0), 0.02),
    "normalize": (apply("normalize", apply("mul", BASS, Clock("time", HERE))), 0.1),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("fps", RATES)
def test_a_filter_is_the_same_at_every_rate(name: str, fps: Fraction) -> None:
    expr, off = FILTERS[name]
    found = Evaluator(clock(fps), hits).column(expr)
    fine = Evaluator(clock(Fraction(4800)), hits).column(expr)
    # where a film ends, its last value is held: films of other rates end within a frame of each other
    at = clock(fps).times[clock(fps).times < 2.6]
    wanted = np.interp(at, clock(Fraction(4800)).times, fine)
    assert np.abs(found[: at.size] - wanted).max() <= off
    assert np.ptp(found) > 4 * off


@pytest.mark.parametrize("fps", RATES[:2])
def test_every_hit_is_followed_though_frames_miss_some(fps: Fraction) -> None:
    raw = hits(BASS, clock(fps))
    found = Evaluator(clock(fps), hits).column(apply("envelope", BASS, 0.01, 0.5))
    tops = [float(found[clock(fps).times // 0.37 == number].max()) for number in range(7)]
    assert min(tops) > 0.4
    assert min(float(raw[clock(fps).times // 0.37 == number].max()) for number in range(7)) < 0.4


@pytest.mark.parametrize(
    "inside",
    [
        apply("decay", BASS, 0.3),
        apply("mul", BASS, Clock("t", HERE)),
        Feature("song", "beat", (), HERE),
        apply("sine", 1.0, 0.0, 0.0),
    ],
)
def test_what_belongs_to_frames_stays_by_frames(inside: Typed) -> None:
    assert finer.times(apply("smooth", inside, 0.2), Fraction(24)) == 1


RISE = {0.5: 0.015, 0.9: 0.027}  # seconds after which `hits` reaches so much


@pytest.mark.parametrize("level", RISE)
@pytest.mark.parametrize("fps", RATES)
def test_a_trigger_fires_on_the_frame_during_which_it_rises(level: float, fps: Fraction) -> None:
    trigger = apply("threshold", BASS, level) if level > 0.5 else BASS
    found = np.flatnonzero(Evaluator(clock(fps), hits).column(apply("decay", trigger, 0.2, 0.0)) == 1.0)
    for number in range(8):
        at = 0.37 * number + RISE[level]
        # known to two values
        assert int(at * fps) <= found[number] <= int((at + 0.0085) * fps)


@pytest.mark.parametrize("fps", RATES)
def test_hits_are_counted_and_held_alike_at_every_rate(fps: Fraction) -> None:
    evaluator = Evaluator(clock(fps), hits)
    strong, calm = apply("threshold", BASS, 0.9), apply("smooth", BASS, 0.05)
    assert evaluator.column(apply("count", strong))[int(2.8 * fps)] == 8
    kept = evaluator.column(apply("sample_hold", calm, strong))
    wanted = Evaluator(clock(Fraction(4800)), hits).column(calm)[round(4800 * (0.37 * 7 + 0.031))]
    assert kept[int(2.8 * fps)] == pytest.approx(wanted, abs=0.02)
    assert wanted > 0.4


def test_a_rise_just_before_a_frame_is_on_it_as_a_beat_is() -> None:
    def risen(feature: Feature, clock: FilmClock) -> Array:
        return np.asarray(clock.film_times > 0.495, np.float64)

    found = Evaluator(clock(Fraction(12)), risen).column(apply("count", BASS))
    assert np.flatnonzero(found)[0] == 6


def test_hits_of_neighbouring_frames_are_two() -> None:
    def twice(feature: Feature, clock: FilmClock) -> Array:
        since = clock.film_times - 0.26
        return np.asarray((since % 0.09 < 0.03) & (since > 0) & (since < 0.15), np.float64)

    found = Evaluator(clock(Fraction(12)), twice).column(apply("count", BASS))
    assert found[:6].tolist() == [0.0, 0.0, 0.0, 1.0, 2.0, 2.0]


def test_a_curve_of_the_film_is_followed_in_a_scene() -> None:
    film = Evaluator(clock(Fraction(12)), hits)
    whole = film.column(apply("envelope", apply("mul", BASS, 2.0), 0.0, 0.5))
    scene = Evaluator(clock(Fraction(12), Fraction(1)), hits, film)
    found = scene.column(apply("envelope", OnFilm(apply("mul", BASS, 2.0), HERE), 0.0, 0.5))
    assert np.abs(found[6:] - whole[18:]).max() < 1e-3
    trigger = apply("threshold", BASS, 0.9)
    fires = scene.column(apply("count", OnFilm(trigger, HERE)))
    assert fires.tolist() == (film.column(apply("count", trigger))[12:] - 3).tolist()


@pytest.mark.parametrize("moment", [0.74, 0.76])
def test_what_happens_on_a_cut_between_two_frames_belongs_to_the_scene_that_it_opens(moment: float) -> None:
    """At 12 fps frame 9 begins at 0.75 s; a scene that begins at 0.74 s has it as its first."""

    def once(feature: Feature, clock: FilmClock) -> Array:
        return np.asarray((clock.film_times > moment - 0.003) & (clock.film_times < moment + 0.1), np.float64)

    cut, kick = Fraction(74, 100), apply("count", BASS)
    film = replace(clock(Fraction(12)), cuts=((9, 0.74),))
    first = film.scene(Fraction(0), cut, seed=0, frames=9)
    for one, fires in ((film, 9), (first, None), (film.scene(cut, 3 - cut, seed=0, frames=27), 0)):
        found = np.flatnonzero(np.diff(Evaluator(one, once).column(kick), prepend=0.0))
        assert found.tolist() == ([] if fires is None else [fires])


def test_only_as_fine_as_needed() -> None:
    expr = apply("smooth", BASS, 0.2)
    assert [finer.times(expr, fps) for fps in (*RATES, Fraction(120), Fraction(240))] == [30, 20, 11, 4, 2, 1]
    assert finer.times(apply("smooth", Clock("time", HERE), 0.2), Fraction(24)) == 1


def test_a_scene_begins_where_it_begins() -> None:
    scene = clock(Fraction(12), Fraction(13, 12))
    whole = Evaluator(clock(Fraction(12)), hits).column(apply("delay", BASS, 0.0, 0.0))
    assert Evaluator(scene, hits).column(apply("delay", BASS, 0.0, 0.0)).tolist() == whole[13:].tolist()
