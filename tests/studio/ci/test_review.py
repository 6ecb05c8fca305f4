"""`anim review`: which films a branch changes, and the comment that says so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.studio.ci.steps import commit, git

from anim_studio.cli.exits import Exit, Stop
from anim_studio.commands.preview import Wish
from anim_studio.diffing.told import _IMPORTED
from anim_studio.previewing.making import Making

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")

FILM = """\
size = 64x64
fps = 12
length = 1s
prompt { 0s: "a lake" }
camera 2d { zoom = 0s: 1, 1s: 1.5 }
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch) -> Path:
    folder = tmp_path / "work" / "repo"
    (folder / "films").mkdir(parents=True)
    write(folder, "a", FILM)
    write(folder, "b", 'import "looks.anim"\n' + FILM.replace("zoom =", "angle = swing * u; zoom ="))
    write(folder, "looks", "let swing = 4deg\n")
    write(folder, "lone", FILM.replace("a lake", "a city"))
    git(folder, "init", "-q")
    commit(folder, "one")
    git(folder, "checkout", "-q", "-b", "topic")
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / "films" / f"{name}.anim"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def review(anim, repo: Path, monkeypatch):
    """Runs the command in the repository, without previews; the exit code and the comment."""

    def run(*words: str | Path) -> tuple[int, str]:
        monkeypatch.chdir(repo)
        said = anim("review", "main", "--seconds", "0", "-q", *words)
        path = repo / "review" / "comment.md"
        return said.code, path.read_text(encoding="utf-8") if path.exists() else said.err

    return run


def rows(text: str) -> list[str]:
    """The table at the top, a film a row."""
    return [line for line in text.split("###")[0].splitlines() if line.startswith("| `")]


def test_a_branch_that_changes_no_film_says_so(repo: Path, review) -> None:
    (repo / "README.md").write_text("words\n")
    commit(repo, "two")
    code, text = review()
    assert code == 0
    assert text.splitlines()[:2] == ["<!-- anim review -->", "<!-- nothing changed -->"]


def test_every_fate_of_a_film(repo: Path, review) -> None:
    write(repo, "a", FILM.replace("1.5", "1.8"))
    write(repo, "looks", "let swing = 9deg\n")
    (repo / "films" / "lone.anim").rename(repo / "films" / "renamed.anim")
    write(
        repo, "new", FILM.replace("lake", "very new forest") * 1 + 'seed = 9\noutput "n.mp4"\ntitle = "n"\n'
    )
    commit(repo, "two")
    code, text = review()
    assert code == 0, text
    assert "## Films: 2 changed, 1 new, 1 renamed, 1 follows\n" in text
    assert rows(text) == [
        "| `films/a.anim` | changed | 11 of 12 frames re-render |",
        "| `films/b.anim` | follows | 11 of 12 frames re-render |",
        f"| `films/looks.anim` | changed | {_IMPORTED} |",
        "| `films/new.anim` | new | the film is new: 12 frames |",
        "| `films/renamed.anim` | renamed | nothing changed in the film |",
    ]
    assert "It reads `films/looks.anim`, which changed." in text
    assert "It was `films/lone.anim`." in text
    assert "![the curves that changed](01-a-curves.png)" in text
    assert (repo / "review" / "01-a-curves.png").stat().st_size > 1000


def test_films_are_called_by_their_paths_from_the_top(anim, repo: Path, monkeypatch) -> None:
    write(repo, "a", FILM.replace("1.5", "1.8"))
    (repo / "films" / "lone.anim").rename(repo / "lone.anim")
    write(repo, "b", FILM.replace("zoom", "zom"))
    commit(repo, "two")
    monkeypatch.chdir(repo / "films")
    assert anim("review", "main", "--seconds", "0", "-q", "-o", repo / "review").code == 1
    text = (repo / "review" / "comment.md").read_text(encoding="utf-8")
    base = git(repo, "rev-parse", "main")[:12]
    heads = [line for line in text.splitlines() if line.startswith("### ")]
    assert heads == ["### `films/a.anim`", "### `films/b.anim`", "### `lone.anim`"]
    assert f"<sub>{base}:films/lone.anim → lone.anim</sub>" in text
    assert "`films/b.anim:5:13` E2003" in text


