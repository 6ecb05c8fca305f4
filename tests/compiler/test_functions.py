"""Curve functions on short timelines."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anim_compiler.functions import FUNCTIONS, Timeline
from anim_compiler.functions.easings import ease
from anim_compiler.functions.noises import hashed
from anim_compiler.functions.registry import Array
from anim_compiler.signatures import EASINGS, OPERATORS, SIGNATURES
from anim_compiler.tempo import steady
from anim_compiler.tempo_columns import beats_at


def line(frames: int = 24, fps: float = 12.0) -> Timeline:
    return Timeline(np.arange(frames) / fps, 1 / fps)


def call(name: str, *columns: Array | float, frames: int = 24, fps: float = 12.0) -> Array:
    full = [np.broadcast_to(np.asarray(c, dtype=np.float64), frames) for c in columns]
    return FUNCTIONS[name](line(frames, fps), *full)


def test_every_signature_has_an_implementation_and_the_other_way_round() -> None:
    assert set(FUNCTIONS) == set(SIGNATURES) | OPERATORS


def test_every_function_gives_one_finite_float_a_frame() -> None:
    for name, signature in SIGNATURES.items():
        arguments = [
            0.4 + i / 4 if p.default is None else p.default for i, p in enumerate(signature.parameters)
        ]
        if signature.grid:
            arguments.append(0.0)
        values = call(name, *arguments)
        assert values.shape == (24,), name
        assert values.dtype == np.float64, name
        assert np.isfinite(values).all(), name


@pytest.mark.parametrize(("x", "wanted"), [(2.5, 3), (-2.5, -3), (0.4, 0), (-0.5, -1)])
def test_round_goes_away_from_zero(x: float, wanted: float) -> None:
    assert call("round", x)[0] == wanted


def test_mod_takes_the_divisors_sign() -> None:
    assert call("mod", -1, 3)[0] == 2
    assert call("mod", 1, -3)[0] == -2


def test_oscillators_start_at_zero_rising() -> None:
    for name in ("sine", "tri", "saw"):
        wave = call(name, 2.0, 0.0, 0.0)
        assert wave[0] == 0
        assert wave[1] > 0
        assert wave.min() >= -1
        assert wave.max() <= 1
    assert call("square", 2.0, 0.0, 0.0)[0] == 1
    assert call("sine", 2.0, 0.25, 0.0)[0] == 1


def test_pulse_is_up_for_its_width() -> None:
    assert call("pulse", 1.0, 0.25, 0.0).tolist() == ([1.0] * 3 + [0.0] * 9) * 2


def test_every_fires_once_a_period() -> None:
    assert np.flatnonzero(call("every", 0.5, 0.0)).tolist() == [0, 6, 12, 18]


def test_every_counts_beats_on_an_axis_of_them() -> None:
    tempo = steady(120, origin=Fraction(1, 10))
    times = np.arange(24) / 12
    line = Timeline(times, 1 / 12, tempo, 0.0, 2.0)
    fired = FUNCTIONS["every"](line, np.full(24, 1.0), beats_at(tempo, times))
    assert np.flatnonzero(fired).tolist() == [1, 7, 13, 19]


def test_triggers_count_toggle_and_hold() -> None:
    trigger = np.zeros(24)
    trigger[[3, 4, 9]] = 1.0
    assert call("count", trigger)[[2, 3, 4, 9]].tolist() == [0, 1, 1, 2]
    assert call("toggle", trigger)[[2, 3, 9]].tolist() == [0, 1, 0]
    held = call("sample_hold", np.arange(24.0), trigger)
    assert held[[0, 5, 12]].tolist() == [0, 3, 9]


def test_decay_leaves_five_percent() -> None:
    trigger = np.zeros(24)
    trigger[2] = 1.0
    fall = call("decay", trigger, 0.5, 0.0)
    assert fall[1] == 0
    assert fall[2] == 1
    assert fall[8] == pytest.approx(0.05)


def test_smooth_has_no_delay_and_keeps_constants() -> None:
    spike = np.zeros(25)
    spike[12] = 1.0
    blurred = FUNCTIONS["smooth"](line(25), spike, np.full(25, 0.4))
    assert np.argmax(blurred) == 12
    assert blurred.sum() == pytest.approx(1.0, abs=1e-6)
    assert np.allclose(blurred, blurred[::-1])
    assert np.allclose(call("smooth", 3.0, 0.4), 3.0)


def test_smooth_has_half_its_time_as_deviation() -> None:
    spike = np.zeros(241)
    spike[120] = 1.0
    blurred = FUNCTIONS["smooth"](line(241, 100.0), spike, np.full(241, 0.4))
    offsets = (np.arange(241) - 120) / 100.0
    assert np.sqrt((blurred * offsets**2).sum()) == pytest.approx(0.2, rel=1e-3)


def test_envelope_rises_and_falls_at_its_own_speeds() -> None:
    step = np.concatenate([np.zeros(1), np.ones(12), np.zeros(11)])
    followed = call("envelope", step, 0.25, 1.0)
    assert followed[3] == pytest.approx(0.95, abs=1e-6)
    assert followed[13] > 0.7


def test_integrate_is_the_left_sum() -> None:
    assert call("integrate", 12.0)[[0, 1, 12]].tolist() == pytest.approx([0, 1, 12])


def test_derivative_undoes_integrate() -> None:
    x = np.sin(np.arange(24.0))
    back = call("derivative", call("integrate", x))
    assert back[1:] == pytest.approx(x[:-1])


def test_slew_and_delay_and_quantize_and_normalize() -> None:
    assert call("slew", np.arange(24.0) * 100, 12.0)[:3].tolist() == pytest.approx([0, 1, 2])
    assert call("delay", np.arange(24.0), 0.25, 0.0)[[0, 3, 4]].tolist() == [0, 0, 1]
    assert call("quantize", 0.3, 0.25)[0] == 0.25
    stretched = call("normalize", np.arange(24.0) + 5)
    assert (stretched.min(), stretched.max()) == (0, 1)


def test_loop_repeats_the_first_period() -> None:
    assert call("loop", np.arange(24.0), 0.5, 0.0)[[0, 5, 6, 13]].tolist() == [0, 5, 0, 1]


@settings(max_examples=40, deadline=None)
@given(st.integers(-(2**40), 2**40), st.integers(2, 60))
def test_random_depends_on_seed_and_frame_alone(seed: int, frames: int) -> None:
    long = hashed(seed, np.arange(100, dtype=np.int64))
    assert np.array_equal(hashed(seed, np.arange(frames, dtype=np.int64)), long[:frames])
    assert ((long >= 0) & (long < 1)).all()
    assert not np.array_equal(long, hashed(seed + 1, np.arange(100, dtype=np.int64)))


@pytest.mark.parametrize("name", ["noise", "fbm"])
def test_noise_is_smooth_and_within_its_range(name: str) -> None:
    values = FUNCTIONS[name](line(2400, 240.0), np.full(2400, 1.0), np.full(2400, 3.0))
    assert np.abs(values).max() <= 1
    assert np.abs(np.diff(values)).max() < 0.1
    assert values.std() > 0.1


@pytest.mark.parametrize("name", sorted(set(EASINGS) - {"smooth"}))
def test_easings_go_from_0_to_1(name: str) -> None:
    arguments = {"bezier": (0.7, 0.0, 0.3, 1.0), "steps": (4.0,)}.get(name, ())
    ends = ease(name, arguments, np.array([0.0, 1.0]))
    assert ends == pytest.approx([0, 1], abs=1e-9)


@pytest.mark.parametrize("name", ["ease_in_out", "sine_in_out", "cubic_in_out", "back_in_out"])
def test_in_out_is_symmetric(name: str) -> None:
    p = np.linspace(0, 1, 21)
    assert ease(name, (), p) + ease(name, (), 1 - p) == pytest.approx(np.ones(21), abs=1e-9)


def test_bezier_is_the_browsers() -> None:
    """`ease` at a half is 0.8024 in every browser (cubic-bezier(0.25, 0.1, 0.25, 1))."""
    assert ease("ease", (), np.array([0.5]))[0] == pytest.approx(0.8024, abs=1e-4)


def test_a_key_under_a_bezier_has_its_own_value_exactly() -> None:
    from anim_compiler.functions.easings import bezier

    ends = bezier(np.array([0.0, 1.0]), 0.42, 0.0, 0.58, 1.0)
    assert ends.tolist() == [0.0, 1.0]


# --- long columns ---


@pytest.mark.parametrize(
    "handles", [(0.42, 0, 0.58, 1), (0.25, 0.1, 0.25, 1), (0, 0, 1, 1), (0.7, -1, 0.1, 2)]
)
def test_a_bezier_is_the_point_of_its_curve(handles: tuple[float, float, float, float]) -> None:
    from anim_compiler.functions.easings import bezier

    x1, y1, x2, y2 = handles
    s = np.linspace(0.001, 0.999, 3_001)

    def point(a: float, b: float) -> Array:
        return np.asarray(3 * (1 - s) ** 2 * s * a + 3 * (1 - s) * s**2 * b + s**3)

    assert bezier(point(x1, x2), *handles) == pytest.approx(point(y1, y2), abs=1e-12)


@pytest.mark.parametrize("handles", [(1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0), (1.0, 0.5, 1.0, 0.5)])
def test_a_bezier_that_hardly_rises_is_found(handles: tuple[float, float, float, float]) -> None:
    from anim_compiler.functions.easings import bezier

    found = bezier(np.linspace(0, 1, 10_001), *handles)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= -1e-5).all()
    assert found[[0, -1]].tolist() == [0, 1]


def test_a_wide_blur_is_a_narrow_one_made_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_compiler.functions import filters

    x = np.zeros(4_000)
    x[1_000:1_400] = np.sin(np.arange(400.0))
    x[2_000] = 5.0
    direct = FUNCTIONS["smooth"](line(4_000), x, np.full(4_000, 10.0))
    monkeypatch.setattr(filters, "_MOST_TAPS", 10)
    spectral = FUNCTIONS["smooth"](line(4_000), x, np.full(4_000, 10.0))
    assert spectral == pytest.approx(direct, abs=1e-12)
    assert (spectral[direct == 0] == 0).all()
    assert FUNCTIONS["smooth"](line(4_000), np.zeros(4_000), np.full(4_000, 10.0)).max() == 0
    assert FUNCTIONS["smooth"](line(4_000), np.full(4_000, 0.3), np.full(4_000, 10.0)) == pytest.approx(0.3)


def test_a_blur_of_what_is_no_number_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_compiler.functions import filters

    monkeypatch.setattr(filters, "_MOST_TAPS", 10)
    x = np.ones(400)
    x[200] = np.inf
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(FUNCTIONS["smooth"](line(400), x, np.full(400, 10.0))).any()


def test_slew_follows_as_fast_as_it_may_and_reaches() -> None:
    x = np.array([0.0, 10.0, 10.0, 10.0, 10.0, -10.0, 0.1, 0.1])
    found = FUNCTIONS["slew"](Timeline(np.arange(8.0), 1.0), x, np.full(8, 4.0))
    assert found.tolist() == [0, 4, 8, 10, 10, 6, 2, 0.1]
    still = np.linspace(0, 1, 8)
    assert FUNCTIONS["slew"](Timeline(np.arange(8.0), 1.0), still, np.full(8, 4.0)) is still


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.sampled_from([1, 2, 3, 7, 48, 1000]))
def test_remainders_by_whole_numbers_are_numpys(values: list[float], by: int) -> None:
    from anim_compiler.functions.registry import POINTWISE

    x = np.array([*values, *(v * by for v in range(-5, 5)), np.nextafter(by * 3.0, 0)])
    still = np.broadcast_to(np.float64(by), x.shape)
    assert np.array_equal(POINTWISE["mod"](x, still), np.mod(x, float(by)))


def test_slow_noise_draws_each_slope_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_compiler.functions import noises

    drawn: list[int] = []
    plain = noises.hashed

    def noted(seed: int, place: NDArray[np.int64]) -> Array:
        drawn.append(len(place))
        return plain(seed, place)

    monkeypatch.setattr(noises, "hashed", noted)
    slow = FUNCTIONS["noise"](line(24_000, 24.0), np.full(24_000, 1.0), np.full(24_000, 3.0))
    assert sum(drawn) <= 1_003
    short = FUNCTIONS["noise"](line(100, 24.0), np.full(100, 1.0), np.full(100, 3.0))
    assert np.array_equal(slow[:100], short)
