"""What Parseq computes, against numbers of the libraries that it computes with.

The numbers were read from `bezier-easing` 2.1.0, `cubic-spline` 3.0.3, `everpolate` 0.0.3, `seedrandom` 3.0.5
and `noisejs` 2.1.0 under Node 20.
"""

from __future__ import annotations

from itertools import islice

import pytest

from anim_studio.interchange.parseq.chance import Noise, stream
from anim_studio.interchange.parseq.easing import bezier, control_points
from anim_studio.interchange.parseq.evaluate import Moment, Setting, compiled, spelled
from anim_studio.interchange.parseq.formula import parse
from anim_studio.interchange.parseq.splines import Points, cubic, differences, linear, polynomial, slopes
from anim_studio.interchange.parseq.track import Track


def test_beziers_are_as_coarse_as_the_library_s() -> None:
    assert bezier(0.3, 0.5, 0, 0.5, 1) == pytest.approx(0.16002668973183914, abs=1e-12)
    assert bezier(0.001, 0.0, 0.6, 1.0, 0.4) == pytest.approx(0.03235935748442674, abs=1e-12)
    assert bezier(0.499, 1.0, 0.0, 0.0, 1.0) == pytest.approx(0.4025274800279355, abs=1e-12)


def test_curves_have_all_their_names() -> None:
    assert control_points("easeIn2") == control_points("easeInQuad") == (0.11, 0.0, 0.5, 0.0)
    assert control_points("ease-in-out") == (0.42, 0.0, 0.58, 1.0)
    assert control_points("easeInElastic") is None


def test_the_curves_through_keys() -> None:
    points = Points((0, 10, 25, 40), (1.0, 4.0, -2.0, 0.5))
    ends = slopes(points)
    assert cubic(points, ends, 17) == pytest.approx(1.6132452452452453, abs=1e-12)
    assert polynomial(points, 17) == pytest.approx(1.652044444444444, abs=1e-12)
    assert linear(points, 17) == pytest.approx(1.2, abs=1e-12)
    assert [cubic(points, ends, frame) for frame in points.frames] == pytest.approx(points.values)
    a, b, c, d = differences(points)
    assert a + 17 * (b + 7 * (c - 8 * d)) == pytest.approx(1.652044444444444, abs=1e-12)


def test_chance_is_the_libraries_chance() -> None:
    wanted = [0.00701751618236155, 0.17185490054868188, 0.967001069269818]
    assert list(islice(stream("42"), 3)) == wanted
    assert list(islice(stream("-1"), 2)) == [0.7207238994620724, 0.8441128787065433]
    noise = Noise(7)
    assert noise.simplex(0.3, 0) == pytest.approx(-0.031160669229108793, abs=1e-15)
    assert noise.simplex(3.7, 2.2) == pytest.approx(0.22341592759580223, abs=1e-15)
    assert noise.perlin(5.6, 1.1) == pytest.approx(0.2533530854400002, abs=1e-15)
    assert Noise(0.5).simplex(0.3, 0) == pytest.approx(-0.6285541456607392, abs=1e-15)
    assert Noise(1234.7).perlin(1.3, 0.2) == pytest.approx(-0.42019608448000006, abs=1e-15)


def test_a_random_value_holds_from_the_active_key_on() -> None:
    formula = compiled(parse("rand(seed=42, hold=5)"))
    setting = Setting(20.0, 120.0, 1.0, 20, points=Points((0, 8, 20), (0.0, 0.0, 0.0)))
    values = [formula(Moment(setting, frame)) for frame in range(13)]
    first, second, third = islice(stream("42"), 3)
    assert values[:8] == [first] * 5 + [second] * 3
    assert values[8:] == [third] * 5


def test_a_series_counts_from_the_frame_after_its_row() -> None:
    track = Track((0.0, 4.0, 9.0), (1.0, 2.0, 5.0), in_seconds=False)
    assert [track.at(frame, 20) for frame in (0, 1, 4, 5, 9, 10)] == [1, 1, 1, 2, 2, 5]
    assert track.at(6.5, 20, linear=True) == 3.5
    assert Track((0.0, 100.0), (1.0, 2.0), in_seconds=True).at(3, 20) == 2.0


def test_numbers_in_texts_are_spelled_as_javascript_spells_them() -> None:
    wanted = {
        1.0: "1",
        0.1 + 0.2: "0.30000000000000004",
        1e21: "1e+21",
        1.5e-7: "1.5e-7",
        0.000015: "0.000015",
    }
    assert {spelled(value) for value in wanted} == set(wanted.values())