def test_gone_and_broken_films(repo: Path, review) -> None:
    (repo / "films" / "lone.anim").unlink()
    write(repo, "a", FILM.replace("zoom", "zom"))
    commit(repo, "two")
    code, text = review()
    assert code == 1
    assert "| `films/lone.anim` | gone | the film is gone |" in text
    assert "| `films/a.anim` | changed | ❌ 1 error |" in text
    assert "`films/a.anim:5:13` E2003: there is no setting `zom`" in text
    # mended again: what was broken before is no error of this branch
    git(repo, "checkout", "-q", "-B", "main")
    git(repo, "checkout", "-q", "-b", "mend")
    write(repo, "a", FILM)
    commit(repo, "three")
    assert review()[0] == 0


def test_a_film_that_cannot_be_read_is_told(repo: Path, review) -> None:
    (repo / "films" / "a.anim").write_bytes(b"\xff\xfea")
    commit(repo, "two")
    code, text = review()
    assert code == 1
    assert "| `films/a.anim` | changed | ❌ `films/a.anim` is UTF-16, not UTF-8 |" in text
    (repo / "films" / "a.anim").write_text("let a = 1\n" * 200_000, encoding="utf-8")
    assert review()[0] == 3


def test_media_that_changed(repo: Path, review, examples: Path) -> None:
    git(repo, "checkout", "-q", "main")
    picture = repo / "films" / "coast.jpg"
    shutil.copyfile(examples / "media" / "coast.jpg", picture)
    write(repo, "a", 'image coast = "coast.jpg"\ninit = coast\n' + FILM)
    commit(repo, "picture")
    git(repo, "checkout", "-q", "-b", "other")
    shutil.copyfile(examples / "media" / "bottle.jpg", picture)
    commit(repo, "another")
    code, text = review()
    assert code == 0
    assert "| `films/a.anim` | follows | 12 of 12 frames re-render |" in text
    assert "It reads `films/coast.jpg`, which changed." in text


def test_no_text_of_a_film_becomes_markup(repo: Path, review) -> None:
    hostile = "![x](http://e.example/p.png) @someone <script>x</script> **b** | ~s~ #1 [a](b)"
    refers = "!12 ~bug $x$ GH-7 :tada: %3"
    write(repo, "a", FILM.replace("a lake", hostile) + "let `x = 1\n")
    write(repo, "lone", FILM.replace("a lake", refers))
    (repo / "films" / "p|`q` @you <b>.anim").write_text(FILM, encoding="utf-8")
    commit(repo, "two")
    _, text = review()
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text, flags=re.DOTALL)
    for forbidden in ("<script>", "http://", "@someone", "@you", "<b>", "**b**", "#1", *refers.split()):
        assert forbidden not in outside, forbidden
    assert sum(line.startswith("### ") for line in text.splitlines()) == 3


def test_only_some_films(repo: Path, review) -> None:
    write(repo, "a", FILM.replace("1.5", "1.8"))
    write(repo, "lone", FILM.replace("1.5", "1.8"))
    commit(repo, "two")
    assert len(rows(review("films/a.anim")[1])) == 1
    assert len(rows(review("films")[1])) == 2
    assert rows(review("films/looks.anim")[1]) == []


def test_pictures_of_an_earlier_comment_go(repo: Path, review) -> None:
    folder = repo / "review"
    folder.mkdir()
    for name in ("07-a-curves.png", "07-a.gif", "mine.png"):
        (folder / name).write_bytes(b"")
    review()
    assert (folder / "07-a.gif").exists()  # there was no comment: these may be somebody's own
    review()
    assert {path.name for path in folder.iterdir()} == {"comment.md", "mine.png"}


def test_a_branch_cannot_have_the_comment_written_elsewhere(anim, repo: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "comment.md").write_text("kept")
    (repo / "review").symlink_to(outside)
    assert anim("review", "main", "--untrusted").code == 2
    (repo / "review").unlink()
    (repo / "review").mkdir()
    (repo / "review" / "comment.md").symlink_to(outside / "comment.md")
    said = anim("review", "main", "--untrusted")
    assert (said.code, "`review/comment.md` leads out of the project" in said.err) == (2, True)
    assert (outside / "comment.md").read_text() == "kept"


