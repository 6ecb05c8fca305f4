"""Diagnostics as an editor is given them: places, kinds, what is beside them, and what mends them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from anim_studio.lsp.analysed import Analysed, analysed
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.diagnostics import diagnostics_of


def _only(made: Analysed, code: str) -> types.Diagnostic:
    (found,) = [each for each in diagnostics_of(made) if each.code == code]
    return found


def _text(made: Analysed, place: types.Range) -> str:
    span = made.positions.span(place)
    return made.text[span.start : span.end]


def test_what_is_not_used_is_greyed_out() -> None:
    found = _only(analysed('length = 1s\nprompt = "x"\nlet left = 1\n'), "W6001")
    assert found.severity is types.DiagnosticSeverity.Warning
    assert found.tags == [types.DiagnosticTag.Unnecessary]
    assert found.message == "`left` is not used\nhint: use it, or take it away"


def test_signs_that_cannot_be_seen_are_written_out() -> None:
    found = _only(analysed('length = 1s\nprompt = "x"\nimage a = "\u202egpj.exe"\ninit = a\n'), "E4002")
    assert found.message.startswith("there is no file `\\u{202e}gpj.exe`\nhint: ")


def test_a_second_place_is_beside_the_first() -> None:
    made = analysed('length = 1s\nprompt = "x {twice}"\nlet twice = 1\nlet twice = 2\n')
    (beside,) = _only(made, "E2007").related_information or ()
    assert beside.message == "first defined here"
    assert (beside.location.uri, beside.location.range.start.line) == (made.uri, 2)


def test_the_edit_that_mends_it_comes_with_it() -> None:
    made = analysed('length = 1s\nprompt = "🌧"; loop_ = on\n', desk=Desk(encoding="utf-8"))
    found = _only(made, "E2003")
    assert _text(made, found.range) == "loop_"
    assert found.data is not None
    assert found.data["edit"]["newText"] == "loop"
    # columns count bytes, as this client does
    assert found.data["edit"]["range"]["start"] == {"line": 1, "character": 17}


def test_what_is_wrong_in_an_import_stands_at_the_import(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "looks.anim").write_text("let glow = nothing\n")
    text = 'import "std:shake" as hand\nimport "inner/looks.anim"\nlength = 1s\nprompt = "{glow}"\n'
    made = analysed(text, tmp_path / "film.anim")
    found = _only(made, "E2001")
    assert _text(made, found.range) == '"inner/looks.anim"'
    assert found.message.startswith("in `inner/looks.anim`: nothing here is called `nothing`")
    (place,) = found.related_information or ()
    assert place.location.uri == (tmp_path / "inner" / "looks.anim").as_uri()
    assert place.location.range == types.Range(types.Position(0, 11), types.Position(0, 18))


@pytest.mark.parametrize(
    "text", ["", "\r\n", "size = \r\nlength = 1s", "camera 2d {\n", "\ufefflength = 1s\n"]
)
def test_every_place_can_be_seen(text: str) -> None:
    made = analysed(text)
    found = diagnostics_of(made)
    assert len(found) == len(made.diagnostics)
    assert not text.strip() or all(each.range.start != each.range.end for each in found)


def test_a_file_for_imports_need_be_no_film() -> None:
    assert not diagnostics_of(analysed("let glow = 1\ndef twice(x) = x * 2\n"))
