"""The user's library of models: asked for a reference, told of what was fetched, made again if it is torn."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from anim_compiler.models.air import is_air, parse_air
from anim_compiler.models.detect_words import family_of_words, plain
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.known import facts_at
from anim_compiler.whole_file import write_whole
from anim_dsl.nearest import nearest
from anim_runtime.models.entry import Entry, quick_id
from anim_runtime.models.fetched import Fetched
from anim_runtime.models.index import NAME, Index
from anim_runtime.models.mending import is_lost, opened
from anim_runtime.models.scan import Scanned, Unread, read_model, scan
from anim_runtime.models.sidecar import sidecar, write_sidecar

#: below the library's folder: what anim fetched itself, and what it converted
FILES: Final = "files"

_FOLDERS: Final = "folders.json"
_HEX: Final = re.compile(r"(?:sha256:)?([0-9a-fA-F]{8,64})")
_UNPINNED: Final = re.compile(r"civitai:\d+")


class Library:
    """The models on this machine. Opens its index when it is first asked; one that is torn is made again
    from what is on the disk, and `told` says so.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = ""
        self._index: Index | None = None

    @property
    def files(self) -> Path:
        """The folder of what anim fetches."""
        return self.folder / FILES

    @property
    def is_there(self) -> bool:
        """Whether there is anything to ask: a machine without models makes no folder."""
        return (self.folder / NAME).is_file() or is_lost(self.folder, self._places())

    @property
    def index(self) -> Index:
        """The index, opened. Raises sqlite3.Error and OSError where the disk refuses."""
        if self._index is None:
            self._index, self.told = opened(self.folder, self._places())
        return self._index

    def close(self) -> None:
        """Lets go of the index."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def find(self, reference: str) -> tuple[Entry, ...]:
        """The models that a reference, a digest's beginning, a name or a title leads to, the best first."""
        if not self.is_there:
            return ()
        name = plain_reference(reference)
        found = self.index.named(name) or self.index.named(reference)
        if not found and _UNPINNED.fullmatch(name):
            every = sorted(self.index.entries(), key=lambda e: -e.added)
            found = tuple(e for e in every if any(known.startswith(f"{name}@") for known in e.references))
        digest = _HEX.fullmatch(name)
        if not found and digest is not None:
            found = self.index.by_sha256(digest[1])
        return found or self._called(name)

    def one(self, reference: str, sha256: str = "") -> Entry | None:
        """The model that a reference leads to and that is on the disk, before others that of a digest, by
        whatever name; None if there is none.
        """
        pinned = self.index.by_sha256(sha256) if sha256 and self.is_there else ()
        there = [entry for entry in (*self.find(reference), *pinned) if entry.path.exists()]
        return next((entry for entry in there if sha256 and entry.facts.sha256 == sha256), None) or next(
            iter(there), None
        )

    def nearest(self, reference: str) -> str:
        """A name of the library that looks like a reference that leads nowhere; "" if none does."""
        if not self.is_there or reference.startswith(("civitai:", "urn:", "https:")):
            return ""  # numbers are never near each other
        names = [name for entry in self.index.entries() for name in (*entry.references, entry.name)]
        return nearest(reference, names) or ""

    def facts(self, reference: str) -> ModelFacts | None:
        """What is known of the model that a film names so; None if it is not here."""
        try:
            entry = self.one(reference)
        except (sqlite3.Error, OSError):
            return None
        if entry is None:
            return None
        try:
            if entry.path.is_file() and entry.path.stat().st_mtime_ns != entry.changed_ns:
                # it was written since anybody looked: what it says now counts
                found = read_model(entry.path, entry)
                entry = found if isinstance(found, Entry) else entry
        except OSError:
            return None
        return replace(entry.facts, reference=reference)

    def register(self, fetched: Fetched, *, category: str = "", notes: str = "") -> Entry:
        """Puts what was fetched into the index, and what is known of it beside it. Raises OSError."""
        quick, size, changed = quick_id(fetched.path)
        seen = facts_at(fetched.path, fetched.reference) or ModelFacts(fetched.reference)
        facts = replace(
            seen,
            sha256=fetched.sha256,
            size=size,
            # tensors are believed before what a site says
            kind=seen.kind if seen.kind != "unknown" else fetched.kind,
            family=seen.family or fetched.family or family_of_words(fetched.base),
            title=plain(fetched.title) or seen.title,
            trigger_words=tuple(map(plain, fetched.trigger_words)) or seen.trigger_words,
            licence=plain(fetched.licence) or seen.licence,
            author=plain(fetched.author) or seen.author,
        )
        now = time.time()
        entry = Entry(
            fetched.path, facts, fetched.also, fetched.source, fetched.revision, category,
            plain(notes or fetched.notes, 1000), fetched.is_nsfw, fetched.path.is_relative_to(self.folder),
            now, now if fetched.sha256 else 0.0, quick, changed,
        )  # fmt: skip
        before = self.index.at(fetched.path)
        if before is not None:
            entry = replace(
                entry,
                also=tuple(dict.fromkeys((*entry.also, *before.references))),
                category=category or before.category,
                notes=entry.notes or before.notes,
            )
        self.keep(entry)
        return entry

    def add_file(self, path: Path, *, category: str = "", notes: str = "") -> Entry | Unread:
        """Puts a file or folder into the index, where it lies; what is wrong with it if it is no model.

        Raises OSError.
        """
        path = path.expanduser().absolute()
        found = read_model(path, self.index.at(path))
        if isinstance(found, Unread):
            return found
        entry = replace(found, category=category or found.category, notes=plain(notes, 1000) or found.notes)
        self.keep(entry)
        return entry

    def digest(self, entry: Entry, *, again: bool = False) -> str:
        """The sha256 of a model as plans and locks hold it; read from the disk if nobody has yet, if the file
        was written since, or `again`. Raises OSError.
        """
        from anim_runtime.models.library import Located, digest

        quick, size, changed = quick_id(entry.path)
        is_same = (entry.quick, entry.changed_ns) == (quick, changed)
        if entry.facts.sha256 and is_same and not again:
            return entry.facts.sha256
        found = digest(Located(entry.path.name, "folder" if entry.path.is_dir() else "file", entry.path))
        facts = replace(entry.facts, sha256=found, size=size)
        self.keep(replace(entry, facts=facts, quick=quick, changed_ns=changed, verified=time.time()))
        return found

    def keep(self, entry: Entry) -> None:
        """Writes an entry, new or changed, to the index and beside its model. Raises OSError."""
        if entry.path.is_relative_to(self.folder) and not entry.is_own:
            entry = replace(entry, is_own=True)
        self.index.put([entry])
        write_sidecar(entry)

    def forget(self, entry: Entry, *, with_files: bool = False) -> None:
        """Takes a model out of the index; its files go only if that is asked for. Raises OSError."""
        if with_files:
            _delete(entry.path)
        with suppress(FileNotFoundError):
            if entry.is_own:
                sidecar(entry.path).unlink()
        self.index.remove([entry])

    def scan(self, folder: Path, tell: Callable[[int, int], None] = lambda done, all_: None) -> Scanned:
        """Looks through a folder of models, and remembers it. Raises OSError."""
        found = scan(self.index, folder, tell)
        if not found.folder.is_relative_to(self.folder):
            self._remember(found.folder)
        return found

    def folders(self) -> tuple[Path, ...]:
        """The folders of other programs that were looked through."""
        try:
            told = json.loads((self.folder / _FOLDERS).read_bytes())
        except (OSError, ValueError):
            return ()
        return (
            tuple(map(Path, told)) if isinstance(told, list) and all(isinstance(t, str) for t in told) else ()
        )

    def _places(self) -> tuple[Path, ...]:
        """Where its models lie: what anim fetched first."""
        return (self.files, *self.folders())

    def _remember(self, folder: Path) -> None:
        known = {str(folder), *map(str, self.folders())}
        write_whole(self.folder / _FOLDERS, json.dumps(sorted(known), indent=1).encode() + b"\n")

    def _called(self, name: str) -> tuple[Entry, ...]:
        """Models by their file's name or their title, in any case; the file's name first."""
        wanted = name.casefold().removesuffix(".safetensors")
        every = self.index.entries()
        found = tuple(e for e in every if e.name.casefold() == wanted)
        return found or tuple(e for e in every if e.title.casefold() == wanted)


def plain_reference(reference: str) -> str:
    """A reference without its finer clothes: `urn:air:sdxl:lora:civitai:1@2` is `civitai:1@2`."""
    air = parse_air(reference) if is_air(reference) else None
    return reference if air is None else air.reference


def _delete(path: Path) -> None:
    """Takes a file or a folder of files away, not what links in it lead to."""
    import shutil

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
