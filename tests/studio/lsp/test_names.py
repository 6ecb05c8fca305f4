"""Definitions, references and renames, by carets in texts: `‸` stands where the cursor is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from lsprotocol import types

from anim_studio.lsp.analysed import Analysed, analysed
from anim_studio.lsp.features.definition import definition
from anim_studio.lsp.features.references import highlights, references
from anim_studio.lsp.features.renaming import prepare, rename
from anim_studio.lsp.refused import RefusedError
from anim_studio.lsp.standard import standard_path

LIBRARY = """\
let swing = 2
def twice(x, by = 2) = x * by * swing
template move(amount = 1deg) { camera 2d { angle = amount * u } }
"""
FILM = """\
import "looks.anim" as looks
import "std:shake" as hand
length = 4s
let own = looks.swing * 0.1
def lift(x) = x + own
camera wide 2d { zoom = lift(x = own) }
camera = wide
audio song = "song.ogg"
layer title { text = "{own}"; opacity = 50% }
pipeline { moved = warp(previous, camera); frame = diffuse(moved) }
scene one 2s {
  let inner = own
  use looks.move(amount = 2deg)
  layer title { opacity = inner }
  coherence.blend = song.bass * looks.twice(inner, by = 1)
}
scene two 2s { let inner = 3; layer.title.opacity = inner / one.end; use hand.handheld(amount = 1deg) }
variant { own = [1, 2] }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "anim.toml").write_text("")
    (tmp_path / "looks.anim").write_text(LIBRARY)
    (tmp_path / "plain.anim").write_text('import "looks.anim"\nlet fast = swing * 2\n')
    return tmp_path


def _open(folder: Path, text: str = FILM, name: str = "film.anim") -> Analysed:
    path = folder / name
    path.write_text(text)
    return analysed(text, path)


def _at(made: Analysed, before: str, name: str) -> types.Position:
    """The first `name` behind `before`, one character into it."""
    return made.positions.position(made.text.index(name, made.text.index(before)) + 1)


def _spots(made: Analysed, locations: list[types.Location]) -> list[str]:
    """`film.anim:4` for each place."""
    return [f"{Path(each.uri).name}:{each.range.start.line + 1}" for each in locations]


def _document(made: Analysed) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(made.uri)


@pytest.mark.parametrize(
    ("before", "name", "where"),
    [
        ("own = looks", "swing", "looks.anim:1"),
        ("own = looks", "looks", "film.anim:1"),
        ("x + own", "own", "film.anim:4"),
        ("zoom = lift", "lift", "film.anim:5"),
        ("lift(x = own", "x", "film.anim:5"),
        ("camera = wide", "wide", "film.anim:6"),
        ('text = "{own}"', "own", "film.anim:4"),
        ("diffuse(moved", "moved", "film.anim:10"),
        ("opacity = inner }", "inner", "film.anim:12"),
        ("opacity = inner /", "inner", "film.anim:17"),
        ("one.end", "one", "film.anim:11"),
        ("song.bass", "song", "film.anim:8"),
        ("layer title { opacity = inner", "title", "film.anim:9"),
        ("layer.title", "title", "film.anim:9"),
        ("looks.twice", "twice", "looks.anim:2"),
        ("by = 1", "by", "looks.anim:2"),
        ("amount = 2deg", "amount", "looks.anim:3"),
        ("variant", "own", "film.anim:4"),
        ("looks.anim", "looks", "looks.anim:1"),
        ("hand.handheld", "handheld", "shake.anim:13"),
    ],
)
def test_where_a_name_is_defined(folder: Path, before: str, name: str, where: str) -> None:
    made = _open(folder)
    found = definition(made, types.DefinitionParams(_document(made), _at(made, before, name)))
    assert found is not None
    assert _spots(made, [found]) == [where]


