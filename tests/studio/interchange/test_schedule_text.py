"""Deforum's schedules written as values of films: the same numbers at every frame, keys as written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from anim_dsl.schedule import evaluate
from anim_studio.interchange.schedule_proof import film_values, says
from anim_studio.interchange.schedule_text import Translated, schedule_text, words_text

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.mark.parametrize(
    ("schedule", "written"),
    [
        ("0:(1.0), 30:(1.2+0.1*sin(t/5)), 60:(1.0)", "0: 1.0, 30: 1.2+0.1*sin(t/5), 60: 1.0"),
        ("0: (0.65)", "0.65"),
        ("0:(.5), 4:(-.5), 8:(+1.5)", "0: 0.5, 4: -0.5, 8: 1.5"),
        ("10:(5), 0:(1), 0:(2), -3:(1)", "0: 2, 10: 5"),
        ("0:(0), 200:(3)", "0"),
        ("0:(1e-3), 10:(1)", "0: 1e-3 hold, 10: 1"),
        ("0:(max_f/2), 20:(3)", "0: max_f/2 hold, 20: 3"),
        ('0:(0), "max_f/2":(10), "max_f":(0)', '0: 0, "max_f/2": 10, "max_f": 0'),
        ("0:(s), 5:(1)", "0: 42 hold, 5: 1"),
        ("0: 0: (t)", "0"),
        ("0:((t<5)&(t>2)), 20:(t//3), 30:(t&3)", "0: t < 5 and t > 2, 20: floor(t / 3), 30: t % 4"),
        ("0:((t<5)+(t>3))", "t < 5 or t > 3"),
        ("0:(t%10+1)", "t % 10+1"),
        ("0:(5.), 10:(0x10)", "0: 5.0 hold, 10: 16"),
        ("0:('1.5'), 4:(\"2.5\")", "0: 1.5, 4: 2.5"),
    ],
)
def test_how_it_is_written(schedule: str, written: str) -> None:
    found = schedule_text(schedule, frames=100, seed=42)
    assert found.text == written
    assert not [each for each in found.diagnostics if each.severity.value == "error"]


@pytest.mark.parametrize("schedule", ["0:(t|1)", "0:(sqrt(t-4)), 50:(1)", "0:(round(t/2))", "0:(2**-t)"])
def test_what_has_no_words_stays_in_quotes_or_is_baked(schedule: str) -> None:
    found = schedule_text(schedule, frames=60, seed=1)
    assert (found.text, found.form) == (f'"{schedule}"', "quoted")
    baked = schedule_text(schedule, frames=60, seed=1, may_quote=False)
    assert baked.form == "baked"
    assert says(baked.text, found.values)


@pytest.mark.parametrize(
    ("schedule", "code"), [("5:(1)", "E1066"), ("0:(5b)", "E1063"), ("0:(1),", "E1061"), ("0:(pi)", "E1064")]
)
def test_what_crashes_there_is_told(schedule: str, code: str) -> None:
    found = schedule_text(schedule, frames=10, seed=0)
    assert found.text == ""
    assert [each.code for each in found.diagnostics] == [code]


def test_what_does_nothing_is_remarked() -> None:
    remarks = schedule_text("0:(1), 0:(2), 500:(3)", frames=10, seed=0, name="zoom").remarks
    assert [remark.fate.value for remark in remarks] == ["ignored upstream"] * 2
    assert {remark.what for remark in remarks} == {"zoom"}


def test_s_stays_in_a_seed_and_another_max_f_is_put_in() -> None:
    kept = schedule_text("0:(s), 4:(s+1)", frames=8, seed=7, keep_seed=True)
    assert kept.text == "0: s hold, 4: s+1"
    assert schedule_text("0:(max_f), 4:(1)", frames=8, seed=7, max_f=99).text == "0: 99 hold, 4: 1"


def test_texts_hold_until_the_next_key() -> None:
    found = words_text('0: ("Euler a"), 3: ("DDIM"), 4: ("DDIM")', frames=6, seed=0)
    assert found.text == '0: "Euler a", 3: "DDIM"'
    assert words_text('0: ("a{b}")', frames=2, seed=0).text == r'"a\{b\}"'
    assert words_text('2: ("DDIM")', frames=4, seed=0).text == ""


# --- against what was measured upstream ----------------------------------------------------------


def _vectors() -> list[Any]:
    path = DATA / "deforum_vectors.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [v for v in found if not {"--prompts", "--interp-prompts", "--interp"} & set(v["args"])]


def _said(found: Translated, wanted: list[float], seed: int) -> None:
    """Upstream's values are those of the film too; of a long curve upstream's first ones were kept."""
    assert found.values[: len(wanted)] == pytest.approx(wanted, abs=1e-6)
    if found.form != "quoted":  # Deforum's own rules, which tests/compiler/test_schedules.py holds
        values = film_values(found.text, frames=len(found.values), seed=seed)
        assert values is not None
        assert values[: len(wanted)].tolist() == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("vector", _vectors(), ids=lambda vector: vector["id"])
def test_measured_vectors(vector: Any) -> None:
    arguments = vector["args"]
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 0
    is_text = "--string" in arguments
    found = (words_text if is_text else schedule_text)(arguments[0], frames=int(arguments[1]), seed=seed)
    if "values" not in vector:
        assert (found.text, len(found.diagnostics)) == ("", 1)
    elif is_text:
        assert list(found.words) == vector["values"]
    else:
        _said(found, vector["values"], seed)


@pytest.mark.parametrize("path", sorted((DATA / "expected").glob("*.json")), ids=lambda path: path.stem)
def test_every_curve_of_a_published_file(path: Path) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))
    written = json.loads((DATA / "real" / f"{path.stem}.txt").read_text(encoding="utf-8"))
    frames, seed = expected["frames"], expected["seed"]
    quoted_ones = []
    for name, curve in expected["curves"].items():
        wanted = [curve["constant"]] * frames if isinstance(curve, dict) else curve
        if isinstance(wanted[0], str):
            words = words_text(written[name], frames=frames, seed=seed).words
            assert list(words)[: len(wanted)] == wanted
            continue
        found = schedule_text(written[name], frames=frames, seed=seed, name=name)
        _said(found, wanted, seed)
        quoted_ones += [name] if found.form != "value" and found.form != "keys" else []
    assert not quoted_ones


# --- any schedule ------------------------------------------------------------------------------

_numbers = st.sampled_from(["1", "2", "3", "10", "0.5", "2.25", ".25", "5.", "1e-3", "t", "t", "max_f", "s"])
_signs = st.sampled_from(["+", "-", "*", "/", "%", "//", "**"])
_compared = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_formulas = st.recursive(
    _numbers,
    lambda inner: st.one_of(
        st.builds("{}{}{}".format, inner, _signs, inner),
        st.builds("({} {} {})".format, inner, _signs, inner),
        st.builds("(({}){}({}))".format, inner, _compared, inner),
        st.builds("(({}<{}){}({}>{}))".format, inner, inner, st.sampled_from("&|^+*"), inner, inner),
        st.builds("-{}".format, _numbers),
        st.builds("~({}<{})".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(["sin", "arctan", "abs", "floor", "sqrt", "log2"]), inner),
    ),
    max_leaves=6,
)
_times = st.one_of(
    st.integers(-3, 30).map(str), st.sampled_from(['"max_f"', '"max_f/2"', '"max_f-5"', "s", "'7*2'"])
)
_keys = st.builds("{}: ({})".format, _times, st.one_of(_formulas, st.sampled_from(["-.5", "7", '"3"'])))


@settings(max_examples=250, deadline=None)
@given(st.lists(_keys, max_size=4), _formulas, st.integers(1, 24), st.sampled_from([0, 3]))
def test_any_schedule_says_the_same(keys: list[str], first: str, frames: int, seed: int) -> None:
    schedule = ", ".join([*keys, f"0: ({first})"])
    wanted, _ = evaluate(schedule, frames=frames, seed=seed)
    found = schedule_text(schedule, frames=frames, seed=seed, may_quote=False)
    assume(wanted is not None or found.text)
    assert wanted is not None
    assert found.values == wanted
    if max(map(abs, wanted)) < 1e12:
        assert says(found.text, wanted, seed=seed)