def test_where_pictures_are_seen(repo: Path, review) -> None:
    write(repo, "a", FILM.replace("1.5", "1.8"))
    _, text = review("--url", "https://example.org/x y/")
    assert "](https://example.org/x%20y/01-a-curves.png)" in text
    _, text = review("--url", "https://example.org/run)")
    assert "[pictures and previews](https://example.org/run%29)" in text
    assert "![" not in text


def test_a_comment_is_never_too_long(repo: Path, review, monkeypatch) -> None:
    monkeypatch.setattr("anim_studio.reviewing.body.MOST_BYTES", 1200)
    for name in "cdefg":
        write(repo, name, FILM)
    git(repo, "checkout", "-q", "-B", "main")
    commit(repo, "two")
    for name in "cdefg":
        write(repo, name, FILM.replace("1.5", "1.8"))
    _, text = review()
    assert len(text.encode()) < 1400
    assert "films more would be too long for a comment" in text


@pytest.mark.parametrize("base", ["none", "a.anim", "main..HEAD", "--pager"])
def test_a_base_that_is_none(anim, repo: Path, monkeypatch, base: str) -> None:
    monkeypatch.chdir(repo)
    assert anim("review", base, "--seconds", "0").code == 2


def test_a_folder_outside_of_git(anim, tmp_path: Path) -> None:
    said = anim("review", "main")
    assert (said.code, "in no git work tree" in said.err) == (2, True)
    assert str(tmp_path) not in said.err


@pytest.mark.parametrize(
    ("words", "tiers", "says"),
    [
        ((), ["draft", "camera"], "shows the moves alone: a model of the film is not on this machine"),
        (("--preview", "camera"), ["camera"], ""),
        (("--preview", "final"), ["final"], "there is no preview: it is not here"),
    ],
)
def test_a_preview_of_a_film_whose_model_is_not_here(
    anim, repo: Path, monkeypatch, words: tuple[str, ...], tiers: list[str], says: str
) -> None:
    """What draws is left out: `test_project` lets it draw."""
    asked: list[str] = []

    def preview_of(film: Path, making: Making, wish: Wish, switch: object) -> int:
        asked.append(making.choice.tier or "")
        if making.choice.tier != "camera":
            raise Stop(Exit.MODEL_MISSING, "it is not here")
        assert wish.output is not None
        wish.output.write_bytes(b"GIF89a")
        return Exit.DONE

    monkeypatch.setattr("anim_studio.commands.preview.preview_of", preview_of)
    monkeypatch.chdir(repo)
    write(repo, "a", 'model = "civitai:25694"\n' + FILM.replace("1.5", "1.8"))
    commit(repo, "two")
    said = anim("review", "main", "films/a.anim", *words)
    assert (said.code, asked) == (0, tiers), said.err
    text = (repo / "review" / "comment.md").read_text(encoding="utf-8")
    assert ("![a preview](01-a.gif)" in text) == ("camera" in tiers)
    assert says in text


def test_only_the_first_films_are_previewed(anim, repo: Path, monkeypatch) -> None:
    monkeypatch.setattr("anim_studio.commands.preview.preview_of", None)
    monkeypatch.setattr("anim_studio.reviewing.one.MOST_PREVIEWS", 0)
    monkeypatch.chdir(repo)
    write(repo, "a", FILM.replace("1.5", "1.8"))
    assert anim("review", "main").code == 0
    text = (repo / "review" / "comment.md").read_text(encoding="utf-8")
    assert "<sub>previews are of the first 0 films</sub>" in text


def test_a_film_that_looks_as_before_has_no_preview(anim, repo: Path, monkeypatch) -> None:
    monkeypatch.setattr("anim_studio.commands.preview.preview_of", None)
    monkeypatch.chdir(repo)
    write(repo, "a", "# a word\n" + FILM)
    commit(repo, "two")
    assert anim("review", "main").code == 0
    assert "nothing changed in the film" in (repo / "review" / "comment.md").read_text(encoding="utf-8")
