"""What is shipped for GitHub, GitLab and pre-commit, by their own tools where those are here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.studio.ci.steps import ACTION, GITLAB, PROJECT, ROOT, bash, commit, git, loaded, surroundings

ZIZMOR = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or shutil.which("pre-commit")
HOOKS = ROOT / ".pre-commit-hooks.yaml"

GOOD = """\
size   = 64x64
fps    = 12
length = 1s

prompt = "a lake"

camera 2d { zoom = 0s: 1, 1s: 2 }
"""

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None, reason="git or bash is not here"
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with one film, laid out."""
    made = tmp_path / "repo"
    (made / "films").mkdir(parents=True)
    git(made, "init", "-q")
    (made / "films" / "a b.anim").write_text(GOOD)
    commit(made, "one")
    return made


@pytest.mark.skipif(ZIZMOR is None, reason="zizmor is not here")
def test_zizmor_finds_nothing_in_what_is_shipped(tmp_path: Path) -> None:
    assert ZIZMOR is not None
    places = [PROJECT, ACTION.parent, ROOT / ".pre-commit-config.yaml", HOOKS]
    options = ("--offline", "--no-progress", "--persona=auditor", "--collect=all", "--format=json")
    done = subprocess.run([ZIZMOR, *options, *places], capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, []), done.stdout
    # and that it looked: a checkout that keeps its credentials is found
    bad = tmp_path / ".github" / "workflows" / "bad.yml"
    bad.parent.mkdir(parents=True)
    text = (PROJECT / ".github" / "workflows" / "films.yml").read_text(encoding="utf-8")
    bad.write_text(text.replace("          persist-credentials: false\n", ""), encoding="utf-8")
    done = subprocess.run([ZIZMOR, "--offline", "--no-progress", tmp_path], capture_output=True)
    assert done.returncode != 0


# --- the action ---


def test_the_action_interpolates_nothing_into_its_scripts() -> None:
    action = loaded(ACTION)
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    used = json.dumps(action["runs"])
    assert all(f"inputs.{name}" in used for name in action["inputs"])


def played(repo: Path, tmp_path: Path, **inputs: str) -> dict[str, tuple[int, str]]:
    """The action's steps with its defaults; what each said."""
    action = loaded(ACTION)
    given = {name: row["default"] for name, row in action["inputs"].items()} | {"package": ""} | inputs
    output = tmp_path / "output"
    output.write_text("")
    ran = {}
    for step in action["runs"]["steps"]:
        when = step.get("if", "")
        wanted = [name for name in ("plans", "curves", "comment") if f"inputs.{name} == 'true'" in when]
        if any(given[name] != "true" for name in wanted):
            continue
        env = {name: given[text[11:-3]] for name, text in step.get("env", {}).items()}
        env |= {"RUNNER_TEMP": str(tmp_path / "runner"), "GITHUB_OUTPUT": str(output)}
        ran[step["name"]] = bash(repo, step["run"], **env)
    ran["output"] = (0, output.read_text())
    return ran


@needs_git
def test_the_action_checks_and_writes_a_comment(repo: Path, tmp_path: Path) -> None:
    git(repo, "checkout", "-q", "-b", "topic")
    film = repo / "films" / "a b.anim"
    film.write_text(film.read_text() + "\nzom = 1\n")
    commit(repo, "two")
    ran = played(repo, tmp_path, films="films\n\n", comment="true", base="main", plans="false", folder="a b")
    assert ran["install anim"] == (0, "")
    code, said = ran["find mistakes"]
    assert code == 1
    assert "::error file=films/a b.anim,line=9," in said
    assert ran["compare curves"][0] == 0
    assert ran["write the comment"][0] == 1
    assert (repo / "a b" / "comment.md").is_file()
    assert ran["output"][1] == "folder=a b\n"


# --- GitLab ---


@needs_git
def test_the_gitlab_jobs_report_mistakes_and_end_red(repo: Path) -> None:
    jobs = loaded(GITLAB)
    film = repo / "films" / "a b.anim"
    film.write_text(film.read_text() + "zom = 1\n")
    film.with_suffix(".curves.json").write_text("{}")
    (repo / "films" / "gone.curves.json").write_text("{}")
    commit(repo, "two")
    variables = {name: str(value) for name, value in jobs["variables"].items()}
    # GitLab runs the lines of a script one after the other in one shell, and stops at the first that fails
    script = "\n".join(jobs["anim:check"]["script"])
    code, said = bash(repo, script, **(variables | {"ANIM_FILMS": "films"}))
    assert code == 1, said
    report = json.loads((repo / "gl-code-quality-report.json").read_text())
    assert {row["location"]["path"] for row in report} == {"films/a b.anim"}
    # once by the check, once by the curves, whose film has a space in its name
    assert said.count("error[E2003]") == 2, said
    assert "gone" not in said
    assert jobs["anim:check"]["artifacts"]["reports"]["codequality"] == "gl-code-quality-report.json"
    assert "$CI_MERGE_REQUEST_DIFF_BASE_SHA" in jobs["anim:review"]["script"][0]


# --- pre-commit ---


def test_the_hooks_are_those_that_the_sample_names() -> None:
    shipped = {hook["id"]: hook for hook in loaded(HOOKS)}
    assert set(shipped) == {"anim-fmt", "anim-check"}
    (local,) = loaded(PROJECT / ".pre-commit-config.yaml")["repos"]
    for hook in local["hooks"]:
        assert hook.items() <= shipped[hook["id"]].items()


@needs_git
@pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not here")
def test_pre_commit_runs_the_hooks_of_this_repository(repo: Path, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copyfile(HOOKS, hooks / HOOKS.name)
    git(hooks, "init", "-q")
    revision = commit(hooks, "one")
    config = {
        "repos": [
            {"repo": str(hooks), "rev": revision, "hooks": [{"id": i} for i in ("anim-fmt", "anim-check")]}
        ]
    }
    (repo / ".pre-commit-config.yaml").write_text(json.dumps(config))
    commit(repo, "hooks")

    def run() -> tuple[int, str]:
        home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PRE_COMMIT_COLOR": "never"}
        git(repo, "add", "-A")
        done = subprocess.run(
            [str(PRE_COMMIT), "run"],
            cwd=repo,
            env=surroundings(repo, **home),
            capture_output=True,
            encoding="utf-8",
        )
        return done.returncode, done.stdout + done.stderr

    film = repo / "films" / "a b.anim"
    film.write_text(film.read_text().replace("zoom = 0s: 1", "zoom = 0s: 1.5"))
    (repo / "films" / "looks.anim").write_text("let swing = 2deg\n")
    code, said = run()
    assert code == 0, said
    assert said.count("Passed") == 2
    film.write_text(film.read_text().replace("size   =", "size =").replace("zoom", "zom"))
    code, said = run()
    assert code == 1
    assert "files were modified by this hook" in said
    assert "size   =" in film.read_text()
    assert "did you mean `zoom`?" in said
