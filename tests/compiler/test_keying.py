"""Key lists: the values between keys, and that each frame and each key is looked at once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiler.film_texts import film_of

from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.functions.easings import ease
from anim_compiler.functions.registry import Array
from anim_compiler.keying import key_column
from anim_compiler.typed import Apply, Clock, Const, Ease, KeyCurve, Moment, TimedKey, Typed
from anim_dsl.source import Span

HERE = Span(0, 0)
FPS = Fraction(10)
HEAD = 'size = 64x64; fps = 10; length = 2s; prompt { 0s: "a" }\n'


def clock(frames: int) -> FilmClock:
    return FilmClock(frames, FPS, FPS, frames / FPS, 0)


def a_key(seconds: Fraction, value: Typed, shape: str | None = "linear") -> TimedKey:
    live = not isinstance(value, Const)
    return TimedKey(Moment(seconds), value, Ease(shape) if shape else None, live, HERE)


def slowly(curve: KeyCurve, frames: int) -> list[float]:
    """The values one by one, as the language describes them."""
    keys = sorted(curve.keys, key=lambda key: key.at.seconds)
    places = [key.at.seconds * FPS for key in keys]

    def value(i: int, at: float) -> float:
        inner = keys[i].value
        return inner.value if isinstance(inner, Const) else 3.0 * min(max(at, 0.0), frames - 1.0)

    found = []
    for frame in range(frames):
        i = max([k for k, place in enumerate(places) if place <= frame], default=-1)
        key = keys[max(i, 0)]
        if i < 0 or i + 1 == len(keys) or (key.live and key.ease is None):
            found.append(value(max(i, 0), frame))
            continue
        end = places[i + 1]
        both = key.live and keys[i + 1].live
        target = value(i + 1, frame if both else float(end))
        p = np.array([float((frame - places[i]) / (end - places[i]))])
        weight = float(ease(key.ease.name, (), p)[0]) if key.ease else 0.0
        found.append(value(i, frame) + (target - value(i, frame)) * weight)
    return found


_values = st.one_of(
    st.floats(-100, 100).map(lambda value: Const(value, HERE)),
    st.just(Apply("mul", (Clock("t", HERE), Const(3.0, HERE)), HERE)),
)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.integers(-3, 60), st.tuples(_values, st.sampled_from(["linear", "quad_in", "hold"]))),
    st.integers(1, 25),
    st.booleans(),
)
def test_keys_are_what_the_language_says(
    rows: dict[int, tuple[Typed, str]], frames: int, is_held: bool
) -> None:
    if not rows:
        return
    keys = [
        a_key(Fraction(at, 20), value, None if is_held and not isinstance(value, Const) else shape)
        for at, (value, shape) in rows.items()
    ]
    curve = KeyCurve(tuple(keys), False, HERE)
    found = Evaluator(clock(frames)).column(curve)
    assert found.tolist() == pytest.approx(slowly(curve, frames), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize("count", [10, 100, 1_000])
def test_frames_and_keys_are_asked_for_once(count: int) -> None:
    frames = 5_000
    keys = [a_key(Fraction(i * frames, count * 10), Clock("t", HERE), None) for i in range(count)]
    asked: list[int] = []

    def part(expr: Typed, begin: int, end: int) -> Array:
        asked.append(end - begin)
        return np.arange(begin, end, dtype=np.float64)

    found = key_column(KeyCurve(tuple(keys), False, HERE), clock(frames), part)
    assert found.tolist() == list(range(frames))
    assert sum(asked) <= frames + 2 * count
    assert len(asked) <= count + 1


def test_of_a_formula_between_two_keys_only_its_frames_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_compiler.functions.registry import POINTWISE

    asked: list[int] = []

    def counted(x: Array, out: Array | None = None) -> Array:
        asked.append(len(x))
        return np.asarray(np.tanh(x, out=out))

    monkeypatch.setitem(POINTWISE, "tanh", counted)
    film = film_of(HEAD + "let probe = 0: 0, 5: tanh(t / 9), 8: 1\n")
    column = Evaluator(clock(20)).column(film.lets["probe"].expr)
    assert column[[4, 5, 6, 7, 8]].tolist() == pytest.approx(
        [np.tanh(5 / 9) * 0.8, np.tanh(5 / 9), np.tanh(6 / 9), np.tanh(7 / 9), 1]
    )
    assert sum(asked) <= 5


def test_a_key_past_the_end_still_shapes_the_curve() -> None:
    film = film_of(HEAD + "let probe = 0s: 0, 4s: 40\n")
    assert Evaluator(clock(20)).column(film.lets["probe"].expr).tolist() == pytest.approx(range(20))


def test_keys_between_frames_are_met_between_frames() -> None:
    keys = (a_key(Fraction(1, 20), Const(0.0, HERE)), a_key(Fraction(7, 20), Const(6.0, HERE)))
    found = Evaluator(clock(6)).column(KeyCurve(keys, False, HERE))
    assert found.tolist() == pytest.approx([0, 1, 3, 5, 6, 6])
