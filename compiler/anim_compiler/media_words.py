"""Statements that name files: sounds, pictures, outputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anim_compiler.declare import MEDIA
from anim_compiler.env import Env, MediumBinding
from anim_compiler.levels import Named
from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import Name, Setting, Text, Word

if TYPE_CHECKING:
    from anim_compiler.collect import Collector

_EXAMPLES = {"audio": "song", "image": "photo", "video": "clip", "midi": "score", "lyrics": "words"}
_PLAIN_PATH = re.compile(r"[\w./-]+")


def medium(collect: Collector, statement: Word, word: str, env: Env) -> None:
    """`audio song = "song.mp3" { … }` and its like; videos, masks and the rest are read by their own."""
    head = statement.head[0] if len(statement.head) == 1 else None
    if word not in ("audio", "image"):
        collect.found.statements.append((word, statement))
        return
    if not isinstance(head, Name) or len(head.path) > 1 or not _path(statement):
        _nameless(collect, statement, word)
        if isinstance(head, Name):
            collect.check.scope.missing.add(head.text)
        return
    binding = env.names.get(head.text)
    if not isinstance(binding, MediumBinding) or binding.at != head.span:
        return
    assert isinstance(statement.value, Text)
    entries = settings(collect, statement, word, env)
    named = Named(head.text, head.span, statement.value.plain or "", statement.value.span, entries)
    (collect.found.audio if word == "audio" else collect.found.images).append(named)


def _nameless(collect: Collector, statement: Word, word: str) -> None:
    """`audio "song.ogg"`, `audio song = media/song.ogg`: what lacks, with the user's own path."""
    head = statement.head[0] if len(statement.head) == 1 else None
    name = _EXAMPLES.get(word, "NAME")
    message, at = f"`{word}` needs a name and a path", statement.word.span
    hint, edit = f'write `{word} {name} = "path"`', None
    if isinstance(head, Text) and statement.value is None:
        hint = f"write `{word} {name} = {collect.findings.sources.slice(head.span)}`"
        edit = Edit(Span(head.span.start, head.span.start), f"{name} = ")
    elif isinstance(head, Name) and statement.value is not None and not isinstance(statement.value, Text):
        at = statement.value.span
        written = collect.findings.sources.slice(at)
        message = "a path stands in double quotes"
        if _PLAIN_PATH.fullmatch(written):
            hint, edit = f'write `{word} {head.text} = "{written}"`', Edit(at, f'"{written}"')
    collect.findings.error("E2011", at, message, hint=hint, edit=edit)


def lone(collect: Collector, statement: Setting) -> bool:
    """Whether a setting is a file without its name, `audio = "song.ogg"`, which is reported."""
    word = statement.name.text
    if word not in MEDIA or not isinstance(statement.value, Text):
        return False
    name = _EXAMPLES.get(word, "NAME")
    path = collect.findings.sources.slice(statement.value.span)
    end = statement.name.span.end
    collect.findings.error(
        "E2011",
        statement.name.span,
        f"`{word}` needs a name and a path",
        hint=f"write `{word} {name} = {path}`",
        edit=Edit(Span(end, end), f" {name}"),
    )
    return True


def _path(statement: Word) -> bool:
    return isinstance(statement.value, Text) and statement.value.plain is not None


def output(collect: Collector, statement: Word, env: Env) -> None:
    """`output "film.mp4" { … }`."""
    head = statement.head[0] if len(statement.head) == 1 else None
    path = _written_path(collect, head) if isinstance(head, Text) else ""
    if head is None or not path:
        collect.findings.error(
            "E2011", statement.word.span, "`output` needs a path", hint='write `output "film.mp4"`'
        )
        return
    entries = settings(collect, statement, "output", env)
    collect.found.outputs.append(Named("", statement.word.span, path, head.span, entries))


def _written_path(collect: Collector, text: Text) -> str:
    """A path with its inserts as they are written: they are filled in when files are named."""
    return collect.findings.sources.slice(text.span).strip('"') if text.plain is None else text.plain


def settings(collect: Collector, statement: Word, word: str, env: Env) -> tuple[Entry, ...]:
    """The settings in a statement's block."""
    rows: list[Entry] = []
    body = statement.block.statements if statement.block else ()
    inner = collect.scope_of(body, env)
    for row in body:
        collect.in_block(row, word, rows, inner, None)
    return tuple(rows)
