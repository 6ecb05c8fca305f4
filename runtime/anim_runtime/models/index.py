"""The index of the library: one SQLite file, safe among processes, that can be made again from the disk."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from anim_compiler.models.facts import ModelFacts
from anim_runtime.models.entry import Entry

NAME: Final = "index.sqlite"

VERSION: Final = 2
"""Raised whenever the tables change; an index of another version is made again."""

#: seconds that a process waits for another that writes
_PATIENCE: Final = 20.0

_FACTS: Final = ("reference", "sha256", "size", "kind", "family", "title", "control", "steps", "licence",
                 "layout", "prediction", "guidance", "resolution_px", "author", "description")  # fmt: skip
_OWN: Final = ("source", "revision", "category", "notes", "is_nsfw", "is_own", "added", "verified", "quick",
               "changed_ns")  # fmt: skip
_COLUMNS: Final = ("path", "trigger_words", *_FACTS, *_OWN)

_TABLES: Final = f"""
CREATE TABLE models (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, trigger_words TEXT NOT NULL,
                     {", ".join(f"{name}" for name in (*_FACTS, *_OWN))});
CREATE INDEX models_by_sha256 ON models (sha256);
CREATE TABLE names (name TEXT NOT NULL, model INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
                    PRIMARY KEY (name, model));
PRAGMA user_version = {VERSION};
"""


class Damaged(Exception):
    """The index cannot be read: its file is torn, or of another version."""


class Index:
    """The index of the library in `folder`; every method is one transaction. Raises `Damaged` when it is
    opened, sqlite3.Error and OSError where the disk refuses.
    """

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._opened = _open(folder / name)

    def close(self) -> None:
        """Lets go of the file."""
        self._opened.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def entries(self) -> tuple[Entry, ...]:
        """Every model, by kind and title."""
        found = self._read("", ())
        return tuple(sorted(found, key=lambda e: (e.facts.kind, e.title.casefold(), str(e.path))))

    def at(self, path: Path) -> Entry | None:
        """The model at a path."""
        return next(iter(self._read("WHERE path = ?", (self._stored(path),))), None)

    def named(self, name: str) -> tuple[Entry, ...]:
        """The models that a film may call so, the newest first."""
        where = "WHERE id IN (SELECT model FROM names WHERE name = ?)"
        return tuple(sorted(self._read(where, (_text(name),)), key=lambda e: -e.added))

    def by_sha256(self, start: str) -> tuple[Entry, ...]:
        """The models whose digest begins so."""
        end = start[:-1] + chr(ord(start[-1]) + 1)
        return tuple(self._read("WHERE sha256 >= ? AND sha256 < ?", (start.lower(), end.lower())))

    def names(self) -> tuple[str, ...]:
        """All that films may call the models of the library."""
        return tuple(row[0] for row in self._opened.execute("SELECT DISTINCT name FROM names ORDER BY name"))

    def put(self, entries: Iterable[Entry]) -> None:
        """Adds models, or what is new of them, in one transaction."""
        with self._writing():
            for entry in entries:
                self._put(entry)

    def remove(self, entries: Iterable[Entry]) -> None:
        """Forgets models; no file is touched."""
        with self._writing():
            for entry in entries:
                self._opened.execute("DELETE FROM models WHERE path = ?", (self._stored(entry.path),))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._opened.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._opened.execute("ROLLBACK")
            raise
        self._opened.execute("COMMIT")

    def _put(self, entry: Entry) -> None:
        values = (
            self._stored(entry.path),
            json.dumps(entry.facts.trigger_words),
            *(getattr(entry.facts, name) for name in _FACTS),
            *(getattr(entry, name) for name in _OWN),
        )
        update = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
        (number,) = self._opened.execute(
            f"INSERT INTO models ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
            f"ON CONFLICT (path) DO UPDATE SET {update} RETURNING id",
            values,
        ).fetchone()
        self._opened.execute("DELETE FROM names WHERE model = ?", (number,))
        rows = [(name, number) for name in entry.references]
        self._opened.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", rows)

    def _read(self, where: str, values: tuple[object, ...]) -> list[Entry]:
        order = ", ".join(f"models.{name}" for name in _COLUMNS)
        rows = self._opened.execute(f"SELECT id, {order} FROM models {where}", values).fetchall()
        try:
            return [self._entry(row) for row in rows]
        except (ValueError, TypeError) as problem:
            # SQLite knows whether its pages are whole, not what they are to say
            raise sqlite3.DatabaseError(f"a row is damaged: {problem}") from None

    def _entry(self, row: tuple[object, ...]) -> Entry:
        number, *rest = row
        told = dict(zip(_COLUMNS, rest, strict=True))
        words = tuple(json.loads(str(told["trigger_words"])))
        # the columns are written here alone, from fields of these types
        facts = ModelFacts(**{n: told[n] for n in _FACTS}, trigger_words=words, told_by="library")  # type: ignore[arg-type]
        names = self._opened.execute("SELECT name FROM names WHERE model = ? ORDER BY rowid", (number,))
        also = tuple(name for (name,) in names if name != facts.reference)
        own = {n: told[n] for n in _OWN} | {n: bool(told[n]) for n in ("is_nsfw", "is_own")}
        return Entry(self.folder / str(told["path"]), facts, also, **own)  # type: ignore[arg-type]

    def _stored(self, path: Path) -> str:
        """A path as it is kept: from the library's folder if it lies there, so that the folder can move."""
        return _text(str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else str(path))


def _text(name: str) -> str:
    """A name as SQLite can look for it: what is not UTF-8 is written out, and leads to nothing."""
    return name.encode("utf-8", "backslashreplace").decode()


def _open(path: Path) -> sqlite3.Connection:
    """The file with its tables, only to be read where nothing can be written. Raises `Damaged`."""
    try:
        return _checked(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None))
    except sqlite3.OperationalError:
        beside = path.with_name(f"{path.name}-wal")
        # a full disk, or one that is only to be read; what is in a journal would be overlooked
        if not path.is_file() or (beside.is_file() and beside.stat().st_size):
            raise
        kept = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return _checked(sqlite3.connect(kept, uri=True, isolation_level=None))


def _checked(opened: sqlite3.Connection) -> sqlite3.Connection:
    """The same, with its tables. Raises `Damaged`, and closes it then."""
    try:
        with suppress(sqlite3.OperationalError):
            # not on every network disk; without it readers wait for writers
            opened.execute("PRAGMA journal_mode = WAL")
        opened.execute("PRAGMA foreign_keys = ON")
        if opened.execute("PRAGMA user_version").fetchone() != (VERSION,):
            _make_tables(opened)
        # a torn file is told now, not in the middle of something
        found = opened.execute("PRAGMA quick_check(1)").fetchone()
        if found != ("ok",):
            raise Damaged(str(found[0]))
    except sqlite3.OperationalError:
        opened.close()
        raise
    except (sqlite3.DatabaseError, Damaged) as problem:
        opened.close()
        raise Damaged(str(problem)) from None
    return opened


def _make_tables(opened: sqlite3.Connection) -> None:
    opened.execute("BEGIN IMMEDIATE")
    try:
        # another process may have made them in the meantime
        (version,) = opened.execute("PRAGMA user_version").fetchone()
        is_new = not opened.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        if version == 0 and is_new:
            for statement in _TABLES.split(";"):
                opened.execute(statement)
        elif version != VERSION:
            raise Damaged(f"it is of version {version}, and this is {VERSION}")
    finally:
        opened.execute("COMMIT")
