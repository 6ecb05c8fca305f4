"""Values of expressions at frames, from text to column."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiler.film_texts import film_of

from anim_compiler.asking import curve
from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator, rounded
from anim_compiler.functions.registry import Array
from anim_compiler.tempo import steady
from anim_compiler.world import World

HEAD = 'size = 64x64; fps = 10; length = 2s; prompt { 0s: "a" }\n'
NOWHERE = World(Path("nowhere"), Path("nowhere"))


def values(expression: str, head: str = HEAD) -> Array:
    """A `let`'s column."""
    return curve(film_of(f"{head}let probe = {expression}\n"), "probe", NOWHERE)


@pytest.mark.parametrize(
    ("expression", "frame", "wanted"),
    [
        ("1 + 2 * 3", 0, 7),
        ("-2**2", 0, -4),
        ("7 % -3", 0, -2),
        ("0 < t <= 5", 5, 1),
        ("0 < t <= 5", 6, 0),
        ("1 if t > 3 else 2", 3, 2),
        ("not 0", 0, 1),
        ("max_f", 0, 19),
        ("time", 5, 0.5),
        ("u", 10, 0.5),
        ("duration", 0, 2),
        ("sin(90deg)", 0, 1),
        ("sin(pi / 2)", 0, 1),
        ("asin(1)", 0, 90),
        ("50%", 0, 0.5),
        ("round(2.5)", 0, 3),
        ("10s + 5f", 0, 10.5),
        ("360deg * u", 10, 180),
        ("6beats / 1s", 0, 3),
        ("pick([1, 5, 9], 4)", 0, 5),
        ("cycle([1, 5, 9], every(500ms))", 6, 5),
        ("smoothstep(0, 1, 0.5)", 0, 0.5),
    ],
)
def test_expressions(expression: str, frame: int, wanted: float) -> None:
    assert values(expression, HEAD + "bpm = 120\n")[frame] == pytest.approx(wanted)


def test_keys_interpolate_and_hold_outside() -> None:
    column = values("0.5s: 1, 1s: 3")
    assert column[[0, 5, 7, 10, 19]].tolist() == pytest.approx([1, 1, 1.8, 3, 3])


def test_easing_after_a_key_shapes_the_segment_after_it() -> None:
    column = values("0s: 0 hold, 1s: 1, 2s: 2")
    assert column[[0, 9, 10, 15]].tolist() == pytest.approx([0, 0, 1, 1.5])


def test_with_shapes_every_segment() -> None:
    column = values("0s: 0, 1s: 1 with quad_in")
    assert column[5] == pytest.approx(0.25)


def test_smooth_runs_monotonely_through_all_keys() -> None:
    column = values("0s: 0, 0.5s: 1, 1s: 1, 1.9s: 3 with smooth")
    assert column[[0, 5, 10, 19]].tolist() == pytest.approx([0, 1, 1, 3])
    assert (np.diff(column) >= -1e-12).all()


def test_a_pasted_deforum_schedule_ramps_to_a_formulas_value() -> None:
    """`0:(1.0), 10:(t), 15:(0)`: linear to t's value at frame 10, then the formula, then 0."""
    column = values("0:(1.0), 10:(t), 15:(0)")
    assert column[[0, 5, 10, 14, 15]].tolist() == pytest.approx([1, 5.5, 10, 14, 0])


def test_an_easing_on_a_live_key_crossfades() -> None:
    column = values("0: t * 0 + 1 linear, 10: 3")
    assert column[[0, 5, 10]].tolist() == pytest.approx([1, 2, 3])


def test_quoted_times_are_whole_frames() -> None:
    assert values('0: 0, "max_f - 9": 10')[[5, 10]].tolist() == pytest.approx([5, 10])


def test_a_quoted_schedule_follows_deforum_exactly() -> None:
    film = film_of(HEAD + 'camera 2d { zoom = "0: (1), 10: (2), 99: (50)" }')
    column = curve(film, "camera.zoom", NOWHERE)
    assert column[[0, 5, 10, 19]].tolist() == pytest.approx([1, 1.5, 2, 2])


def test_a_speed_is_summed_from_the_left() -> None:
    film = film_of(HEAD + "camera 2d { angle = 36deg per s; zoom = 2 per s }")
    assert curve(film, "camera.angle", NOWHERE)[[0, 1, 10]].tolist() == pytest.approx([0, 3.6, 36])
    assert curve(film, "camera.zoom", NOWHERE)[[0, 10]].tolist() == pytest.approx([1, 2])


def test_bare_times_are_frames() -> None:
    assert np.array_equal(values("decay(every(1s), 5)"), values("decay(every(1s), 500ms)"))


def test_long_sums_do_not_run_out_of_stack() -> None:
    assert values(" + ".join(["1"] * 150))[0] == 150


def test_defs_are_expanded() -> None:
    head = HEAD + "def wave(a, b = 2) = a * b + t\n"
    assert values("wave(3) + wave(1, b = 5)", head)[1] == pytest.approx(3 * 2 + 1 + 5 + 1)


def test_beats_count_from_the_grid() -> None:
    clock = FilmClock(40, Fraction(10), Fraction(10), Fraction(4), 0, steady(120, 4, Fraction(1, 10)))
    assert clock.value("beats")[[1, 6]].tolist() == pytest.approx([0, 1])
    assert clock.value("bars")[21] == pytest.approx(1)


def test_the_same_film_at_another_rate_has_the_same_values_at_the_same_time() -> None:
    from anim_compiler.listening import Listener, film_clock

    film = film_of(HEAD + "let probe = sine(1s) + smooth(t, 5f) * 0 + t")
    slow = Evaluator(film_clock(film, Listener(film, NOWHERE), fps=Fraction(5)))
    fast = Evaluator(film_clock(film, Listener(film, NOWHERE)))
    expr = film.lets["probe"].expr
    assert slow.column(expr) == pytest.approx(fast.column(expr)[::2], abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20))
def test_rounding_is_to_12_digits_and_settled(numbers: list[float]) -> None:
    once = rounded(np.array(numbers))
    assert np.allclose(once, numbers, rtol=1e-11, atol=0)
    assert np.array_equal(rounded(once), once)


def test_rounding_hides_the_last_bits() -> None:
    assert rounded(np.array([0.1 + 0.2]))[0] == 0.3
    assert str(rounded(np.array([-0.0]))[0]) == "0.0"


def test_unknown_curves_are_key_errors() -> None:
    with pytest.raises(KeyError):
        curve(film_of(HEAD), "camera.nothing", NOWHERE)
