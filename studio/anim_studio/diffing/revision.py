"""The files of a revision as a world: each is taken out of git, into a folder, when it is asked for."""

from __future__ import annotations

import hashlib
import os.path
import posixpath
import re
import shutil
from pathlib import Path, PurePosixPath

from anim_compiler.models.lock import NAME as LOCK
from anim_compiler.world import Problem, World
from anim_dsl.source import Source
from anim_studio.diffing.git import LINK, SUBMODULE, Entry, Repository

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")
_MOST_POINTER = 1024
"""A Git LFS pointer is shorter than this (its specification)."""
_MOST_LINKS = 8


class Revision:
    """One commit of a repository, whose files come to lie under `folder`."""

    def __init__(self, repository: Repository, name: str, commit: str, folder: Path) -> None:
        self.repository = repository
        self.name = name
        self.folder = folder.resolve()
        self._tree = repository.tree(commit)
        self._brought: set[str] = set()
        #: files that the revision does not hold, which came from the work tree
        self.borrowed: dict[str, None] = {}

    def holds(self, path: PurePosixPath) -> bool:
        """Whether the revision has a file of that path."""
        return str(path) in self._tree

    def root(self, path: PurePosixPath) -> PurePosixPath:
        """The root of the film at that path: the nearest folder upwards with `anim.toml`, else the top."""
        for folder in path.parents:
            if str(folder / "anim.toml") in self._tree:
                return folder
        return PurePosixPath(".")

    def bring(self, path: str) -> None:
        """Puts a file under `folder`, if there is one; a link becomes the file that it leads to."""
        if path in self._brought:
            return
        self._brought.add(path)
        target = self.folder / path
        entry = self._followed(path)
        try:
            if entry is not None:
                content = self.repository.content(entry.oid)
                target.parent.mkdir(parents=True, exist_ok=True)
                if self._is_pointer(path, content, target):
                    return
                target.write_bytes(content)
            elif path not in self._tree or self._tree[path].mode == SUBMODULE:
                self._borrow(path, target)
        except (NotADirectoryError, FileExistsError, IsADirectoryError):
            return  # a path through a file, which names nothing here either

    def _followed(self, path: str) -> Entry | None:
        """The entry of a path, through links; None if it is none, or leads out of the tree."""
        for _ in range(_MOST_LINKS):
            entry = self._tree.get(path)
            if entry is None or entry.mode == SUBMODULE:
                return None
            if entry.mode != LINK:
                return entry
            link = self.repository.content(entry.oid).decode("utf-8", "surrogateescape")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
        return None

    def _is_pointer(self, path: str, content: bytes, target: Path) -> bool:
        """Whether the content is a Git LFS pointer, whose file was then put there."""
        found = _POINTER.match(content) if len(content) < _MOST_POINTER else None
        if found is None:
            return False
        oid = found[1].decode("ascii")
        kept = self.repository.large_files / oid[:2] / oid[2:4] / oid
        if kept.is_file():
            shutil.copyfile(kept, target)
            return True
        self._borrow(path, target)
        if target.is_file() and _sha256(target) == oid:
            self.borrowed.pop(path, None)
        return True

    def _borrow(self, path: str, target: Path) -> None:
        """Takes a file that git does not keep from the work tree; what git keeps now it did not have then."""
        there = self.repository.top / path
        inside = there.resolve().is_relative_to(self.repository.top)
        if not inside or not there.is_file():
            return
        if path not in self._tree and self.repository.is_tracked(PurePosixPath(path)):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(there, target)
        self.borrowed[path] = None


class RevisionWorld(World):
    """The files that a film of a revision may read."""

    def __init__(self, revision: Revision, film: PurePosixPath, *, cache: Path) -> None:
        top = revision.folder
        super().__init__(top / revision.root(film), top / film.parent, cache=cache)
        self._revision = revision
        self.folder.mkdir(parents=True, exist_ok=True)
        # the models are those that the revision was held to
        for folder in {film.parent, PurePosixPath(revision.root(film))}:
            if revision.holds(folder / LOCK):
                revision.bring(str(folder / LOCK))

    def film(self, path: PurePosixPath, name: str) -> Source | Problem:
        """The text of the film at a path from the top; messages call it `name`."""
        self._revision.bring(str(path))
        source = self.read_source(self._revision.folder / path)
        return source if isinstance(source, Problem) else Source(name, source.text)

    def resolve(self, text: str, *, folder: Path | None = None) -> Path | Problem:
        """As `World.resolve`, with the file taken out of git first."""
        if text.strip() and "\0" not in text and "://" not in text:
            whole = os.path.normpath((folder or self.folder) / text.replace("\\", "/"))
            try:
                inside = Path(whole).relative_to(self._revision.folder)
            except ValueError:
                return super().resolve(text, folder=folder)
            self._revision.bring(inside.as_posix())
        return super().resolve(text, folder=folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
