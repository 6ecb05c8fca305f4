"""Nothing of the language is untested or undocumented: the tables are counted against the suite.

A thing counts as tested if a section without errors, checked or compiled, makes use of it, or if a section
expects the diagnostic that says that this version does not run it yet.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from tests.occurrences import Uses, uses
from tests.sections import SECTIONS

import anim_compiler
import anim_dsl
import anim_runtime
import anim_studio
from anim_compiler.names import CLOCKS, CONSTANTS, SPECIAL_FUNCTIONS, SWITCHES
from anim_compiler.signatures import EASINGS, FEATURES, SIGNATURES
from anim_dsl.settings import ALIASES, SETTINGS
from anim_dsl.units import FOREIGN, SPELLINGS
from anim_dsl.words import WORDS

TESTS = Path(__file__).parent
PACKAGES = (anim_dsl, anim_compiler, anim_runtime, anim_studio)
Name = TypeVar("Name", str, tuple[str, str])
CODE = re.compile(r"\"([EW]\d{4})\"")

#: codes that no film text in the suite can bring about, and the test that does
ELSEWHERE = {
    **dict.fromkeys(
        ("E1060", "E1061", "E1062", "E1063", "E1065", "E1067", "E1069"),
        ("dsl/test_schedule.py", "a schedule read alone; in a film it is E5003"),
    ),
    **dict.fromkeys(("E1070", "E1071", "E1072", "E1073"), ("hostile/cases.py", "more than fits a section")),
    **dict.fromkeys(("E1001", "E1002"), ("dsl/test_gate.py", "the file's first line, or its size")),
    **dict.fromkeys(("E1003", "E1005"), ("dsl/test_gate.py", "characters that a text file should not hold")),
    **dict.fromkeys(("E4004", "E4005"), ("compiler/test_world.py", "bytes, not text")),
    "E4007": ("hostile/cases.py", "a picture too large to lie beside every film"),
    "E4010": ("compiler/test_models.py", "broken files of weights"),
    **dict.fromkeys(
        ("E2162", "W6172", "W6174", "W6175"),
        ("compiler/test_fitting.py", "models of which something is known"),
    ),
    **dict.fromkeys(("W6180", "W6181"), ("compiler/models/test_lock.py", "a lock beside the film")),
    **dict.fromkeys(("E1090", "E1091"), ("studio/interchange/parseq/test_broken.py", "files of Parseq")),
    "E1092": ("studio/interchange/test_deforum.py", "settings of Deforum"),
    "E1095": ("studio/interchange/test_fizznodes.py", "schedules of FizzNodes"),
    "E5055": ("studio/test_stats.py", "what only a rendered frame shows"),
    "E2032": ("hostile/cases.py", "more files than fit a section"),
    **dict.fromkeys(
        ("E2124", "E2125", "W6157"),
        ("compiler/test_song_lengths.py", "files of their own, or a song that was heard"),
    ),
}

#: how the syntax tree spells operators
OPERATORS = frozenset(
    {"+", "-", "*", "/", "%", "**", "and", "or", "<", "<=", ">", ">=", "==", "!=", "if", "per"}
    | {"unary -", "unary +", "unary not", "=", "+=", "*="}
)


@cache
def occurring() -> Uses:
    """What sections without errors make use of, all together."""
    whole = Uses()
    for section in SECTIONS:
        if section.kind == "parse" or any(e.line.startswith("# error") for e in section.expected):
            continue
        found = uses(section.text)
        for name in Uses.__slots__:
            getattr(whole, name).update(getattr(found, name))
    return whole


def lacking(wanted: Set[Name], *found: Set[Name]) -> list[Name]:
    """Which of the wanted names occur in none of the sets, in order."""
    return sorted(name for name in wanted if not any(name in names for names in found))


def test_every_statement_is_tested() -> None:
    assert lacking({*WORDS, "let", "def"}, occurring().words) == []


def test_every_setting_is_tested() -> None:
    assert lacking(set(SETTINGS), occurring().settings) == []


def test_every_alias_is_tested() -> None:
    assert lacking(set(ALIASES), occurring().settings) == []


def test_every_function_is_tested() -> None:
    assert lacking({*SIGNATURES, *SPECIAL_FUNCTIONS}, occurring().calls) == []


def test_every_feature_is_tested() -> None:
    called = {name for name, feature in FEATURES.items() if feature.takes}
    assert lacking(called, occurring().calls) == []
    assert lacking(set(FEATURES) - called, occurring().names) == []


def test_every_built_in_name_is_tested() -> None:
    assert lacking({*CLOCKS, *CONSTANTS, *SWITCHES}, occurring().names) == []


def test_every_easing_is_tested() -> None:
    assert lacking(set(EASINGS), occurring().easings) == []


def test_every_unit_spelling_is_tested() -> None:
    assert lacking(set(SPELLINGS), occurring().units) == []


def test_every_foreign_unit_is_told_its_spelling() -> None:
    lines = [e.line for section in SECTIONS for e in section.expected if e.code in ("E1012", "E1011")]
    told = {name for line in lines for name in re.findall(r"`([^`]+)` is not a unit", line)}
    assert lacking(set(FOREIGN), told) == []


def test_every_operator_is_tested() -> None:
    assert lacking(OPERATORS, occurring().operators) == []


@cache
def emitted() -> frozenset[str]:
    """Every code that stands in the sources."""
    files = [path for package in PACKAGES for path in Path(str(package.__file__)).parent.rglob("*.py")]
    return frozenset(code for path in files for code in CODE.findall(path.read_text(encoding="utf-8")))


def test_every_code_is_tested() -> None:
    expected = {e.code for section in SECTIONS for e in section.expected}
    assert lacking(emitted(), expected, set(ELSEWHERE)) == []


@pytest.mark.parametrize("code", ELSEWHERE)
def test_codes_of_other_tests_are_in_those_tests(code: str) -> None:
    path, _ = ELSEWHERE[code]
    assert code in (TESTS / path).read_text(encoding="utf-8")


def test_no_code_is_excused_in_vain() -> None:
    expected = {e.code for section in SECTIONS for e in section.expected}
    assert sorted(set(ELSEWHERE) & expected) == []
    assert sorted(set(ELSEWHERE) - emitted()) == []


def test_every_statement_setting_and_function_says_what_it_is_for() -> None:
    helps = {name: word.help for name, word in WORDS.items()}
    helps |= {f"{block}.{name}": setting.help for (block, name), setting in SETTINGS.items()}
    helps |= {name: function.help for name, function in SIGNATURES.items()}
    helps |= {name: feature.help for name, feature in FEATURES.items()}
    assert [name for name, help in helps.items() if not help] == []
