"""`anim.lock`: the models of a folder's films, each held to its content, so that films compile without them.

A JSON text of one line a model, in the order of their references::

    [{"format": 1}
    ,{"reference": "civitai:25694", "sha256": "…", "size": 2132625894, "kind": "checkpoint", …}
    ,{"reference": "hf:someone/neon-lora", …}
    ]

No line depends on another, so that two branches which each add a model merge as any text does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, get_args

from anim_compiler.models.facts import ModelFacts, ModelKind

NAME: Final = "anim.lock"

MOST_BYTES: Final = 4 * 2**20
"""A lock may have so many bytes: some ten thousand models."""

_FORMAT: Final = 1
_NEWER: Final = "was written by a newer version of anim"
_MOST_WORDS: Final = 64
_LONGEST: Final = 4096
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_KINDS: Final = frozenset(get_args(ModelKind))
#: texts of an entry besides its reference and digest, in the order they are written in
_TEXTS: Final = ("kind", "family", "title", "control", "guidance", "licence", "source", "revision")


@dataclass(frozen=True, slots=True)
class LockedModel:
    """A model as a lock holds it: its facts (with `sha256`), the address it came from, without secrets, and
    the version or commit there.
    """

    facts: ModelFacts
    source: str = ""
    revision: str = ""

    @property
    def reference(self) -> str:
        """How films name it."""
        return self.facts.reference


@dataclass(frozen=True, slots=True)
class ModelLock:
    """A lock by the references of its models; `fault` says why it cannot be used, "" if it can."""

    models: Mapping[str, LockedModel] = field(default_factory=lambda: MappingProxyType({}))
    fault: str = ""

    @property
    def remedy(self) -> str:
        """What to do about the fault."""
        if self.fault == _NEWER:
            return "use the anim that wrote it, or a newer one"
        return "mend it, or delete it and write it anew: `anim models lock FILM`"

    def with_models(self, models: Iterable[LockedModel]) -> ModelLock:
        """The lock with these besides; what it held under the same references gives way."""
        return ModelLock(
            MappingProxyType({**self.models, **{model.reference: model for model in models}}), self.fault
        )

    def only(self, references: Iterable[str]) -> ModelLock:
        """The lock of no other models than these."""
        kept = frozenset(references)
        return ModelLock(MappingProxyType({k: v for k, v in self.models.items() if k in kept}), self.fault)


def lock_path(folder: Path, root: Path) -> Path:
    """The lock that holds for films in a folder: the folder's own, else that of the root if there is one."""
    own, shared = folder / NAME, root / NAME
    return shared if not own.is_file() and shared.is_file() else own


def read_lock(path: Path) -> ModelLock | None:
    """The lock at `path`; None if there is none. What is wrong with it is its `fault`."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MOST_BYTES:
            return ModelLock(fault=f"has more than {MOST_BYTES >> 20} MiB")
        return parse_lock(path.read_bytes())
    except OSError as problem:
        return ModelLock(fault=(problem.strerror or "cannot be opened").lower())


def parse_lock(data: bytes) -> ModelLock:
    """The lock of those bytes."""
    if b"<<<<<<<" in data and b">>>>>>>" in data:
        return ModelLock(fault="holds the marks of a merge that was not finished")
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        return ModelLock(fault="is no JSON text")
    head = rows[0] if isinstance(rows, list) and rows else None
    if head != {"format": _FORMAT}:
        number = head.get("format") if isinstance(head, dict) else None
        is_newer = type(number) is int and number > _FORMAT
        return ModelLock(fault=_NEWER if is_newer else "is no lock of this version")
    found: dict[str, LockedModel] = {}
    try:
        for row in rows[1:]:
            model = _model(row)
            if found.setdefault(model.reference, model) != model:
                return ModelLock(fault=f"holds `{model.reference}` twice, to different things")
    except (ValueError, TypeError, KeyError):
        return ModelLock(fault="is damaged")
    return ModelLock(MappingProxyType(found))


def lock_text(lock: ModelLock) -> str:
    """The text of a lock; the same for the same models, in whichever order they came."""
    rows = [_row(lock.models[reference]) for reference in sorted(lock.models)]
    return "".join((json.dumps({"format": _FORMAT}).join(("[", "\n")), *(f",{row}\n" for row in rows), "]\n"))


def _row(model: LockedModel) -> str:
    facts = model.facts
    row: dict[str, object] = {"reference": facts.reference, "sha256": facts.sha256, "size": facts.size}
    row |= {name: text for name in _TEXTS if (text := _text_of(model, name))}
    if facts.trigger_words:
        row["trigger_words"] = list(facts.trigger_words)
    if facts.steps is not None:
        row["steps"] = facts.steps
    return json.dumps(row)


def _text_of(model: LockedModel, name: str) -> str:
    return str(getattr(model if name in ("source", "revision") else model.facts, name))


def _model(row: object) -> LockedModel:
    """One entry as it was written; raises what a damaged one makes."""
    if not isinstance(row, dict):
        raise TypeError("no entry")
    texts = {name: _text(row.get(name, "")) for name in ("reference", "sha256", *_TEXTS)}
    size, steps, words = row.get("size"), row.get("steps"), row.get("trigger_words", [])
    if not texts["reference"] or _SHA256.fullmatch(texts["sha256"]) is None:
        raise ValueError("no entry")
    if any(number is not None and (type(number) is not int or number < 0) for number in (size, steps)):
        raise ValueError("no number")
    if not isinstance(words, list) or len(words) > _MOST_WORDS:
        raise ValueError("no words")
    source, revision = texts.pop("source"), texts.pop("revision")
    kind = texts.pop("kind") or "unknown"
    facts = ModelFacts(
        texts["reference"],
        kind if kind in _KINDS else "unknown",  # type: ignore[arg-type]  # it is one of them
        texts["family"],
        texts["sha256"],
        size,
        texts["title"],
        tuple(map(_text, words)),
        texts["control"],
        steps,
        texts["licence"],
        told_by="lock",
        guidance=texts["guidance"],
    )
    return LockedModel(facts, source, revision)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise TypeError("no text")
    return value
