"""The words of every editor are those of the language's tables."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from tools.editors import files
from tools.editors.__main__ import main
from tools.editors.files import EDITORS, MADE, stale, wanted
from tools.editors.words import words

from anim_dsl.functions import EASINGS, FEATURES, FUNCTIONS
from anim_dsl.settings import SETTINGS
from anim_dsl.units import UNITS
from anim_dsl.words import WORDS


def test_the_files_are_fresh() -> None:
    assert stale() == [], "run `python -m tools.editors`"


def test_every_editor_knows_every_word() -> None:
    names = {*WORDS, *FUNCTIONS, *FEATURES, *EASINGS, *UNITS, *(name for _, name in SETTINGS)}
    assert names <= {word for field in fields(words()) for word in getattr(words(), field.name)}
    for path, text in wanted().items():
        known = set(re.findall(r"[a-z_][a-z0-9_]*", text))
        assert names <= known, f"{path.name} lacks {sorted(names - known)}"


@pytest.mark.parametrize("name", MADE)
def test_an_old_file_is_found_and_written_anew(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(files, "EDITORS", tmp_path)
    monkeypatch.setattr("sys.argv", ["tools.editors"])
    assert main() == 0
    assert stale() == []
    old = tmp_path / name
    text = old.read_text(encoding="utf-8")
    old.write_text(text.replace("translation_z", "translation_q"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["tools.editors", "--check"])
    capsys.readouterr()
    assert main() == 1
    assert capsys.readouterr().out == f"{old} is old: run `python -m tools.editors`\n"


def test_the_grammar_has_no_name_that_leads_nowhere() -> None:
    grammar = json.loads((EDITORS / "vscode/syntaxes/anim.tmLanguage.json").read_text(encoding="utf-8"))
    included = set(re.findall(r'"include": "#(\w+)"', json.dumps(grammar)))
    assert included == set(grammar["repository"])
