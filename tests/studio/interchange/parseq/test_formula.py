"""Parseq's formulas as they are read: one level for `* / % : ^`, everything to the right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anim_studio.interchange.parseq.evaluate import Moment, Setting, compiled
from anim_studio.interchange.parseq.formula import FormulaError, parse
from anim_studio.interchange.parseq.splines import Points

KEYS = Setting(20.0, 120.0, 3.0, 40, points=Points((0, 10, 40), (1.0, 4.0, -2.0)), slopes=(0.0, 0.0, 0.0))


def value(text: str, frame: int = 7) -> float | str:
    return compiled(parse(text))(Moment(KEYS, frame))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10-3-2", 9.0),
        ("8/4/2", 4.0),
        ("2*3^2", 18.0),
        ("2^3*2", 64.0),
        ("7%4*2", 7.0),
        ("-7%4", -3.0),
        ("1+2*3", 7.0),
        ("1 < 2 == 1", 0.0),
        ("3 > 2 and 0", 0.0),
        ("0 or 5 > 4", 1.0),
        ("1 && 2", 1.0),
        ("if (1>2) 3 else -4", -4.0),
        ("if (0) -5 else 6", 6.0),
        ("if 0 5", 0.0),
        ("1 + if 1 2 else 3", 3.0),
        ("if 0 1 else if 1 2 else 3", 2.0),
        ("10f", 10.0),
        ("2s", 40.0),
        ("4b", 40.0),
        ("true + false", 1.0),
        ("1 # a comment\n + 1", 2.0),
        ('"a" + 1.5', "a1.5"),
        ('"cat":0.5', "(cat:0.5)"),
        ('"n" + 0.00001', "n0.00001"),
        ('-"x"', "-x"),
        ("min(3, 2)", 2.0),
        ("max(b=1, a=4)", 4.0),
        ("round(2.345, 2)", 2.35),
        ("round(-2.5)", -2.0),
        ("floor(-1.2)", -2.0),
        ("_cos(0)", 1.0),
        ("_log2(8)", 3.0),
        ("_clz32(1)", 31.0),
        ("f2b(15)", 1.5),
        ("b2f(3)", 30.0),
        ("f", 7.0),
        ("k", 7.0),
        ("b", 0.7),
        ("wb", 0.0),
        ("s", 0.35),
        ("bpm + fps + cadence", 143.0),
        ("last_frame", 40.0),
        ("S", 1.0),
        ("L", 3.1),
        ("next_keyframe", 10.0),
        ("next_keyframe_value", 4.0),
        ("slide(from=0, to=10, in=14)", 5.0),
        ("start_of_beat(f=17)", 10.0),
        ("is_generation()", 0.0),
    ],
)
def test_a_formula_is_what_parseq_makes_of_it(text: str, wanted: float | str) -> None:
    found = value(text)
    assert found == (pytest.approx(wanted, abs=1e-12) if isinstance(wanted, float) else wanted)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("1 +", 3, "the formula ends where a value is expected"),
        ("sin(p=4b", 8, "the formula ends where `)` is expected"),
        ("2 3", 2, "`3` stands where an operator or the formula's end is expected"),
        ("5bars", 0, "have no `5`"),
        ("1 + 'x'", 4, "have no `'`"),
        ("sine(p=1)", 0, "no function `sine`"),
        ("q + 1", 0, "no `q` here"),
        ("sin(1, p=2)", 0, "by name and others by place"),
        ("sin(q=2)", 6, "no argument `q`"),
        ("sin()", 0, "needs its argument `period`"),
        ("sin(p=1, period=2)", 16, "has `period` twice"),
        ("abs(1, 2)", 0, "takes 1 arguments, and has 2"),
        ("1 / (f - 7)", 0, "divides by 0 at frame 7"),
        ("bez(x1=2)", 0, "control points outside of 0 to 1"),
        ('bez(c="easy")', 0, "no curve `easy`"),
        ("info_match(3)", 11, "put together"),
        ('info_match("(a+)+")', 11, "more than is read"),
        ("sin(p=0)", 0, "a period of 0"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, place: int, says: str) -> None:
    with pytest.raises(FormulaError) as caught:
        value(text)
    assert says in caught.value.message
    assert caught.value.span.start == place


_PIECES = st.sampled_from(
    [
        *"+-*/%^:(),=<>fLSCPk ",
        "sin(",
        "bez(",
        "if ",
        "else ",
        "1",
        "2.5b",
        '"a"',
        "p=",
        "and ",
        "rand(",
        "\n",
        "#",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_no_text_breaks_the_reader(text: str) -> None:
    place = 0
    try:
        found = compiled(parse(text))(Moment(KEYS, 3))
    except FormulaError as error:
        place, found = error.span.start, 0.0
    assert isinstance(found, float | str)
    assert 0 <= place <= len(text)


def test_a_formula_nested_without_end_is_refused() -> None:
    for text in ("(" * 5000 + "1" + ")" * 5000, "1+" * 5000 + "1", "-" + "if 1 " * 5000 + "1", "abs(" * 3000):
        with pytest.raises(FormulaError):
            parse(text)
