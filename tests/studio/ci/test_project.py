"""The sample repository: its workflow, played step by step, for a good, a broken and a changed branch."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from PIL import Image
from tests.studio.ci.steps import PROJECT, Ran, bash, commit, git, loaded, play, scratch

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None, reason="git or bash is not here"
)

WORKFLOWS = PROJECT / ".github" / "workflows"
BASE = "github.event.pull_request.base.sha"
Call: TypeAlias = Callable[[list[str]], tuple[int, str]]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """The sample as a repository, on a branch of its own."""
    made = scratch(tmp_path)
    git(made, "checkout", "-q", "-b", "topic")
    return made


def edit(repo: Path, name: str, before: str, after: str) -> None:
    path = repo / "films" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def call(anim, repo: Path, monkeypatch) -> Call:
    """Runs a command of ours within this process, in the repository."""
    monkeypatch.chdir(repo)

    def run(words: list[str]) -> tuple[int, str]:
        said = anim(*words)
        return said.code, said.out + said.err

    return run


def run(
    repo: Path, *, pull: bool, first: str = "", last: str = "", call: Call | None = None
) -> dict[str, Ran]:
    commit(repo, "two")
    steps = loaded(WORKFLOWS / "films.yml")["jobs"]["films"]["steps"]
    values = {BASE: git(repo, "rev-parse", "main")}
    ran = play(repo, steps, values, pull=pull, first=first, last=last, call=call)
    return {one.name: one for one in ran}


def test_the_sample_is_as_its_own_workflow_wants_it(repo: Path) -> None:
    (repo / "README.md").write_text("words\n", encoding="utf-8")
    ran = run(repo, pull=False)
    assert [(one.name, one.code) for one in ran.values()] == [
        ("layout", 0),
        ("mistakes", 0),
        ("plans and audio locks", 0),
        ("curves", 0),
    ], ran
    assert "drum.audio.lock is up to date" in ran["plans and audio locks"].said
    assert git(repo, "status", "--porcelain", "--ignored") == ""


def test_a_mistake_is_red_and_told_at_its_line(repo: Path, call: Call) -> None:
    edit(repo, "looks.anim", "let swell = 0.25", "let swell = 0.25 * depth")
    ran = run(repo, pull=False, last="mistakes", call=call)
    assert {name for name, one in ran.items() if one.code} == {"mistakes"}
    lines = ran["mistakes"].said.splitlines()
    assert any(line.startswith("::error file=films/looks.anim,line=3,") for line in lines)


def test_a_changed_curve_is_told_compared_drawn_and_previewed(repo: Path, call: Call) -> None:
    git(repo, "checkout", "-q", "main")
    # what passes for the whole sample is not asked again
    git(repo, "rm", "-q", "films/drum.*")
    commit(repo, "one film")
    git(repo, "checkout", "-q", "-B", "topic")
    edit(repo, "harbour.anim", "2s: 6deg", "2s: 20deg")
    ran = run(repo, pull=True, first="plans", call=call)
    assert {name for name, one in ran.items() if one.code} == {"plans and audio locks", "curves"}
    assert "films/harbour.plan.json is out of date" in ran["plans and audio locks"].said
    assert "15 of 16 frames re-render" in ran["plans and audio locks"].said
    assert "`camera.angle` is" in ran["curves"].said
    text = (repo / "review" / "comment.md").read_text(encoding="utf-8")
    assert text.startswith("<!-- anim review -->\n## Films: 1 changed\n")
    assert "| `angle` |" in text
    assert "2s: 20deg with ease_in_out" in text
    assert re.search(r"after  ▁+▂", text)
    assert {path.name for path in (repo / "review").iterdir()} == {
        "comment.md",
        "01-harbour-curves.png",
        "01-harbour.gif",
    }
    with Image.open(repo / "review" / "01-harbour.gif") as moving:
        assert (moving.n_frames, moving.is_animated) == (16, True)  # type: ignore[attr-defined]
    with Image.open(repo / "review" / "01-harbour-curves.png") as drawn:
        assert len(drawn.convert("RGB").getcolors(1 << 20) or ()) > 10
    assert (repo / "review" / "01-harbour.gif").stat().st_size < 2_000_000


# --- the comment ---

#: stands for GitHub's client: writes down what it is asked, and answers from files
GH = """\
#!/bin/sh
printf '%s\\n' "$*" >> calls
case "$*" in
  *"/pulls -f"*) cat number ;;
  "run download"*) [ -d artifact ] && cp -r artifact review ;;
  *PATCH*|*POST*) cp body.md posted ;;
  *comments*) cat mine ;;
