"""The text of a film that is made of another tool's file: statements, blocks and comments, laid out."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from anim_compiler.check import check
from anim_compiler.models.facts import KnownModels, nothing_known
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.format import format_source
from anim_dsl.format.whole import laid_out
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.visible import escaped

_WIDE = 100
#: a key list that is longer than this on one line is written as a block, a key a line
_LONGEST_LIST = 88
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Setting:
    """`name = value`; `why` is a comment above it, `beside` one behind it."""

    name: str
    value: str
    why: str = ""
    beside: str = ""
    #: the value's keys, as time and value: a long list is written as a block
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it is written: `lora grain = "grain.safetensors" { weight = 0.6 }`."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """Lines of a comment; long ones are broken, unless they are `code` that may be taken in again."""

    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Block:
    """`head { items }`. One that `is_whole` means nothing without any of its items, or with none of them; any
    other without items is left out.
    """

    head: str
    items: tuple[Item, ...]
    why: str = ""
    is_whole: bool = False


Item: TypeAlias = Setting | Statement | Comment | Gap | Block


def film_text(items: Iterable[Item], name: str = "film") -> str:
    """The film, laid out as `anim fmt` lays it out. ValueError if the pieces are no film's, which is a bug
    of the importer.
    """
    text = "".join(f"{line}\n" for line, _ in written(items))
    laid = format_source(Source(name, text))
    if not isinstance(laid, str):
        raise ValueError(f"the film made of `{name}` has syntax errors: {laid[0].message}")
    return re.sub(r"\n{3,}", "\n\n", laid).lstrip("\n")


def checked(
    text: str, folder: Path, name: str = "film", models: KnownModels = nothing_known
) -> tuple[Diagnostic, ...]:
    """What `anim check` says of a film that will stand in a folder."""
    document, slips = parse(Source(name, text))
    if any(slip.severity.value == "error" for slip in slips):
        return slips
    _, findings = check(document, World.open(folder / f"{name}.anim", models=models))
    return findings


def quoted(text: str) -> str:
    """A text in quotes that is read as just that: quotes, back-slashes and braces written out, white space
    and what is no character as spaces; marks that turn the way of writing are written by their numbers.
    """
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", text)
    text = re.sub(r'\\(?![()\[\]])|["{}]', lambda match: f"\\{match[0]}", text)
    text = _TURNING.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)
    return f'"{text}"'


def identifier(text: str, taken: Iterable[str] = (), fallback: str = "item") -> str:
    """A name like the text that no other thing has: small letters, digits and `_`."""
    name = re.sub(r"_+", "_", re.sub(r"[^0-9A-Za-z]", "_", text)).strip("_").lower()[:40].strip("_")
    if not name or name[0].isdigit():
        name = f"{fallback}_{name}".rstrip("_")
    used = set(taken)
    if name not in used:
        return name
    return next(f"{name}_{i}" for i in range(2, len(used) + 3) if f"{name}_{i}" not in used)


def comment(text: str) -> list[str]:
    """A comment's lines, broken at spaces; nothing in them can end it."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        safe = escaped(" ".join(paragraph.split()))
        lines += textwrap.wrap(safe, _WIDE, break_on_hyphens=False) or [""]
    return [f"# {line}".rstrip() for line in lines]


def keyed(name: str, translated_keys: tuple[tuple[str, str], ...], text: str) -> str:
    """`name = text`, or the same as a block with one key a line where the list is long."""
    if not translated_keys or len(name) + len(text) < _LONGEST_LIST:
        return f"{name} = {text}"
    return "\n".join([f"{name} {{", *(f"{at}: {value}" for at, value in translated_keys), "}"])


def as_comment(item: Item, why: str) -> Item:
    """An item that cannot stand in the film yet as a comment that may be taken in again, with the reason."""
    if isinstance(item, Comment | Gap):
        return item
    lines = [line for line, _ in written((replace(item, why=""),))]
    if len(lines) == 1:
        return Comment(f"{lines[0]}  # {why}", code=True)
    laid = laid_out(Source("", "".join(f"{line}\n" for line in lines))).rstrip("\n")
    return Comment(f"{why}\n{laid}", code=True)


def settings_of(values: Mapping[str, str]) -> tuple[Setting, ...]:
    """Settings by their names, in order."""
    return tuple(Setting(name, value) for name, value in values.items())


def written(items: Iterable[Item], at: tuple[int, ...] = ()) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The lines of items, each with the place of the item that it belongs to: the number of the item, then
    that of one inside of it. All lines of a block that `is_whole` are the block's.
    """
    for number, item in enumerate(items):
        place = (*at, number)
        if isinstance(item, Block) and (item.items or item.is_whole):
            yield from ((line, place) for line in (comment(item.why) if item.why else ()))
            if not item.items:
                yield item.head, place
                continue
            yield f"{item.head} {{", place
            for line, inner in written(item.items, place):
                yield line, place if item.is_whole else inner
            yield "}", place
        else:
            yield from ((line, place) for line in _one(item))


def _one(item: Item) -> Iterator[str]:
    match item:
        case Gap():
            yield ""
        case Comment(text, code):
            yield from [f"# {escaped(line)}" for line in text.split("\n")] if code else comment(text)
        case Statement(text, why):
            yield from comment(why) if why else ()
            yield from text.split("\n")
        case Setting():
            yield from _setting(item)
        case Block():
            pass  # one without items


def _setting(item: Setting) -> Iterator[str]:
    yield from comment(item.why) if item.why else ()
    first, *rest = keyed(item.name, item.keys, item.value).split("\n")
    beside = " ".join(escaped(item.beside).split())
    yield f"{first}  # {beside}" if beside else first
    yield from rest