@pytest.mark.parametrize(("before", "name"), [("zoom = lift", "zoom"), ("song.bass", "bass"), ("4s", "4s")])
def test_what_the_language_brings_is_defined_nowhere(folder: Path, before: str, name: str) -> None:
    made = _open(folder)
    assert definition(made, types.DefinitionParams(_document(made), _at(made, before, name))) is None


def test_a_definition_in_a_text_that_is_broken(folder: Path) -> None:
    made = _open(folder, "let glow = 1\ncamera 2d { zoom = glow * (\n")
    found = definition(made, types.DefinitionParams(_document(made), _at(made, "zoom", "glow")))
    assert found is not None
    assert _spots(made, [found]) == ["film.anim:1"]


def test_a_library_of_the_standard_is_a_file(folder: Path) -> None:
    path = standard_path("std:shake")
    assert path is not None
    assert path.is_file()
    assert standard_path("std:../../secret") is None


def _references(made: Analysed, before: str, name: str, *, declared: bool = True) -> list[str]:
    context = types.ReferenceContext(declared)
    params = types.ReferenceParams(context, _document(made), _at(made, before, name))
    return _spots(made, references(made, params) or [])


def test_references_in_all_films(folder: Path) -> None:
    made = _open(folder)
    everywhere = ["film.anim:4", "looks.anim:1", "looks.anim:2", "plain.anim:2"]
    assert _references(made, "own = looks", "swing") == everywhere
    assert _references(made, "own = looks", "swing", declared=False) == [
        each for each in everywhere if each != "looks.anim:1"
    ]
    assert _references(made, "let inner = own", "inner") == [f"film.anim:{line}" for line in (12, 14, 15)]
    lines = (4, 5, 6, 9, 12, 18)
    assert _references(made, "let own", "own") == [f"film.anim:{line}" for line in lines]
    # from the library's side, in films that are not open
    library = _open(folder, LIBRARY, "looks.anim")
    assert sorted(_references(library, "swing", "swing")) == everywhere


def test_an_open_film_counts_as_it_is_in_the_editor(folder: Path) -> None:
    texts: Mapping[Path, bytes] = {folder / "plain.anim": b'import "looks.anim"\n\n\nlet fast = swing\n'}
    made = analysed(LIBRARY, folder / "looks.anim", texts=texts)
    assert "plain.anim:4" in _references(made, "swing", "swing")


def test_highlights_tell_where_a_name_is_given(folder: Path) -> None:
    made = _open(folder)
    params = types.DocumentHighlightParams(_document(made), _at(made, "zoom = lift", "lift"))
    found = highlights(made, params) or []
    assert [(each.range.start.line, each.kind) for each in found] == [
        (4, types.DocumentHighlightKind.Write),
        (5, types.DocumentHighlightKind.Read),
    ]


# --- renames ---


def _renamed(made: Analysed, before: str, name: str, new: str) -> dict[str, str]:
    """The files after a rename, by name."""
    params = types.RenameParams(_document(made), _at(made, before, name), new)
    edit = rename(made, params)
    files: dict[str, str] = {}
    for uri, edits in (edit.changes or {}).items():
        path = Path(uri.removeprefix("file://"))
        text = path.read_text()
        lines = text.splitlines(keepends=True)
        for each in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
            start, end = each.range.start, each.range.end
            line = lines[start.line]
            lines[start.line] = line[: start.character] + each.new_text + line[end.character :]
        files[path.name] = "".join(lines)
    return files


def test_a_name_of_a_library_in_all_films(folder: Path) -> None:
    made = _open(folder)
    assert _renamed(made, "own = looks", "swing", "sway") == {
        "film.anim": FILM.replace("swing", "sway"),
        "looks.anim": LIBRARY.replace("swing", "sway"),
        "plain.anim": 'import "looks.anim"\nlet fast = sway * 2\n',
    }


