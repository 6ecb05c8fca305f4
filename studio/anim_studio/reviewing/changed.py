"""Which films of a repository a branch changes, by their text or by what they read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from anim_studio.cli.exits import Exit, Stop
from anim_studio.diffing.git import LINK, Repository, ask

How: TypeAlias = Literal["changed", "new", "gone", "renamed", "follows"]

MOST_ASKED = 400
"""So many unchanged films are asked whether they read what changed: each takes some milliseconds."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A film that is to be reviewed: its path from the top, and the one it had before, None if it is new.

    `because` are the files that it reads and that changed, where its own text did not.
    """

    path: PurePosixPath
    before: PurePosixPath | None
    how: How
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """What changed between the commit in which a branch began and the work tree."""

    repository: Repository
    base: str
    films: tuple[Changed, ...]
    files: frozenset[str]
    #: films whose reading was not asked for, because there are so many
    unasked: int = 0


def rows(repository: Repository, base: str) -> Iterator[tuple[str, str, str]]:
    """Every file that changed since a commit: git's letter, the path before, the path now."""
    words = ("diff", "--name-status", "-z", "-M", "--no-ext-diff", "--no-textconv", base, "--")
    code, out, said = ask(repository.top, *words)
    if code:
        raise Stop(Exit.USAGE, "git cannot say what changed", said)
    parts = iter(os.fsdecode(out).split("\0"))
    for letter in parts:
        if not letter:
            continue
        first = next(parts)
        yield letter[0], first, next(parts) if letter[0] in "RC" else first


def branch(revision: str, here: Path, films: Sequence[Path], cache: Path) -> Branch:
    """What a branch changes since it left `revision`; of `films` if any are named. Raises `Stop`."""
    if revision.startswith("-"):
        raise Stop(Exit.USAGE, f"there is no option `{revision}`", "`anim review --help` lists the options")
    if Path(revision).suffix == ".anim" or ".." in revision:
        hint = "write the branch that it goes to: `anim review main`"
        raise Stop(Exit.USAGE, f"`{revision}` is no revision to compare with", hint)
    try:
        repository = Repository.around(here / "film.anim")
    except Stop as stop:
        hint = "go to the repository that the films are in" if "git work tree" in stop.message else stop.hint
        raise Stop(stop.code, "the working folder is in no git work tree", hint) from None
    base = repository.merge_base(revision, "HEAD")
    told = tuple(rows(repository, base))
    files = frozenset(name for _, first, second in told for name in (first, second))
    found = {one.path: one for one in map(_of_row, told) if one is not None}
    reads = Reads(repository.top, cache)
    links = {PurePosixPath(name) for name, entry in _tracked(repository) if entry == LINK}
    found = {path: one for path, one in found.items() if path not in links}
    asked = [
        PurePosixPath(name)
        for name, mode in _tracked(repository)
        if name.endswith(".anim") and mode != LINK and PurePosixPath(name) not in found
    ]
    for path in asked[:MOST_ASKED]:
        because = tuple(sorted(reads(repository.top / path) & files)) if files else ()
        if because:
            found[path] = Changed(path, path, "follows", because)
    if films:
        found = _only(repository, found, films)
    ordered = tuple(found[path] for path in sorted(found))
    return Branch(repository, base, ordered, files, max(0, len(asked) - MOST_ASKED))


class Reads:
    """The files that a film reads, by their paths from the top; none of a file that is only imported."""

    def __init__(self, top: Path, cache: Path) -> None:
        self.top = top
        self.cache = cache

    def __call__(self, film: Path) -> frozenset[str]:
        """The files of one film, there or not."""
        from anim_compiler.diff.library import is_library
        from anim_dsl.source import Source
        from anim_studio.cli.checking import findings, load

        try:
            if is_library(Source(film.name, film.read_bytes().decode("utf-8", "replace"))):
                return frozenset()
            # checked and no more: nothing is heard, nothing is compiled
            text = load(film, self.cache, film.name)
            findings(text)
            seen = text.world.seen
        except (OSError, Stop):
            # what cannot be read now is told when it changes
            return frozenset()
        top = self.top.resolve()
        return frozenset(path.relative_to(top).as_posix() for path in seen if path.is_relative_to(top))


def _of_row(row: tuple[str, str, str]) -> Changed | None:
    """A film of git's list."""
    letter, first, second = row
    before, after = PurePosixPath(first), PurePosixPath(second)
    if after.suffix != ".anim":
        return Changed(before, before, "gone") if before.suffix == ".anim" and letter == "R" else None
    match letter:
        case "A" | "C":
            return Changed(after, None, "new")
        case "D":
            return Changed(after, after, "gone")
        case "R" if before.suffix == ".anim":
            return Changed(after, before, "renamed")
        case "R":
            return Changed(after, None, "new")
        case _:
            return Changed(after, after, "changed")


def _tracked(repository: Repository) -> list[tuple[str, str]]:
    """The files in the index with their modes."""
    code, out, said = ask(repository.top, "ls-files", "-s", "-z")
    if code:
        raise Stop(Exit.USAGE, "git cannot list the files", said)
    found = []
    for entry in os.fsdecode(out).split("\0"):
        head, tab, name = entry.partition("\t")
        if tab:
            found.append((name, head.partition(" ")[0]))
    return found


def _only(
    repository: Repository, found: dict[PurePosixPath, Changed], films: Iterable[Path]
) -> dict[PurePosixPath, Changed]:
    """Those that were named, by themselves or by their folder; a film that did not change is left out."""
    kept: dict[PurePosixPath, Changed] = {}
    for film in films:
        # the top itself has no path from there
        inside = repository.inside(film) if film.resolve() != repository.top else PurePosixPath()
        if not film.exists() and inside not in found:
            raise Stop(Exit.USAGE, f"there is no film `{film}`, and there was none")
        kept |= {path: one for path, one in found.items() if path == inside or path.is_relative_to(inside)}
    return kept
