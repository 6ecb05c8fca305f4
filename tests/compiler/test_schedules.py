"""Deforum's schedules as columns, against the reader that computes them frame by frame."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anim_compiler import schedules
from anim_compiler.clock import FilmClock
from anim_compiler.formulas import NotColumnarError, formula_column
from anim_compiler.schedules import schedule_column, schedule_values
from anim_dsl.schedule import evaluate
from anim_dsl.schedule_formula import FormulaError, compile_formula

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def _measured() -> list[Any]:
    found = []
    for path in sorted((DATA / "expected").glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        texts = json.loads((DATA / "real" / f"{path.stem}.txt").read_text(encoding="utf-8"))
        for name, curve in expected["curves"].items():
            values = [curve["constant"]] * expected["frames"] if isinstance(curve, dict) else curve
            if not isinstance(values[0], str):
                found.append(
                    (f"{path.stem}-{name}", texts[name], expected["frames"], expected["seed"], values)
                )
    return found


@pytest.mark.parametrize("curve", _measured(), ids=lambda curve: curve[0])
def test_real_curves_are_those_measured_upstream(curve: Any) -> None:
    _, text, frames, seed, wanted = curve
    found = schedule_values(text, frames, seed)
    assert found[: len(wanted)].tolist() == pytest.approx(wanted, abs=1e-6)
    values, _ = evaluate(text, frames=frames, seed=seed)
    assert values is not None
    assert found.tolist() == pytest.approx(values, rel=1e-13, abs=1e-13)


TEXTS = (
    "0:(1)",
    "0:(0), 20:(100)",
    "0:(0), 5:(10), 30:(-1)",
    "5:(3), 0:(1)",
    "0:(1), 0:(2)",
    "0:(t)",
    "0:(1), 10:(t), 15:(0)",
    "0:(t), 10:(5), 20:(t**2)",
    "0: 0: (t)",
    '0:(1), "max_f/2":(2), "max_f":(3)',
    "0:(s), 3:(max_f-s)",
    "0:(sin(t/7)*3+cos(t*0.1)**2)",
    "0:(t%7), 20:(-t%3)",
    "0:((t<5)*2+(t>=5)*0.5)",
    "0:((t>3)&(t<9))",
    "0:(t//3)",
    "0:(~t)",
    "0:(2**t)",
    "0:(t**0.5)",
    "0:(t**-1), 1:(0)",
    "0:(abs(t-12)+floor(t/5)+ceil(t/4))",
    "0:(exp(t))",
    "0:(sqrt(t-4)), 10:(1)",
    "0:(t<<2)",
    "0:(t*t*t*t*t*t*t*t*t*t*t*t*t*t*t*t)",
    "0:(1e-3*t)",
    "0:(sign(t-5))",
    "0:(-5), 2:(+3), -4:(7)",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("frames", [1, 2, 11, 40])
def test_columns_are_what_frames_are_one_by_one(text: str, frames: int) -> None:
    values, findings = evaluate(text, frames=frames, seed=5)
    if values is None:
        with pytest.raises(ValueError) as raised:
            schedule_values(text, frames, 5)
        assert str(raised.value) in [finding.message for finding in findings]
        return
    assert schedule_values(text, frames, 5).tolist() == pytest.approx(values, rel=1e-13, abs=1e-13)


_numbers = st.sampled_from(["1", "2", "3", "7", "0.5", "2.25", ".25", "t", "t", "t", "max_f", "s"])
_formulas = st.recursive(
    _numbers,
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from(["+", "-", "*", "/", "%"]), inner),
        st.builds("(({}){}({}))".format, inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner),
        st.builds("-{}".format, _numbers),
        st.builds("{}**{}".format, _numbers, st.sampled_from(["2", "3", "0.5", "-1", "2.0"])),
        st.builds("{}({}+0.0)".format, st.sampled_from(["sin", "cos", "abs", "floor", "tanh"]), inner),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(_formulas, st.integers(0, 30), st.integers(1, 40))
def test_formulas_over_many_frames_are_those_of_each(text: str, begin: int, count: int) -> None:
    # a tanh near 1 is 1 to one library and the number before it to another, and `floor` shows which
    assume(not ("floor" in text and "tanh" in text))
    names = {"max_f": 119, "s": 42}
    try:
        formula = compile_formula(text)
        found = formula_column(formula, names, begin, begin + count)
        wanted = [formula(names | {"t": frame}) for frame in range(begin, begin + count)]
    except (NotColumnarError, FormulaError):
        return
    if np.isfinite(found).all():
        # of a huge quotient the remainder is what is left of its last digits
        near = 1e-9 if "%" in text or "floor" in text else 1e-12
        assert found == pytest.approx(np.array(wanted), rel=near, abs=near), text


def test_a_schedule_is_read_once_for_all_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedules, "evaluate", lambda *_, **__: pytest.fail("it was computed frame by frame"))
    found = schedule_values("0:(1.0025+0.002*sin(1.25*3.14*t/30)), 50:(0.02*(t%48)**2)", 100_000, 0)
    assert found.shape == (100_000,)


def test_at_another_rate_frames_are_those_that_the_film_is_written_in() -> None:
    clock = FilmClock(20, Fraction(10), Fraction(10), Fraction(2), 3)
    twice = FilmClock(40, Fraction(20), Fraction(10), Fraction(2), 3)
    text = "0:(0), 10:(10), 19:(t+s)"
    assert schedule_column(text, twice)[::2] == pytest.approx(schedule_column(text, clock))
    assert schedule_column(text, twice)[3] == pytest.approx(1.5)
    assert schedule_column(text, clock)[19] == 22


def test_what_cannot_be_read_is_told_by_its_error_not_by_a_warning() -> None:
    with pytest.raises(ValueError, match="infinite at frame 3"):
        schedule_values("0:(1/(t-3)), 200:(1)", 10, 0)