@pytest.mark.parametrize(
    ("before", "name", "new", "pairs"),
    [
        ("let inner = own", "inner", "mine", [("let inner = own", "let mine = own"),
         ("opacity = inner }", "opacity = mine }"), ("twice(inner,", "twice(mine,")]),
        ("camera wide", "wide", "near", [("camera wide", "camera near"), ("camera = wide", "camera = near")]),
        ("layer.title", "title", "line", [("layer title", "layer line"), (".title.", ".line.")]),
        ("scene one", "one", "first", [("scene one", "scene first"), ("one.end", "first.end")]),
        ("audio song", "song", "tune", [("audio song", "audio tune"), ("song.bass", "tune.bass")]),
        ("as looks", "looks", "lib", [("as looks", "as lib"), ("looks.", "lib."),
         ('"lib.anim"', '"looks.anim"')]),
        ("moved = warp", "moved", "step", [("moved", "step")]),
        ("lift(x = own", "x", "by", [("lift(x)", "lift(by)"), ("= x +", "= by +"),
         ("x = own)", "by = own)")]),
    ],
)  # fmt: skip
def test_what_has_a_scope_keeps_to_it(
    folder: Path, before: str, name: str, new: str, pairs: list[tuple[str, str]]
) -> None:
    made = _open(folder)
    wanted = FILM
    for old, put in pairs:
        assert old in wanted
        wanted = wanted.replace(old, put)
    assert _renamed(made, before, name, new) == {"film.anim": wanted}


def test_a_parameter_where_it_is_given_by_name(folder: Path) -> None:
    made = _open(folder)
    found = _renamed(made, "by = 1", "by", "times")
    assert "twice(x, times = 2) = x * times * swing" in found["looks.anim"]
    assert "looks.twice(inner, times = 1)" in found["film.anim"]


@pytest.mark.parametrize(
    ("before", "name", "new", "why"),
    [
        ("let own", "own", "bass", "`bass` is a name of the language already"),
        ("let own", "own", "if", "`if` cannot be a name"),
        ("let own", "own", "2nd", "`2nd` cannot be a name"),
        ("let own", "own", "lift", "`lift` is a name in `film.anim` already"),
        ("let own", "own", "inner", "`inner` is a name in `film.anim` already"),
        ("let inner = own", "inner", "own", "`own` is a name in `film.anim` already"),
        ("own = looks", "swing", "twice", "`twice` is a name in `looks.anim` already"),
        ("own = looks", "swing", "fast", "`fast` is a name in `plain.anim` already"),
        ("camera wide", "wide", "none", "a camera cannot be called `none`"),
        ("zoom = lift", "zoom", "x", "`zoom` is no name that the film gives"),
        ("song.bass", "bass", "x", "`bass` is a name of the language"),
        ("frame = diffuse", "frame", "x", "`frame` is what a pipeline gives"),
        ("hand.handheld", "handheld", "x", "`handheld` is part of `std:shake`"),
    ],
)
def test_what_cannot_be_renamed_says_why(folder: Path, before: str, name: str, new: str, why: str) -> None:
    made = _open(folder)
    with pytest.raises(RefusedError, match=why):
        rename(made, types.RenameParams(_document(made), _at(made, before, name), new))


def test_a_rename_waits_for_a_film_that_can_be_read(folder: Path) -> None:
    (folder / "plain.anim").write_text('import "looks.anim"\nlet fast = swing * (\n')
    made = _open(folder)
    with pytest.raises(RefusedError, match=r"`plain.anim` cannot be read everywhere"):
        rename(made, types.RenameParams(_document(made), _at(made, "own = looks", "swing"), "sway"))


def test_what_is_renamed_is_shown_first(folder: Path) -> None:
    made = _open(folder)
    place = _at(made, "camera = wide", "wide")
    shown = prepare(made, types.PrepareRenameParams(_document(made), place))
    assert shown.placeholder == "wide"
    assert shown.range == types.Range(types.Position(6, 9), types.Position(6, 13))
