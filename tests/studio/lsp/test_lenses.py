"""Code lenses: what changed since git's HEAD, and what can be done with a film and its scenes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types
from tests.studio.lsp.marked import opened

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.changes import Changed, changed
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features.lenses import code_lenses, lenses

FILM = """size = 64x64
fps = 8
diffuse { steps = 4; strength = 0.7 }
scene dawn 2s { prompt = "ocean, at dawn" }
scene dusk 3s { prompt = "ocean, at sunset" }
"""


def _git(folder: Path, *words: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film in a repository."""
    path = tmp_path / "film.anim"
    path.write_text(FILM)
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", "film.anim")
    _git(tmp_path, "commit", "-qm", "a film")
    return path


def _desk(tmp_path: Path, asked: list[str] | None = None) -> Desk:
    lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    workspace = types.WorkspaceClientCapabilities(code_lens=lens)
    told = asked if asked is not None else []
    return Desk(
        client=types.ClientCapabilities(workspace=workspace),
        cache=tmp_path / "cache",
        ask=lambda method, params: told.append(method),
    )


def _titles(made: Analysed) -> list[tuple[int, str, str]]:
    """The lines of the lenses, what they say, and their scenes; without previews and plots."""
    return [
        (made.source.place(lens.at.start).line, lens.title, lens.scene)
        for lens in lenses(made)
        if lens.command == "anim.renderScene"
    ]


def test_changed_frames_are_told_of_the_film_and_of_each_scene(film: Path, tmp_path: Path) -> None:
    asked: list[str] = []
    made = opened(FILM.replace("at sunset", "at night"), film, desk=_desk(tmp_path, asked))
    assert _titles(made) == [
        (1, "render this film", ""),
        (4, "render this scene", "dawn"),
        (5, "render this scene", "dusk"),
    ]
    made.desk.later.settle()
    assert _titles(made) == [
        (1, "24 frames changed · render this film", ""),
        (4, "no frame changed · render this scene", "dawn"),
        (5, "24 frames changed · render this scene", "dusk"),
    ]
    assert asked == ["workspace/codeLens/refresh"]


def test_comments_and_layout_change_nothing(film: Path, tmp_path: Path) -> None:
    made = opened("# new\n" + FILM.replace("fps = 8", "fps    = 8"), film, desk=_desk(tmp_path))
    lenses(made)
    made.desk.later.settle()
    assert next(title for _, title, _ in _titles(made)) == "no frame changed · render this film"


def test_a_newer_version_shows_what_is_known_until_its_own_is(film: Path, tmp_path: Path) -> None:
    first = opened(FILM.replace("at dawn", "at noon"), film, desk=_desk(tmp_path))
    lenses(first)
    first.desk.later.settle()
    broken = replace(first, version=2, film=None)
    assert _titles(broken)[0][1] == "16 frames changed · render this film"


def test_a_commit_is_what_counts_from_then_on(film: Path, tmp_path: Path) -> None:
    text = FILM.replace("at sunset", "at night")
    desk = _desk(tmp_path)
    first = opened(text, film, desk=desk)
    lenses(first)
    desk.later.settle()
    assert _titles(first)[0][1] == "24 frames changed · render this film"
    film.write_text(text)
    _git(tmp_path, "commit", "-qam", "by night")
    again = replace(first, version=2)
    lenses(again)
    desk.later.settle()
    assert _titles(again)[0][1] == "no frame changed · render this film"


def test_outside_of_git_nothing_is_said_of_changes(tmp_path: Path) -> None:
    path = tmp_path / "film.anim"
    path.write_text(FILM)
    made = opened(FILM, path, desk=_desk(tmp_path))
    lenses(made)
    made.desk.later.settle()
    assert changed(made) is None
    assert _titles(made)[0][1] == "render this film"


def test_a_file_of_names_has_none() -> None:
    assert not lenses(opened("let a = 1\ntemplate b() { roll = a }\n"))
    assert not lenses(opened(""))


def test_they_can_be_switched_off(film: Path) -> None:
    desk = Desk(settings={"codeLens": {"enabled": False}})
    assert not lenses(opened(FILM, film, desk=desk))


def test_commands_name_the_film_and_the_scene(film: Path, tmp_path: Path) -> None:
    made = opened(FILM, film, desk=_desk(tmp_path))
    params = types.CodeLensParams(types.TextDocumentIdentifier(made.uri))
    told = [lens.command for lens in code_lenses(made, params)]
    words = [(one.command, one.arguments) for one in told if one is not None]
    assert words[:3] == [
        ("anim.renderScene", [made.uri, ""]),
        ("anim.previewScene", [made.uri, ""]),
        ("anim.plotScene", [made.uri, ""]),
    ]
    assert ("anim.previewScene", [made.uri, "dusk"]) in words


def test_frames_are_counted_by_ranges() -> None:
    news = Changed(40, ((4, 9), (16, 39)))
    assert news.count() == 30
    assert news.count(0, 16) == 6
    assert news.count(8, 20) == 6
    assert news.count(10, 16) == 0
