"""A workflow played step by step: its `run:` commands in a scratch repository, with this project's `anim`."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
PROJECT = ROOT / "examples" / "ci-project"
ACTION = ROOT / "studio" / "ci" / "github" / "action.yml"
GITLAB = ROOT / "studio" / "ci" / "gitlab" / "anim.gitlab-ci.yml"

#: every condition that the workflows have, and when it holds in a run that was not cancelled
_ALWAYS = ("${{ !cancelled() }}",)
_PULL = ("${{ !cancelled() && github.event_name == 'pull_request' }}",)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a step ended and what it said."""

    name: str
    code: int
    said: str


def loaded(path: Path) -> Any:
    """A YAML file as data."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def git(folder: Path, *words: str) -> str:
    """A git command, told of nobody's configuration."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=surroundings(folder), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """What a runner's shell has: `anim` on the PATH, and nothing of git's or of the user's."""
    tools = folder.parent / "tools"
    tools.mkdir(exist_ok=True)
    script = tools / "anim"
    if not script.exists():
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m anim_studio "$@"\n')
        script.chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_", "CI_", "PRE_COMMIT"))}
    path = os.pathsep.join((str(tools), kept["PATH"]))
    return kept | {"PATH": path, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | more


def scratch(folder: Path, source: Path = PROJECT) -> Path:
    """A copy of a project as a repository of its own, with one commit on `main`."""
    repo = folder / "repo"
    shutil.copytree(source, repo, ignore=shutil.ignore_patterns("out", "review"))
    git(repo, "init", "-q")
    commit(repo, "one")
    return repo


def commit(repo: Path, says: str) -> str:
    """Everything that is there committed; the commit's name."""
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", says)
    return git(repo, "rev-parse", "HEAD")


def bash(repo: Path, script: str, **env: str) -> tuple[int, str]:
    """A script as GitHub's runners call it."""
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=repo,
        env=surroundings(repo, **env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
    )
    return done.returncode, done.stdout


def play(
    repo: Path,
    steps: list[dict[str, Any]],
    values: Mapping[str, str],
    *,
    pull: bool,
    first: str = "",
    last: str = "",
    call: Callable[[list[str]], tuple[int, str]] | None = None,
) -> list[Ran]:
    """The `run:` steps of a job in their order, from the `first` to the `last`; `values` are what its
    expressions give. `call` runs what is one command of ours by its words, instead of a shell and a process.
    """
    ran: list[Ran] = []
    begin = next(at for at, step in enumerate(steps) if step["name"].startswith(first))
    for step in steps[begin:]:
        if "run" not in step or step["name"].startswith("install"):
            continue
        when = step.get("if", "")
        assert when in ("", *_ALWAYS, *_PULL), when
        has_failed = any(one.code for one in ran)
        if (when in _PULL and not pull) or (not when and has_failed):
            continue
        assert "${{" not in step["run"]
        env = {name: value_of(text, values) for name, text in step.get("env", {}).items()}
        words = step["run"].strip()
        if call is not None and words.startswith("anim ") and "\n" not in words:
            code, said = call([Template(word).substitute(env) for word in shlex.split(words)[1:]])
        else:
            code, said = bash(repo, step["run"], **env)
        ran.append(Ran(step["name"], code, said))
        if step["name"] == last:
            break
    return ran


def value_of(text: str, values: Mapping[str, str]) -> str:
    """`${{ github.sha }}` as its value."""
    for name, value in values.items():
        text = text.replace(f"${{{{ {name} }}}}", value)
    assert "${{" not in text, text
    return text
