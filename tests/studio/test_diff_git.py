"""Revisions, and git's own diff, in real repositories."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

FILM = """\
size = 64x64
fps = 12
length = 2s
import "looks.anim"
image start = "media/start.png"
init = start
prompt { 0s: "a lake"; 1s: "a forest" }
camera 2d { zoom = 1 + pulse_depth * u }
"""
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def git(folder: Path, *words: str, **more: str) -> str:
    """A git command, told of nobody's configuration."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more}
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *words], cwd=folder, env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def repo(tmp_path) -> Path:
    """Two commits: the film, then a deeper pulse in the file that it imports; pictures are ignored."""
    folder = tmp_path / "films"
    (folder / "media").mkdir(parents=True)
    Image.new("RGB", (64, 64), (10, 60, 90)).save(folder / "media" / "start.png")
    (folder / "film.anim").write_text(FILM)
    (folder / "looks.anim").write_text("let pulse_depth = 0.2\n")
    (tmp_path / ".gitignore").write_text("media/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    (folder / "looks.anim").write_text("let pulse_depth = 0.4\n")
    git(tmp_path, "commit", "-qam", "two")
    return tmp_path


def changes(said) -> list[str]:
    assert said.code == 0, said.err
    return [line.strip() for line in said.out.splitlines()[1:-1]]


def test_the_work_tree_against_head(anim, repo) -> None:
    film = repo / "films" / "film.anim"
    assert anim("diff", "films/film.anim", "--exit-code").code == 0
    film.write_text(FILM.replace("a forest", "a burning forest"))
    said = anim("diff", "films/film.anim")
    assert said.out.splitlines()[0] == "HEAD:films/film.anim → films/film.anim"
    assert changes(said) == ['~ prompt 2 "a forest" → "a burning forest" from frame 1 (0.08 s) on']


def test_what_a_film_imports_is_that_of_the_revision(anim, repo) -> None:
    expected = ["~ let `pulse_depth` 0.2 → 0.4", "→ `zoom` moves ×2 around 1 from frame 1 (0.08 s) on"]
    for words in (
        ("HEAD~1", "films/film.anim"),
        ("HEAD~1..HEAD", "films/film.anim"),
        ("HEAD~1..", "films/film.anim"),
    ):
        assert changes(anim("diff", *words)) == expected
    assert changes(anim("diff", "HEAD~1", "HEAD", "films/film.anim")) == expected
    assert changes(anim("diff", "HEAD~1:films/film.anim", "films/film.anim")) == expected


def test_since_two_branches_parted(anim, repo) -> None:
    git(repo, "branch", "base", "HEAD~1")
    git(repo, "checkout", "-q", "base")
    (repo / "films" / "film.anim").write_text(FILM.replace("a lake", "a sea"))
    git(repo, "commit", "-qam", "on the side")
    told = changes(anim("diff", "base...main", "films/film.anim"))
    assert told[0] == "~ let `pulse_depth` 0.2 → 0.4"
    assert not any("sea" in line for line in told)


def test_the_work_tree_and_the_index_stay_as_they_are(anim, repo) -> None:
    (repo / "films" / "film.anim").write_text(FILM + "# more\n")
    before = {path: path.stat().st_mtime_ns for path in repo.rglob("*") if path.is_file()}
    assert anim("diff", "HEAD~1", "films/film.anim").code == 0
    assert {
        path: path.stat().st_mtime_ns
        for path in repo.rglob("*")
        if path.is_file() and "cache" not in path.parts
    } == before


def test_what_git_ignores_comes_from_the_work_tree_and_is_told(anim, repo) -> None:
    said = anim("diff", "HEAD~1", "films/film.anim")
    assert "`films/media/start.png`" in said.err
    assert "the work tree" in said.err


def test_what_git_had_not_yet_is_missing_there(anim, repo) -> None:
    film = repo / "films" / "film.anim"
    film.write_text(FILM.replace('"media/start.png"', '"late.png"'))
    git(repo, "commit", "-qam", "names a picture that comes later")
    Image.new("RGB", (64, 64), (10, 60, 90)).save(repo / "films" / "late.png")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "the picture")
    said = anim("diff", "HEAD~1", "films/film.anim")
    assert said.code == 1
    assert "`HEAD~1:films/film.anim` has 1 error" in said.out
    assert "E4002" in said.err


