"""`anim merge`, by hand and as git's driver in real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FILM = """\
size = 64x64
fps = 12
length = 4s

let depth = 0.2

prompt {
  0s: "a lake"
  2s: "a forest"
}

camera 2d {
  zoom = 0s: 1, 2s: 1.1, 4s: 1
}
"""
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def swap(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merged(anim, folder: Path, ours: str, theirs: str, *words: str):
    for name, text in (("base", FILM), ("ours", ours), ("theirs", theirs)):
        (folder / f"{name}.anim").write_bytes(text.encode())
    return anim("merge", *(str(folder / f"{name}.anim") for name in ("base", "ours", "theirs")), *words)


def test_two_edits_of_one_film(anim, tmp_path) -> None:
    ours, theirs = swap(FILM, ("2s: 1.1", "2s: 1.2")), swap(FILM, ("4s: 1", "3s: 1.3, 4s: 1"))
    said = merged(anim, tmp_path, ours, theirs)
    assert (said.code, said.err) == (0, "")
    assert said.out == swap(FILM, ("2s: 1.1, 4s", "2s: 1.2, 3s: 1.3, 4s"))
    said = merged(anim, tmp_path, ours, theirs, "-o", str(tmp_path / "film.anim"))
    assert (said.code, said.out) == (0, "")
    assert (tmp_path / "film.anim").read_text() == swap(FILM, ("2s: 1.1, 4s", "2s: 1.2, 3s: 1.3, 4s"))


def test_a_conflict_is_told_and_ends_with_1(anim, tmp_path) -> None:
    said = merged(
        anim,
        tmp_path,
        swap(FILM, ("fps = 12", "fps = 24")),
        swap(FILM, ("fps = 12", "fps = 30")),
        "--style",
        "diff3",
    )
    assert said.code == 1
    assert "\nfps = 24\n||||||| " in said.out
    assert "`fps`: both sides changed it" in said.err
    assert "1 conflict is between markers" in said.err


def test_a_mistake_that_neither_side_made_is_a_conflict(anim, tmp_path) -> None:
    """Ours removes a `let` that theirs uses anew; two films that pass `check` make one that does not."""
    ours = swap(FILM, ("let depth = 0.2\n", ""))
    theirs = swap(FILM, ("4s: 1\n", "4s: 1\n  angle = depth * 3\n"))
    said = merged(anim, tmp_path, ours, theirs)
    assert said.code == 1
    assert "\n=======\n  angle = depth * 3\n>>>>>>> " in said.out
    assert "neither has alone: nothing here is called `depth`" in said.err


def test_a_mistake_of_both_is_none_of_the_merge_though_its_numbers_are_others(anim, tmp_path) -> None:
    sides = [FILM + f"scene {name} {length}s {{ }}\n" for name, length in (("a", 5), ("b", 6))]
    said = merged(anim, tmp_path, *sides)
    assert said.code == 0
    assert "neither has alone" not in said.err


def test_markers_have_the_names_that_git_gives(anim, tmp_path) -> None:
    def driver(*names: str) -> str:
        merged(anim, tmp_path, *(swap(FILM, ("fps = 12", f"fps = {rate}")) for rate in (24, 30)))
        paths = [str(tmp_path / f"{name}.anim") for name in ("base", "ours", "theirs", "film")]
        assert anim("merge", "--git", *paths, "7", *names, "--style", "diff3").code == 1
        return (tmp_path / "ours.anim").read_text()

    marked = "<<<<<<< {}\nfps = 24\n||||||| {}\nfps = 12\n=======\nfps = 30\n>>>>>>> {}\n"
    assert marked.format("HEAD", "0a1b2c3", "topic/x; y") in driver("0a1b2c3", "HEAD", "topic/x; y")
    # a git that does not know the placeholders
    assert marked.format("ours", "base", "theirs") in driver("%S", "%X", "%Y")


def test_what_cannot_be_merged(anim, tmp_path) -> None:
    said = anim("merge", "one.anim")
    assert (said.code, "three films are merged, not 1" in said.err) == (2, True)
    assert anim("merge", "--git", "a", "b").code == 2
    assert anim("merge", *(str(tmp_path / "none.anim"),) * 3).code == 2


def test_bytes_that_are_no_text_are_merged_by_lines(anim, tmp_path) -> None:
    for name, data in (("b", b"a\n\xff\nb\n"), ("o", b"A\n\xff\nb\n"), ("t", b"a\n\xff\nB\n")):
        (tmp_path / name).write_bytes(data)
    target = tmp_path / "made"
    said = anim("merge", *(str(tmp_path / name) for name in "bot"), "-o", str(target))
    assert target.read_bytes() == b"A\n\xff\nB\n"
    assert "line by line" in said.err


def test_a_bug_of_ours_costs_nobody_their_work(anim, tmp_path, monkeypatch) -> None:
    def fails(*_, **__) -> None:
        raise RuntimeError("oh")

    monkeypatch.setattr("anim_studio.merging.merged.merge", fails)
    said = merged(anim, tmp_path, swap(FILM, ("fps = 12", "fps = 24")), swap(FILM, ("2s: 1.1", "2s: 1.2")))
    assert (said.code, said.out) == (0, swap(FILM, ("fps = 12", "fps = 24"), ("2s: 1.1", "2s: 1.2")))
    assert "line by line, because anim met something it did not expect" in said.err


# --- in git ----------------------------------------------------------------------------------------


class Repository:
    """A repository in which git merges films as `docs/git.md` says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.film = folder / "film.anim"
        anim = f'"{sys.executable}" -m anim_studio'.replace("\\", "/")
        self.git("init", "-q", "-b", "main")
        self.git("config", "merge.anim.driver", f"{anim} merge --git %O %A %B %P %L %S %X %Y")
        self.git("config", "diff.anim.textconv", f"{anim} diff --textconv")
        (folder / ".gitattributes").write_text("*.anim diff=anim merge=anim\n")
        self.commit(FILM)

    def git(self, *words: str, code: int = 0) -> str:
        env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", *who, *words], cwd=self.folder, env=env, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout + done.stderr

    def commit(self, text: str) -> None:
        self.film.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "an edit")

    def branch(self, name: str, text: str, start: str = "main") -> None:
        self.git("checkout", "-q", "-b", name, start)
        self.commit(text)


