"""What the statements `markers`, `midi` and `series` have in common: a name, a file, a block of settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler import options
from anim_compiler.entry import Entry
from anim_compiler.env import MediumBinding
from anim_compiler.events.unreadable import Unreadable
from anim_compiler.world import Problem, World
from anim_dsl.source import Span
from anim_dsl.syntax import Name, Text, Word

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_FILES = {"markers": ("cuts", "labels.txt"), "midi": ("score", "song.mid"), "series": ("data", "data.csv")}
"""What messages call the statements' things."""

_CODES = {"markers": "E4040", "midi": "E4041", "series": "E4042"}
"""The codes of files that are not what a statement reads."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A statement whose file is there: `written` is its path in the film, `relative` that from the root."""

    word: str
    name: str
    written: str
    span: Span
    path: Path
    relative: str
    sha256: str
    entries: tuple[Entry, ...]


def opened(check: Expressions, statement: Word, word: str, world: World) -> Opened | None:
    """The statement's name, file and settings; what is wrong is reported, and its name counts as missing."""
    head = statement.head[0] if len(statement.head) == 1 else None
    name = head.text if isinstance(head, Name) and len(head.path) == 1 else ""
    text = statement.value.plain if isinstance(statement.value, Text) else None
    if not name or not isinstance(statement.value, Text) or not text:
        like, file = _FILES[word]
        hint = f'write `{word} {like} = "{file}"`'
        check.findings.error("E2011", statement.word.span, f"`{word}` needs a name and a path", hint=hint)
        check.scope.missing.update(name and [name])
        return None
    entries = tuple(options.options(check, statement.block, word))
    binding = check.env.find(name)
    if not isinstance(binding, MediumBinding) or binding.at != statement.head[0].span:
        return None
    path = world.resolve(text)
    if isinstance(path, Problem):
        check.findings.error(path.code, statement.value.span, path.message, hint=path.hint)
        check.scope.missing.add(name)
        return None
    relative, sha256 = world.relative(path), world.sha256(path)
    return Opened(word, name, text, statement.value.span, path, relative, sha256, entries)


def refuse(check: Expressions, opened: Opened, found: Unreadable) -> None:
    """Reports that a statement's file cannot be read; its name counts as missing."""
    check.scope.missing.add(opened.name)
    code, at = found.code or _CODES[opened.word], found.at or opened.span
    check.findings.error(code, at, found.message, hint=found.hint)
