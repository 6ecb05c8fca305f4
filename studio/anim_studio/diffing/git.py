"""Questions to git: read-only, without a shell, and blind to surroundings that change the answers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from anim_studio.cli.exits import Exit, Stop

_SECONDS = 120
"""A question that takes longer than this has no answer: a network disk, or a lock."""

#: kinds of entries in a tree
LINK, SUBMODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a revision: its mode, and the name of its content."""

    mode: str
    oid: str


class Repository:
    """A git repository with a work tree."""

    def __init__(self, top: Path) -> None:
        self.top = top

    @classmethod
    def around(cls, path: Path) -> Repository:
        """The repository that a file lies in. Raises `Stop` if there is none, or no git."""
        folder = path.resolve().parent
        while not folder.is_dir():
            folder = folder.parent
        code, out, said = ask(folder, "rev-parse", "--show-toplevel")
        if code or not out.strip():
            raise Stop(Exit.USAGE, f"`{path}` is in no git work tree", _why_none(said))
        return cls(Path(os.fsdecode(out.rstrip(b"\r\n"))).resolve())

    def inside(self, path: Path) -> PurePosixPath:
        """A file's path from the top of the work tree, its own name not followed if it is a link."""
        whole = path.parent.resolve() / path.name
        try:
            return PurePosixPath(whole.relative_to(self.top).as_posix())
        except ValueError:
            raise Stop(Exit.USAGE, f"`{path}` is outside the work tree `{self.top.name}`") from None

    def commit(self, revision: str) -> str:
        """The commit that a revision names. Raises `Stop` if it names none."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        code, out, _ = ask(self.top, *words)
        if code or not out.strip():
            raise Stop(Exit.USAGE, f"there is no revision `{revision}`", _like(self, revision))
        return out.decode("ascii").strip()

    def merge_base(self, first: str, second: str) -> str:
        """The commit in which two revisions parted. Raises `Stop` if they have none in common."""
        code, out, _ = ask(self.top, "merge-base", self.commit(first), self.commit(second))
        if code or not out.strip():
            hint = "fetch more of the history: `git fetch --unshallow`"
            raise Stop(Exit.USAGE, f"`{first}` and `{second}` have no commit in common", hint)
        return out.decode("ascii").split()[0]

    def tree(self, commit: str) -> Mapping[str, Entry]:
        """Every file of a commit by its path from the top."""
        code, out, said = ask(self.top, "ls-tree", "-r", "-z", "--full-tree", commit)
        if code:
            raise Stop(Exit.USAGE, "git cannot read the revision", said)
        found: dict[str, Entry] = {}
        for row in out.split(b"\0"):
            if row:
                head, _, name = row.partition(b"\t")
                mode, _, oid = head.decode("ascii").split()
                found[os.fsdecode(name)] = Entry(mode, oid)
        return found

    def content(self, oid: str) -> bytes:
        """The bytes of a file as git keeps them: no filter and no conversion is run."""
        code, out, said = ask(self.top, "cat-file", "blob", oid)
        if code:
            raise Stop(Exit.USAGE, "git cannot read a file of the revision", said)
        return out

    def is_tracked(self, path: PurePosixPath) -> bool:
        """Whether git has a file in its index."""
        code, _, _ = ask(self.top, "ls-files", "--error-unmatch", "-z", "--", str(path))
        return code == 0

    @cached_property
    def large_files(self) -> Path:
        """Where Git LFS keeps the contents of its files."""
        code, out, _ = ask(self.top, "rev-parse", "--git-common-dir")
        home = Path(os.fsdecode(out.rstrip(b"\r\n"))) if code == 0 else Path(".git")
        return (self.top / home / "lfs" / "objects").resolve()


def ask(folder: Path, *words: str) -> tuple[int, bytes, str]:
    """Exit code, standard output and the last line of the complaint of a git command in a folder."""
    command = [
        "git",
        "--no-pager",
        "--literal-pathspecs",
        "--no-replace-objects",
        "-c",
        "core.fsmonitor=false",
        "-c",
        f"core.hooksPath={os.devnull}",
        "-c",
        "protocol.allow=never",
        *words,
    ]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise Stop(
            Exit.USAGE,
            "`git` is not on this machine, and a revision was named",
            "install git, or name two files: `anim diff a.anim b.anim`",
        ) from None
    except subprocess.TimeoutExpired:
        raise Stop(
            Exit.USAGE, f"git did not answer in {_SECONDS} s", "is another git at work here?"
        ) from None
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return done.returncode, done.stdout, said[-1] if said else ""


def _environment() -> dict[str, str]:
    """The surroundings without git's own variables: another repository, index, configuration or program
    that they name must not answer, and nothing may be asked, fetched or locked.
    """
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }


def _why_none(said: str) -> str:
    if "dubious ownership" in said:
        return "it belongs to another user: `git config --global --add safe.directory PATH` trusts it"
    return "name two files: `anim diff a.anim b.anim`"


def _like(repository: Repository, revision: str) -> str:
    code, _, _ = ask(repository.top, "rev-parse", "--verify", "--quiet", "HEAD")
    if code:
        return "the repository has no commit yet"
    shallow, out, _ = ask(repository.top, "rev-parse", "--is-shallow-repository")
    if shallow == 0 and out.strip() == b"true":
        return "only a part of the history is here: `git fetch --unshallow` gets the rest"
    if Path(revision).suffix == ".anim":
        return f"and there is no file `{revision}`"
    return "`git log --oneline` lists some, like `HEAD~1`, a branch or a tag"
