"""Programs for numexpr: what they print, when they run, and that they are numpy to the bit."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiler.film_texts import film_of

from anim_compiler import fused
from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.functions.registry import Array
from anim_compiler.typed import Apply, Clock, Const, Typed
from anim_dsl.source import Span

HERE = Span(0, 0)
CLOCK = FilmClock(240, Fraction(24), Fraction(24), Fraction(10), 0)
HEAD = 'size = 64x64; fps = 24; length = 10s; prompt { 0s: "a" }\n'
_TWO = ("add", "sub", "mul", "div", "lt", "le", "gt", "ge", "eq", "ne", "min", "max", "and", "or", "mod")
_ONE = ("neg", "abs", "not", "sin", "floor")
#: what a program may hold: generated names, the numbers 0.0 and 1.0, signs, and one function
_ALLOWED = re.compile(r"(?:a\d+|where|0\.0|1\.0|[-+*(),<>&|~]|[<>=!]=)+")


def _column(expr: Typed, least: int, monkeypatch: pytest.MonkeyPatch) -> Array:
    with monkeypatch.context() as patched:
        patched.setattr(fused, "LEAST_FRAMES", least)
        patched.setattr(fused, "LEAST_CHOICES", 0)
        return Evaluator(CLOCK).column(expr)


_leaves: st.SearchStrategy[Typed] = st.one_of(
    st.sampled_from([Clock("t", HERE), Clock("u", HERE), Clock("max_f", HERE)]),
    st.builds(lambda value: Const(value, HERE), st.floats(-100, 100)),
)


def _inner(inside: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    return st.one_of(
        st.builds(lambda f, a, b: Apply(f, (a, b), HERE), st.sampled_from(_TWO), inside, inside),
        st.builds(lambda f, a: Apply(f, (a,), HERE), st.sampled_from(_ONE), inside),
        st.builds(
            lambda f, a, b, c: Apply(f, (a, b, c), HERE),
            st.sampled_from(["select", "where", "mix", "clamp"]),
            inside,
            inside,
            inside,
        ),
    )


EXPRESSIONS = st.recursive(_leaves, _inner, max_leaves=30)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_a_program_is_numpy_to_the_bit(expr: Typed) -> None:
    with pytest.MonkeyPatch.context() as patched:
        fast = _column(expr, 0, patched)
        assert np.array_equal(fast, _column(expr, sys.maxsize, patched), equal_nan=True)


@settings(max_examples=150, deadline=None)
@given(EXPRESSIONS)
def test_only_generated_text_reaches_numexpr(expr: Typed) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fused, "LEAST_CHOICES", 0)
        made = fused.program(expr, lambda _: False) if isinstance(expr, Apply) else None
    if made is not None:
        assert _ALLOWED.fullmatch(made.text), made.text
        assert set(re.findall(r"a\d+", made.text)) == {f"a{i}" for i in range(len(made.leaves))}
        assert len(made.leaves) <= 2 * fused.MOST_OPS + 1


def _steps(count: int, value: float = 0.5) -> Typed:
    """A stair of so many choices."""
    expr: Typed = Clock("u", HERE)
    for i in range(count):
        test = Apply("lt", (Clock("t", HERE), Const(100.0 - i, HERE)), HERE)
        expr = Apply("select", (test, Const(value + i, HERE), expr), HERE)
    return expr


def test_nothing_of_a_film_gets_into_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    plain = fused._compiled

    def noted(text: str, variables: int) -> Callable[..., Any]:
        printed.append(text)
        return plain(text, variables)

    monkeypatch.setattr(fused, "_compiled", noted)
    monkeypatch.setattr(fused, "LEAST_FRAMES", 0)
    film = film_of(
        HEAD
        + "let __import__ = (1 if t < 5 else 2 if t < 7.25 else u) + 3\n"
        + "let os_system = where(__import__ > 2 and not u > 0.5, 7, 8 if t == 3 or t > 9 else 9)\n"
    )
    evaluator = Evaluator(CLOCK)
    for curve in film.lets.values():
        evaluator.column(curve.expr)
    assert len(printed) >= 2
    assert all(_ALLOWED.fullmatch(text) for text in printed)


def test_what_is_the_same_but_for_its_numbers_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "LEAST_FRAMES", 0)
    fused.forget()
    for i in range(20):
        Evaluator(CLOCK).column(_steps(3, float(i)))
    assert fused._compiled.cache_info().misses == 1


def test_the_rule_counts_frames_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def noted(self: fused.Program, _: object) -> float:
        ran.append(self.text)
        return 0.0

    monkeypatch.setattr(fused.Program, "run", noted)
    monkeypatch.setattr(fused, "LEAST_FRAMES", 240)
    Evaluator(FilmClock(239, Fraction(24), Fraction(24), Fraction(10), 0)).column(_steps(5))
    Evaluator(CLOCK).column(_steps(1))
    Evaluator(CLOCK).column(Apply("add", (Clock("t", HERE), Apply("neg", (Clock("u", HERE),), HERE)), HERE))
    assert ran == []
    Evaluator(CLOCK).column(_steps(2))
    assert ran == ["where((a0<a1),a2,where((a3<a4),a5,a6))"]


def test_a_long_stair_neither_ends_the_stack_nor_numexpr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "LEAST_FRAMES", 0)
    monkeypatch.setattr(fused, "LEAST_CHOICES", 0)
    expr: Typed = Clock("t", HERE)
    for _ in range(5_000):
        expr = Apply("add", (expr, Const(1.0, HERE)), HERE)
    assert np.array_equal(Evaluator(CLOCK).column(expr), np.arange(240.0) + 5_000)
    wanted = _column(_steps(40), sys.maxsize, monkeypatch)
    assert np.array_equal(Evaluator(CLOCK).column(_steps(40)), wanted)


def test_the_culprit_is_found_inside_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "LEAST_FRAMES", 0)
    film = film_of(HEAD + "let probe = 2 if t < 3 else 1 + 1 / (t - 4) if t < 9 else 3\n")
    culprit = Evaluator(CLOCK).culprit(film.lets["probe"].expr)
    assert culprit is not None
    assert film.source.slice(culprit.expr.span) == "1 / (t - 4)"
    assert culprit.frame == 4
    assert [value for _, value in culprit.inputs] == [1.0, 0.0]


def test_numexpr_is_loaded_where_a_program_runs_only() -> None:
    asked = "import sys, anim_compiler.curves; sys.exit('numexpr' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
