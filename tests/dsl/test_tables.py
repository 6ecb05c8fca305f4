"""The generated tables are those of the files that they were made from."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tools.grammar.tables import stale

from anim_dsl import automaton, machine
from anim_dsl.automaton import build, load
from anim_dsl.tree import BUILDERS
from anim_grammar import files
from anim_grammar.files import checksum, read, read_table, read_toml


def test_tables_are_fresh() -> None:
    assert stale() == [], "run `python -m tools.grammar`"


def test_every_rule_has_its_function() -> None:
    assert {method for _, method, _ in load().rules} - {"", "*"} == set(BUILDERS)


def test_a_changed_grammar_is_built_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = read("anim.lark") + "\n// changed\n"
    monkeypatch.setattr(automaton, "read", lambda name: changed)
    made = load()
    assert made.checksum == checksum(changed)
    assert list(made.shifts) == read_table("automaton")["shifts"]
    assert machine._Machine(made).starts == made.starts


def test_a_changed_toml_file_is_read_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        files, "read", lambda name: "[new]\nhelp = 1\n" if name == "words.toml" else read(name)
    )
    assert read_toml("words") == {"new": {"help": 1}}


def test_a_rule_that_the_tree_builder_cannot_follow_is_refused() -> None:
    grammar = "?statement: A B\nvalue: A\n%declare A B\n"
    with pytest.raises(ValueError, match="alias"):
        build(grammar)


def test_parsing_needs_neither_lark_nor_toml() -> None:
    code = (
        "import sys\nfrom anim_dsl.parse import parse\nfrom anim_dsl.source import Source\n"
        "document, found = parse(Source('film', 'size = 64x64\\nzoom = 0s: 1, 2s: 2 ease_in\\n'))\n"
        "assert len(document.statements) == 2 and not found\n"
        "print(sorted({'lark', 'numpy', 'pydantic', 'torch'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
