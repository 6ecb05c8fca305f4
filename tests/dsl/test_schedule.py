"""Deforum's schedules against curves computed upstream, and its formulas against numexpr."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numexpr
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anim_dsl.schedule import evaluate, evaluate_text
from anim_dsl.schedule_formula import FormulaError, compile_formula

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
# Prompts are read elsewhere, and no caller of upstream ever passes another interpolation than linear.
_OTHER = ("--prompts", "--interp-prompts", "--interp")


def _vectors() -> list[Any]:
    path = DATA / "deforum_vectors.json"
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    return [vector for vector in found if not set(_OTHER) & set(vector["args"])]


def _curves() -> list[Any]:
    found = []
    for path in sorted((DATA / "expected").glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        settings_file = json.loads((DATA / "real" / f"{path.stem}.txt").read_text(encoding="utf-8"))
        for name, curve in expected["curves"].items():
            values = [curve["constant"]] * expected["frames"] if isinstance(curve, dict) else curve
            found.append((path.stem, name, settings_file[name], expected["frames"], expected["seed"], values))
    return found


@pytest.mark.skipif(not DATA.exists(), reason="the measured curves are not here")
def test_measured_curves_are_there() -> None:
    assert len(_vectors()) >= 30
    assert len(_curves()) >= 390


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["id"])
def test_vector(vector: Any) -> None:
    arguments = vector["args"]
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 0
    is_text = "--string" in arguments
    values, diagnostics = (evaluate_text if is_text else evaluate)(
        arguments[0], frames=int(arguments[1]), seed=seed
    )
    if "values" not in vector:
        assert values is None
        assert len(diagnostics) == 1
        assert diagnostics[0].hint
        return
    assert values is not None
    if is_text:
        assert list(values) == vector["values"]
    else:
        assert values == pytest.approx(vector["values"], abs=1e-9)


@pytest.mark.parametrize("curve", _curves(), ids=lambda curve: f"{curve[0]}-{curve[1]}")
def test_real_curve(curve: Any) -> None:
    _, _, text, frames, seed, expected = curve
    if isinstance(expected[0], str):
        texts, _ = evaluate_text(text, frames=frames, seed=seed)
        assert texts is not None
        assert list(texts)[: len(expected)] == expected
    else:
        values, _ = evaluate(text, frames=frames, seed=seed)
        assert values is not None
        assert values[: len(expected)] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E1061"),
        ("0:(1),", "E1061"),
        ("0 (1)", "E1060"),
        ("0:(where(t<5, 1, 2))", "E1068"),
        ("2.5:(1)", "E1062"),
        ("5:(1)", "E1066"),
        ("0:(1+*2)", "E1063"),
        ("0:(1 5)", "E1063"),
        ("0:(foo)", "E1064"),
        ("0:(sin(pi))", "E1064"),
        ("0:(rand())", "E1065"),
        ("0:(1/0)", "E1067"),
        ("0:(t<5<9)", "E1067"),
        ("0:(5 & t)", "E1067"),
        ("0:(1 // t)", "E1067"),
        ("0:(2**64)", "E1067"),
        ("0:(1/t)", "E1069"),
        ("0:(sqrt(t-100))", "E1069"),
        ('0:(1), "foo":(2)', "E1064"),
    ],
)
def test_what_upstream_cannot_compute(text: str, code: str) -> None:
    values, diagnostics = evaluate(text, frames=10)
    assert values is None
    assert [diagnostic.code for diagnostic in diagnostics] == [code]
    assert diagnostics[0].hint or code == "E1067"


def test_keys_beyond_the_end_are_no_mistake_however_many_they_are() -> None:
    values, diagnostics = evaluate("0:(1), " + ", ".join(f"{at}:(2)" for at in range(4, 60)), frames=4)
    assert values == (1.0,) * 4
    assert {diagnostic.code for diagnostic in diagnostics} == {"W1061"}


@pytest.mark.parametrize(("text", "plain"), [("0:(−1)", "`-`"), ("“0”:(1)", '`"`'), ("0:(2×t)", "`*`")])
def test_signs_of_a_word_processor_are_told(text: str, plain: str) -> None:
    (error,) = evaluate(text, frames=4)[1]
    assert plain in error.hint


@pytest.mark.parametrize(
    ("text", "expected", "warnings"),
    [
        ("0:(0), 20:(100)", [0.0] * 4, ["W1061"]),
        ("0: 0: (t)", [0.0] * 4, ["W1060"]),
        ("0:(0), 2:(4), 2:(8)", [0.0, 4.0, 8.0, 8.0], []),
        ("0:(sqrt(t-2)), 3:(1)", [0.0, 0.0, 0.0, 1.0], []),
        ("0:(s), 1:(max_f)", [5.0, 3.0, 3.0, 3.0], []),
    ],
)
def test_rules(text: str, expected: list[float], warnings: list[str]) -> None:
    values, diagnostics = evaluate(text, frames=4, seed=5)
    assert values == tuple(expected)
    assert [diagnostic.code for diagnostic in diagnostics] == warnings


_numbers = st.sampled_from(["1", "2", "3", "7", "10", "0.5", "1.5", "2.25", ".25", "t", "t", "max_f", "s"])
_formulas = st.recursive(
    _numbers,
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from(["+", "-", "*", "/", "%"]), inner),
        st.builds("{}{}{}".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner),
        st.builds("(({}){}({}))".format, inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), inner),
        st.builds("-{}".format, _numbers),
        st.builds("{}**{}".format, _numbers, st.sampled_from(["2", "3", "0.5"])),
        # `+0.0`: of a bare comparison numexpr takes functions in half precision
        st.builds(
            "{}({}+0.0)".format, st.sampled_from(["sin", "cos", "abs", "floor", "ceil", "tanh", "exp"]), inner
        ),
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # measured: numexpr computes what holds no name with numpy, which has a remainder of two conditions
        ("(1<1)%(1<sin(1))", 0.0),
        ("(2>1)%(0<sin(1))", 0.0),
        ("(1<2)**(1<sin(1))", 1.0),
        ("(1<t)%(1<2)", None),
    ],
)
def test_remainders_of_conditions(text: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(FormulaError):
            compile_formula(text)({"t": 3})
    else:
        assert compile_formula(text)({"t": 3}) == value
        assert float(numexpr.evaluate(text, local_dict={}, global_dict={})) == value


@settings(max_examples=300, deadline=None)
@given(_formulas, st.integers(0, 120))
def test_formulas_equal_numexpr(text: str, frame: int) -> None:
    # of a huge number the last digit decides what is left, and `exp` may differ in that
    assume(not ("exp" in text and "%" in text))
    names = {"t": frame, "max_f": 119, "s": 42}
    try:
        expected = float(numexpr.evaluate(text, local_dict=names, global_dict={}))
    except Exception:  # numexpr has many ways to give up; where it does, nothing is compared
        return
    try:
        found = compile_formula(text)(names)
    except FormulaError as error:
        raise AssertionError(f"{text} at {frame}: {error}, numexpr gives {expected}") from error
    if math.isnan(expected):
        assert math.isnan(found), text
    else:
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6), text
