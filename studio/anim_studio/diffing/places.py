"""What the command line names: two films, each a file or a path in a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anim_studio.cli.exits import Exit, Stop
from anim_studio.diffing.git import Repository

_USAGE = "write `anim diff a.anim b.anim`, `anim diff film.anim` or `anim diff HEAD~1 film.anim`"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a film is: the file `path`, or that file in `revision` (`commit`), which messages call it by.

    `may_be_absent`: a film of a work tree may be gone. `called` is its path for messages, if it is another
    than from the working folder.
    """

    path: Path
    revision: str | None = None
    commit: str = ""
    may_be_absent: bool = False
    called: str = ""

    @property
    def label(self) -> str:
        """`film.anim` or `HEAD~1:film.anim`."""
        path = self.called or self.path.as_posix()
        return path if self.revision is None else f"{self.revision}:{path}"

    def repository(self) -> Repository:
        """The repository that a revision is of. Raises `Stop` if there is none."""
        return Repository.around(self.path)


def places(words: Sequence[str]) -> tuple[Place, Place]:
    """The earlier and the later film. Raises `Stop` for words that do not name two."""
    match tuple(words):
        case (film,):
            return _in("HEAD", film), _here(film)
        case (first, second) if Path(first).exists() or _spec(first) is not None:
            return _file(first), _file(second)
        case (revision, film) if "..." in revision:
            return _since_parted(revision, film)
        case (revision, film) if ".." in revision:
            first, _, last = revision.partition("..")
            return _in(first or "HEAD", film), _in(last or "HEAD", film)
        case (revision, film):
            return _in(revision, film), _here(film)
        case (first, last, film) if not Path(first).exists():
            return _in(first, film), _in(last, film)
        case _:
            raise Stop(Exit.USAGE, "`diff` compares two films", _USAGE)


def _file(word: str) -> Place:
    """A file, or `REVISION:PATH`."""
    found = _spec(word)
    if found is not None:
        return _in(*found)
    if word.startswith("-"):
        raise Stop(Exit.USAGE, f"there is no option `{word}`", "`anim diff --help` lists the options")
    return Place(Path(word))


def _here(film: str) -> Place:
    """A film in the work tree, which has it no longer if it was removed."""
    return Place(Path(film), may_be_absent=True)


def _in(revision: str, film: str) -> Place:
    """A film in a revision. Raises `Stop` if there is no such revision."""
    if revision.startswith("-"):
        raise Stop(Exit.USAGE, f"there is no option `{revision}`", "`anim diff --help` lists the options")
    path = Path(film)
    if path.is_dir():
        raise Stop(Exit.USAGE, f"`{film}` is a folder, not a film", "name a `.anim` file")
    repository = Repository.around(path)
    return Place(path, revision, repository.commit(revision))


def _since_parted(revisions: str, film: str) -> tuple[Place, Place]:
    """`A...B`: what B changed since it parted from A."""
    first, _, last = revisions.partition("...")
    repository = Repository.around(Path(film))
    base = repository.merge_base(first or "HEAD", last or "HEAD")
    return Place(Path(film), base[:12], base), _in(last or "HEAD", film)


def _spec(word: str) -> tuple[str, str] | None:
    """`HEAD~1:film.anim` in two; None for a file, whose name may hold a colon, and for a drive."""
    revision, colon, path = word.partition(":")
    if not colon or not path or len(revision) < 2 or Path(word).exists():
        return None
    return revision, path