esac
"""
BODY = "<!-- anim review -->\n## Films: 1 changed\n\n@somebody $(touch hacked) `touch hacked` ${{ x }}\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    (folder / "artifact").mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "gh").write_text(GH)
    (tmp_path / "tools" / "gh").chmod(0o755)
    (folder / "number").write_text("7\n")
    (folder / "mine").write_text("")
    (folder / "artifact" / "comment.md").write_text(BODY, encoding="utf-8")
    return folder


def post(desk: Path) -> tuple[int, str, str]:
    (step,) = loaded(WORKFLOWS / "comment.yml")["jobs"]["comment"]["steps"]
    env = {"GH_REPO": "a/b", "RUN": "5", "HEAD": "eve:$(touch hacked)", "HEAD_SHA": "c0ffee", "GH_TOKEN": "t"}
    assert set(env) | {"PAGE"} == set(step["env"])
    code, said = bash(desk, step["run"], PAGE="https://example.org/run", **env)
    calls = (desk / "calls").read_text() if (desk / "calls").exists() else ""
    return code, said, calls


def test_a_comment_is_posted_once_and_then_written_anew(desk: Path) -> None:
    code, said, calls = post(desk)
    assert code == 0, said
    assert "--method POST repos/a/b/issues/7/comments" in calls
    assert "head=eve:$(touch hacked)" in calls
    text = (desk / "posted").read_text(encoding="utf-8")
    assert text.startswith("<!-- anim review -->")
    assert "@\u200bsomebody $(touch hacked)" in text
    assert "(https://example.org/run#artifacts)" in text
    assert not (desk / "hacked").exists()
    shutil.rmtree(desk / "review")
    # a comment without the mark would be posted again with every commit
    (desk / "artifact" / "comment.md").write_text("words\n", encoding="utf-8")
    (desk / "mine").write_text("99\n")
    assert "--method PATCH repos/a/b/issues/comments/99" in post(desk)[2]
    assert (desk / "posted").read_text(encoding="utf-8").startswith("<!-- anim review -->\nwords\n")


@pytest.mark.parametrize("lacks", ["number", "artifact", "change"])
def test_nothing_is_posted_where_there_is_nothing_to_say(desk: Path, lacks: str) -> None:
    if lacks == "number":
        (desk / "number").write_text("")
    elif lacks == "artifact":
        shutil.rmtree(desk / "artifact")
    else:
        mark = "<!-- anim review -->\n<!-- nothing changed -->\n### No film changed\n"
        (desk / "artifact" / "comment.md").write_text(mark)
    code, said, calls = post(desk)
    assert code == 0, said
    assert "POST" not in calls
    assert "PATCH" not in calls


def test_who_may_do_what() -> None:
    """The run that has the branch's files may only read; the one that may write runs none of them."""
    films, comment = (loaded(WORKFLOWS / name) for name in ("films.yml", "comment.yml"))
    assert films["permissions"] == comment["permissions"] == {}
    assert films["jobs"]["films"]["permissions"] == {"contents": "read"}
    assert comment["jobs"]["comment"]["permissions"] == {"actions": "read", "pull-requests": "write"}
    text = (WORKFLOWS / "films.yml").read_text(encoding="utf-8")
    assert "secrets" not in text
    assert "cache:" not in text
    assert set(films[True]) == {"pull_request", "push"}  # YAML 1.1 reads `on` so
    checkout = films["jobs"]["films"]["steps"][0]
    assert checkout["with"]["persist-credentials"] is False
    assert all("uses" not in step for step in comment["jobs"]["comment"]["steps"])
    uses = [step["uses"] for step in films["jobs"]["films"]["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in uses)


def test_git_knows_the_files_of_the_sample(repo: Path) -> None:
    attributes = git(repo, "check-attr", "diff", "binary", "--", "films/drum.anim", "films/harbour.plan.npz")
    assert "films/drum.anim: diff: anim" in attributes
    assert "films/harbour.plan.npz: binary: set" in attributes
    done = subprocess.run(["git", "ls-files"], cwd=repo, capture_output=True, encoding="utf-8")
    assert not [name for name in done.stdout.split() if name.startswith(("out/", "review/"))]
