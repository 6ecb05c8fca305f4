import numpy as np
import pytest

from anim_dsl.schedule import evaluate
from anim_studio.interchange.to_baked import baked, pieces, printed
from anim_studio.interchange.to_schedule import Clock, schedule

from .exporting_films import opened

FILM = """\
size = 64x64; fps = 24; length = 100f; seed = 42
prompt = "a"
let sway = 0.1*sin(t/5)
camera 2d {{ motion = per_frame; zoom = {value} }}
"""

#: a value as a film has it, and as Deforum is given it
KEPT = {
    "0: (1.0025+0.002*sin(1.25*3.14*t/30))": "0: (1.0025+0.002*sin(1.25*3.14*t/30))",
    "0: (1), 48: (1.5+0.1*sin(t/5)), 96: (2)": "0: (1), 48: (1.5+0.1*sin(t/5)), 96: (2)",
    '"0:(1), \\"max_f/2\\":(2)"': '0:(1), "max_f/2":(2)',
    "1.02": "0: (1.02)",
    "1 + 0.1*sin(t/5)": "0: (1 + 0.1*sin(t/5))",
    "0s: 1, 2s: 2": "0: (1), 48: (2)",
    "0s: 1, 2s: 2 hold, 3s: 1": "0: (1), 48: (2), 71: (2), 72: (1)",
    "12f: 1, 24f: 2": "0: (1), 12: (1), 24: (2)",
    "1 + sway*2": "0: (1+0.1*sin(t/5)*2)",
    "2 - (time - 1)/10": "0: (2-(t/24-1)/10)",
    "1.5 + sine(1s)/4": "0: (1.5+sin(6.283185307179586*t/24)/4)",
    "(1 + u)**2": "0: ((1 + u)**2)",
}


@pytest.mark.parametrize("value", KEPT)
def test_what_deforum_reads_alike_is_kept_as_it_was_written(tmp_path, value: str) -> None:
    film = opened(tmp_path, FILM.format(value=value))
    values = film.columns["camera.zoom"]
    found = schedule(values, Clock(100, film.fps, 42), film.film.shots[0].numbers["camera.zoom"], film.film)
    # `u` is no name of Deforum's: it is spelled out
    assert found.text == ("0: ((1+t/100)**2)" if "u" in value else KEPT[value])
    assert not found.is_baked


@pytest.mark.parametrize(
    "value", ["0s: 1, 4s: 2 with ease_in_out", "1 + noise(2hz)/10", "0s: 1, 0.51s: 2, 3s: 1"]
)
def test_other_curves_become_numbers_that_are_right_at_every_frame(tmp_path, value: str) -> None:
    film = opened(tmp_path, FILM.format(value=value))
    values = film.columns["camera.zoom"]
    found = schedule(values, Clock(100, film.fps, 42), film.film.shots[0].numbers["camera.zoom"], film.film)
    read, _ = evaluate(found.text, frames=100)
    np.testing.assert_allclose(read, values, atol=1e-9)


def test_keys_stand_only_where_the_line_bends() -> None:
    values = np.concatenate([np.linspace(0.0, 5.0, 51), np.linspace(4.9, 3.0, 20), np.full(30, 3.0)])
    assert pieces(values) == (0, 50, 70)
    assert baked(values) == "0: (0), 50: (5), 70: (3)"
    assert baked(np.full(9, 2.5)) == "0: (2.5)"


def test_every_list_of_numbers_comes_back() -> None:
    random = np.random.default_rng(5)
    for frames in (1, 2, 3, 17, 64):
        values = np.round(random.normal(size=frames) * 10.0 ** random.integers(-9, 7), 12)
        values[frames // 3 : frames // 2] = values[frames // 3]
        read, _ = evaluate(baked(values), frames=frames)
        np.testing.assert_allclose(read, values, rtol=1e-8, atol=1e-8)


def test_numbers_have_no_exponent_which_deforum_takes_for_a_formula() -> None:
    assert printed(1e-7) == "0.0000001"
    assert printed(-0.0) == "0"
    assert printed(1.5e9) == "1500000000"
