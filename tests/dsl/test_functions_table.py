"""The one table of functions: it is whole, it agrees with what is computed, and its examples are films."""

from __future__ import annotations

from inspect import CO_VARARGS
from pathlib import Path

import numpy as np
import pytest
from tests.staging import stage

from anim_compiler import functions as implementations
from anim_compiler import names, signatures
from anim_compiler.check import check
from anim_compiler.functions.easings import ease
from anim_compiler.world import World
from anim_dsl import easings
from anim_dsl.functions import (
    CLOCKS,
    CONSTANTS,
    EASINGS,
    FEATURES,
    FUNCTIONS,
    GROUPS,
    OPERATORS,
    SWITCHES,
)
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.explain.plots import columns, easing_plot


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("table")
    stage(folder)
    return folder


def said(text: str, folder: Path) -> list[tuple[str, str]]:
    """What is wrong with an expression in a film that has a song."""
    head = 'length = 2s\naudio song = "song.ogg"\nprompt { 0s: "a" }\n'
    document, found = parse(Source("film.anim", f"{head}let example = {text}\n"))
    _, more = check(document, World.open(folder / "film.anim", cache=folder / "cache"))
    return [(d.code, d.message) for d in (*found, *more) if d.code != "W6001"]


# --- the table and the implementations ---


def test_every_function_is_computed_under_its_name_and_nothing_else_is() -> None:
    computed = {name for name, spec in FUNCTIONS.items() if not spec.special}
    assert set(implementations.FUNCTIONS) == computed | signatures.OPERATORS


@pytest.mark.parametrize("name", [name for name, spec in FUNCTIONS.items() if not spec.special])
def test_an_implementation_has_the_parameters_of_the_table(name: str) -> None:
    code = implementations.FUNCTIONS[name].__code__
    spec = FUNCTIONS[name]
    taken = list(code.co_varnames[1 : code.co_argcount])
    wanted = [parameter.name for parameter in spec.parameters] + ["axis"] * spec.grid
    if not code.co_flags & CO_VARARGS:
        assert taken == wanted
        return
    # numpy's own functions are called with columns in order: as many as the table has, and no less
    line = implementations.Timeline(np.arange(4) / 12, 1 / 12)
    given = [np.full(4, 0.5)] * len(wanted)
    assert implementations.FUNCTIONS[name](line, *given).shape == (4,)
    if not spec.many:
        with pytest.raises((TypeError, ValueError)):
            implementations.FUNCTIONS[name](line, *given[1:])


def test_every_easing_is_computed() -> None:
    place = np.linspace(0.0, 1.0, 9)
    for name, spec in EASINGS.items():
        values = ease(name, spec.arguments, place)
        assert values[0] == pytest.approx(0.0, abs=1e-9), name
        assert values[-1] == pytest.approx(1.0, abs=1e-9), name


def test_the_checkers_names_are_the_tables() -> None:
    assert set(names.CLOCKS) == set(CLOCKS)
    assert {name for name, spec in CLOCKS.items() if spec.live} == set(names.LIVE_CLOCKS)
    assert {name: spec.value for name, spec in CONSTANTS.items()} == dict(names.CONSTANTS)
    assert dict(SWITCHES) == dict(names.SWITCHES)
    assert set(signatures.SPECIAL) == set(names.SPECIAL_FUNCTIONS)
    assert set(signatures.SIGNATURES) | set(signatures.SPECIAL) == set(FUNCTIONS)


def test_easings_fall_into_three_kinds() -> None:
    assert easings.EASINGS == easings.PLAIN_EASINGS | easings.CALLED_EASINGS | easings.WHOLE_EASINGS
    assert {"bezier", "spring", "steps"} == easings.CALLED_EASINGS
    assert {"smooth"} == easings.WHOLE_EASINGS
    assert {"ease_in", "bounce_in_out", "linear", "hold"} <= easings.PLAIN_EASINGS
    assert signatures.EASINGS["spring"] == (0, 2)
    assert signatures.EASINGS["bezier"] == (4, 4)


# --- what it says to people ---


def test_every_sentence_is_one() -> None:
    rows = [*FUNCTIONS.values(), *FEATURES.values(), *EASINGS.values(), *CLOCKS.values()]
    rows += [*CONSTANTS.values(), *OPERATORS.values()]
    rows += [parameter for spec in FUNCTIONS.values() for parameter in spec.parameters]
    for row in rows:
        assert row.help, row
        assert not row.help.endswith("."), row
        assert row.help == row.help.strip()


def test_every_function_is_in_a_group() -> None:
    assert {spec.group for spec in FUNCTIONS.values()} == set(GROUPS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_examples_call_it_and_are_right(name: str, staged: Path) -> None:
    spec = FUNCTIONS[name]
    assert spec.examples
    assert name in spec.plot[-1]
    for text in spec.examples:
        assert f"{name}(" in text
        assert said(text, staged) == []


@pytest.mark.parametrize("name", FEATURES)
def test_a_features_examples_read_it(name: str, staged: Path) -> None:
    spec = FEATURES[name]
    for text in spec.examples:
        assert name in text
        assert said(text, staged) == []


@pytest.mark.parametrize("name", [*CLOCKS, *CONSTANTS, *OPERATORS])
def test_other_examples_are_right(name: str, staged: Path) -> None:
    row = CLOCKS.get(name) or CONSTANTS.get(name) or OPERATORS[name]
    for text in row.examples:
        assert said(text, staged) == []


def test_results_are_within_the_range_of_the_table() -> None:
    shown = {name: spec.plot[-1] for name, spec in FUNCTIONS.items() if spec.low is not None}
    for (name, _), values in zip(shown.items(), columns(list(shown.values())), strict=True):
        low, high = FUNCTIONS[name].low, FUNCTIONS[name].high
        assert low is not None
        assert high is not None
        assert low - 1e-9 <= min(values), name
        assert max(values) <= high + 1e-9, name


def test_every_plot_shows_something_that_moves() -> None:
    plots = [spec.plot[-1] for spec in FUNCTIONS.values()]
    plots += [easing_plot(spec.example, whole=spec.whole)[0] for spec in EASINGS.values()]
    for text, values in zip(plots, columns(plots), strict=True):
        assert max(values) > min(values), text


def test_a_plot_of_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="smoth"):
        columns(["smoth(t)"])
