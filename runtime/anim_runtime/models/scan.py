"""Looking through folders: what is there is put into the index, what went away is forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from anim_compiler.models.detect_words import plain
from anim_compiler.models.header import HeaderProblem, read_header
from anim_compiler.models.known import facts_at
from anim_runtime.models.entry import Entry, quick_id
from anim_runtime.models.folders import Layout, look_through
from anim_runtime.models.hub_cache import hub_reference, hub_revision
from anim_runtime.models.index import Index
from anim_runtime.models.sidecar import read_sidecar


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that is no model, and why, as the end of a sentence."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a look through a folder found. `alike` are models with the same content, two or more each."""

    folder: Path
    layout: Layout
    new: tuple[Entry, ...]
    known: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    unread: tuple[Unread, ...]
    pickles: tuple[Path, ...]
    alike: tuple[tuple[Entry, ...], ...]
    is_cut: bool = False


def scan(index: Index, folder: Path, tell: Callable[[int, int], None] = lambda done, all_: None) -> Scanned:
    """Puts every model below a folder into the index, where it is. Raises OSError.

    A file that was looked at before and has not changed is not opened; no digest is made. `tell` gets the
    number of models that are done, and of all.
    """
    folder = folder.expanduser().absolute()
    found = look_through(folder)
    before = {entry.path: entry for entry in index.entries()}
    new: list[Entry] = []
    known: list[Entry] = []
    unread: list[Unread] = []
    for number, path in enumerate(found.models):
        tell(number, len(found.models))
        made = read_model(path, before.get(path))
        if isinstance(made, Unread):
            unread.append(made)
        elif made is before.get(path):
            known.append(made)
        else:
            new.append(made)
    gone = tuple(e for p, e in before.items() if p.is_relative_to(folder) and not p.exists())
    index.put(new)
    index.remove(gone)
    tell(len(found.models), len(found.models))
    alike = same_content((*new, *known), before.values())
    return Scanned(
        folder,
        found.layout,
        tuple(new),
        tuple(known),
        gone,
        tuple(unread),
        found.pickles,
        alike,
        found.is_cut,
    )


def read_model(path: Path, before: Entry | None = None) -> Entry | Unread:
    """A model by its header, or by the JSON of its folder. What was noted of it `before` stays."""
    try:
        str(path).encode()
        if path.is_dir() and facts_at(path, "") is None:
            # before all that lies in it is looked at
            return Unread(path, _why_not(path))
        quick, size, changed = quick_id(path)
    except UnicodeEncodeError:
        return Unread(path, "has a name that is not UTF-8, which no film can write")
    except OSError as problem:
        return Unread(path, (problem.strerror or "cannot be read").lower())
    if before is not None and (before.quick, before.changed_ns) == (quick, changed):
        return before
    facts = facts_at(path, "")
    if facts is None:
        return Unread(path, _why_not(path))
    reference = hub_reference(path)
    # folders of the hub's cache are called by their commits
    title = reference.removeprefix("hf:") if reference and path.is_dir() else plain(facts.title)
    facts = replace(facts, reference=reference, size=size, title=title)
    entry = Entry(
        path, facts, (), revision=hub_revision(path), added=time.time(), quick=quick, changed_ns=changed
    )
    entry = read_sidecar(entry)
    if before is None:
        return entry
    # a file that was written anew keeps what its owner wrote, and loses what was known of its content
    return replace(
        entry, also=before.also, category=before.category, notes=before.notes, added=before.added,
        facts=replace(facts, reference=before.facts.reference or reference),
    )  # fmt: skip


def _why_not(path: Path) -> str:
    if path.is_dir():
        return "is a folder of another kind of model, or its JSON is damaged"
    found = read_header(path)
    return found.message if isinstance(found, HeaderProblem) else "is no model"


def same_content(entries: Sequence[Entry], others: Iterable[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """Models that are the same, as far as their sizes and both their ends tell; links count as one file."""
    rows: dict[tuple[str, int | None], dict[Path, Entry]] = {}
    for entry in (*entries, *others):
        try:
            real = entry.path.resolve()
        except OSError:
            continue
        if entry.quick and real.exists():
            rows.setdefault((entry.quick, entry.facts.size), {}).setdefault(real, entry)
    asked = {(entry.quick, entry.facts.size) for entry in entries}
    return tuple(tuple(row.values()) for key, row in rows.items() if key in asked and len(row) > 1)