def test_media_that_git_has_are_those_of_the_revision(anim, repo) -> None:
    (repo / ".gitignore").write_text("")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "pictures too")
    Image.new("RGB", (64, 64), (200, 60, 90)).save(repo / "films" / "media" / "start.png")
    said = anim("diff", "films/film.anim")
    assert changes(said)[0].startswith("~ image `start` replaced (films/media/start.png")
    assert said.err == ""
    assert "24 of 24 frames re-render" in said.out


def test_large_files_are_found_by_their_pointers(anim, repo) -> None:
    import hashlib

    picture = repo / "films" / "media" / "start.png"
    content = picture.read_bytes()
    oid = hashlib.sha256(content).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"
    (repo / ".gitignore").write_text("")
    picture.write_text(pointer)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "a pointer")
    picture.write_bytes(content)
    # checked out in the work tree, where it is what the pointer names
    said = anim("diff", "films/film.anim", "--exit-code")
    assert (said.code, said.err) == (0, "")
    # kept by Git LFS, while the work tree has another
    kept = repo / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    Image.new("RGB", (64, 64), (200, 60, 90)).save(picture)
    assert changes(anim("diff", "films/film.anim"))[0].startswith("~ image `start` replaced")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_inside_the_revision_only(anim, repo) -> None:
    (repo / "films" / "other.anim").symlink_to("looks.anim")
    (repo / "outside.anim").symlink_to("/etc/passwd")
    film = repo / "films" / "film.anim"
    film.write_text(FILM.replace("looks.anim", "other.anim"))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "links")
    assert anim("diff", "films/film.anim", "--exit-code").code == 0
    film.write_text(FILM.replace("looks.anim", "../outside.anim"))
    git(repo, "commit", "-qam", "a link that leads out")
    said = anim("diff", "HEAD", "HEAD", "films/film.anim")
    assert said.code == 1
    assert "root:" not in said.out + said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("HEAD~9", "films/film.anim"), "there is no revision `HEAD~9`"),
        (("--output=x", "films/film.anim"), "there is no option `--output` here"),
        (("films/none.anim",), "there is no `HEAD:films/none.anim` and no `films/none.anim`"),
        (("HEAD", "films"), "`films` is a folder, not a film"),
    ],
)
def test_what_is_not_there_is_told(anim, repo, words, message) -> None:
    said = anim("diff", *words)
    assert said.code == 2
    assert message.lower() in said.err.lower()


def test_a_film_outside_of_git_and_a_machine_without_it(
    anim, write_film, repo, monkeypatch, tmp_path_factory
) -> None:
    alone = tmp_path_factory.mktemp("alone") / "film.anim"
    alone.write_text("length = 1s\n")
    said = anim("diff", alone)
    assert said.code == 2
    assert "is in no git work tree" in said.err
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))
    said = anim("diff", "films/film.anim")
    assert said.code == 2
    assert "`git` is not on this machine" in said.err


def test_surroundings_do_not_answer_for_the_repository(anim, repo, monkeypatch, tmp_path_factory) -> None:
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "touch pwned")
    assert len(changes(anim("diff", "HEAD~1", "films/film.anim"))) == 2


def test_a_film_that_is_new_or_gone(anim, repo) -> None:
    (repo / "films" / "second.anim").write_text(FILM)
    assert anim("diff", "films/second.anim").out.splitlines()[-1] == "the film is new: 24 frames"
    (repo / "films" / "film.anim").unlink()
    assert anim("diff", "films/film.anim").out.splitlines()[-1] == "the film is gone"


# --- as git's driver ---