ADA = swap(FILM, ("let depth", "let amount"), ("2s: 1.1", "2s: 1.2"))
BO = swap(FILM, ("4s: 1\n", "3s: 1.3, 4s: 1\n  angle = depth * 3  # slow\n"), ('"a forest"', '"a wood"'))
BOTH = swap(ADA, ("4s: 1\n", "3s: 1.3, 4s: 1\n  angle = amount * 3  # slow\n"), ('"a forest"', '"a wood"'))


@needs_git
def test_two_people_edit_one_film(tmp_path) -> None:
    repository = Repository(tmp_path)
    repository.branch("ada", ADA)
    repository.branch("bo", BO)
    repository.git("merge", "-q", "ada", "-m", "both")
    assert repository.film.read_text() == BOTH
    repository.git("checkout", "-q", "-B", "again", "bo~1")
    repository.git("rebase", "-q", "ada")
    assert repository.film.read_text() == BOTH
    repository.git("checkout", "-q", "-B", "picked", "ada")
    repository.git("cherry-pick", repository.git("rev-parse", "bo^1").strip())
    assert repository.film.read_text() == BOTH
    shown = repository.git("log", "-p", "-1", "--format=%s", "picked")
    assert "+camera 2d: angle = amount * 3\n" in shown
    assert '-prompt 2s: "a forest"\n+prompt 2s: "a wood"\n' in shown


@needs_git
def test_a_conflict_in_git_and_a_criss_cross(tmp_path) -> None:
    repository = Repository(tmp_path)
    repository.branch("ada", swap(FILM, ("fps = 12", "fps = 24")))
    repository.branch("bo", swap(FILM, ("fps = 12", "fps = 30"), ("length = 4s", "length = 5s")))
    told = repository.git("merge", "ada", code=1)
    assert "CONFLICT" in told
    assert "film.anim: `fps`: both sides changed it" in told
    open_conflict = "<<<<<<< ours\nfps = 30\n=======\nfps = 24\n>>>>>>> theirs\n"
    assert repository.film.read_text() == swap(
        FILM, ("fps = 12\n", open_conflict), ("length = 4s", "length = 5s")
    )
    repository.commit(swap(FILM, ("fps = 12", "fps = 30"), ("length = 4s", "length = 5s")))
    repository.git("checkout", "-q", "ada")
    repository.git("merge", "bo^1", code=1)
    repository.commit(
        swap(FILM, ("fps = 12", "fps = 24"), ("length = 4s", "length = 5s"), ("= 64x64", "= 128x64"))
    )
    # both merged the other before: the base is a merge with a conflict of its own
    repository.git("merge", "bo", code=1)
    kept = swap(FILM, ("fps = 12\n", open_conflict.replace("30", "x").replace("24", "30").replace("x", "24")))
    assert repository.film.read_text() == swap(kept, ("length = 4s", "length = 5s"), ("= 64x64", "= 128x64"))


# --- textconv --------------------------------------------------------------------------------------


def test_a_film_as_lines_to_compare(anim, tmp_path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(
        swap(FILM, ("0s: 1,", "# gone\n  0s:1,"), ("let depth = 0.2", 'output "a.mp4" { fps = 6 }'))
    )
    said = anim("diff", "--textconv", str(film))
    assert said.code == 0
    assert said.out.splitlines()[3:] == [
        'output "a.mp4": fps = 6',
        'prompt 0s: "a lake"',
        'prompt 2s: "a forest"',
        "camera 2d: zoom 0s: 1",
        "camera 2d: zoom 2s: 1.1",
        "camera 2d: zoom 4s: 1",
    ]


def test_a_film_with_syntax_errors_is_its_text(anim, tmp_path) -> None:
    (tmp_path / "film.anim").write_text("zoom = {\n")
    assert anim("diff", "--textconv", str(tmp_path / "film.anim")).out == "zoom = {\n"
    (tmp_path / "film.anim").write_text('title = "\x1b[2J\u202e"\n')
    assert anim("diff", "--textconv", str(tmp_path / "film.anim")).out.isascii()