def driven(repo: Path, *words: str, **more: str) -> str:
    """What git shows, with anim as its driver for films, set up as docs/git.md says."""
    (repo / ".gitattributes").write_text("*.anim diff=anim\n")
    python = Path(sys.executable).as_posix()
    return git(repo, "-c", f'diff.anim.command="{python}" -m anim_studio diff --git', *words, **more)


def test_git_diff_shows_what_changed_in_the_film(repo) -> None:
    (repo / "films" / "film.anim").write_text(FILM.replace("a forest", "a burning forest"))
    (repo / "notes.txt").write_text("a\n")
    git(repo, "add", "notes.txt")
    assert driven(repo, "diff").splitlines() == [
        "a/films/film.anim → b/films/film.anim",
        '  ~ prompt 2 "a forest" → "a burning forest" from frame 1 (0.08 s) on',
        "23 of 24 frames re-render",
    ]
    shown = driven(repo, "diff", "HEAD")
    assert "+a" in shown.splitlines()
    assert "a burning forest" in shown


def test_git_diff_in_a_pager_is_coloured(repo) -> None:
    (repo / "films" / "film.anim").write_text(FILM.replace("a forest", "a burning forest"))
    assert "\x1b[" in driven(repo, "diff", GIT_PAGER_IN_USE="true", NO_COLOR="")
    assert "\x1b[" not in driven(repo, "diff", NO_COLOR="")


def test_git_diff_of_a_broken_a_new_and_a_removed_film(repo) -> None:
    film = repo / "films" / "film.anim"
    film.write_text(FILM + "scene {\n")
    shown = driven(repo, "diff")
    assert "+scene {" in shown.splitlines()
    assert "so the films cannot be compared" in shown
    film.write_text(FILM)
    (repo / "films" / "second.anim").write_text(FILM)
    git(repo, "add", "-A")
    git(repo, "rm", "-q", "--cached", "films/film.anim")
    shown = driven(repo, "diff", "--cached", "--no-renames")
    assert "the film is new: 24 frames" in shown
    assert "the film is gone" in shown


def test_git_diff_of_a_renamed_film(repo) -> None:
    git(repo, "mv", "films/film.anim", "films/renamed.anim")
    (repo / "films" / "renamed.anim").write_text(FILM.replace("a forest", "a burning forest"))
    git(repo, "add", "-A")
    shown = driven(repo, "diff", "--cached", "-M")
    assert '"a forest" → "a burning forest"' in shown


def test_json_of_a_revision(anim, repo) -> None:
    found = json.loads(anim("diff", "HEAD~1", "films/film.anim", "--format", "json").out)
    assert found["before"]["film"] == "HEAD~1:films/film.anim"
    assert found["changes"][0]["path"] == "let pulse_depth"


def test_git_diff_of_a_file_that_films_import(repo) -> None:
    looks = repo / "films" / "looks.anim"
    looks.write_text("# deeper\nlet pulse_depth   = 0.5\ndef twice(x) = x * 2\n")
    assert driven(repo, "diff").splitlines() == [
        "a/films/looks.anim → b/films/looks.anim",
        "  ~ let `pulse_depth` 0.4 → 0.5",
        "  + def `twice` added",
        "this is no film; compare one that imports it to see what re-renders",
    ]


def test_an_imported_file_as_json_and_markdown(anim, repo) -> None:
    looks = repo / "films" / "looks.anim"
    looks.write_text("let pulse_depth = 0.4  # as it was\n")
    assert anim("diff", "films/looks.anim", "--exit-code").code == 0
    looks.write_text("template sway(a = 1deg) { roll += a * sine(2s) }\n")
    assert anim("diff", "films/looks.anim", "--exit-code").code == 1
    found = json.loads(anim("diff", "films/looks.anim", "--format", "json").out)
    assert [(c["kind"], c["path"]) for c in found["changes"]] == [
        ("added", "template sway"),
        ("removed", "let pulse_depth"),
    ]
    assert found["rerender"] is None
    assert (
        "| ➖ | let `pulse_depth` | removed |  |"
        in anim("diff", "films/looks.anim", "--format", "markdown").out.splitlines()
    )
