"""Paths and addresses in a film that can be opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lsprotocol.types import DocumentLink, DocumentLinkParams

from anim_compiler.findings import STANDARD
from anim_compiler.world import Problem
from anim_dsl.settings import setting
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Setting, Statement, Text, Word
from anim_dsl.walk import walk
from anim_dsl.words import WORDS
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.standard import standard_path

_CIVITAI: Final = re.compile(r"civitai:(\d{1,18})(?:@(\d{1,18}))?")
_HUB: Final = re.compile(r"hf:([\w.-]+/[\w.-]+)", re.ASCII)
_WEB: Final = re.compile(r"https://[^\s\"]+")
#: settings whose text may be a path, though they are of another type
_PATHS: Final = frozenset({"init", "source", "model", "vae", "lut", "font", "hint"})
#: statements whose texts name what is written, not what is read
_WRITTEN: Final = frozenset({"output"})


def document_links(made: Analysed, _: DocumentLinkParams) -> list[DocumentLink]:
    """The files that a film names and that are there, and the pages of its models."""
    links: list[DocumentLink] = []
    for text in _texts(made.document.statements, "film"):
        target = _target(text.plain or "", made)
        if target is not None:
            # without the quotes
            inner = Span(text.span.start + 1, max(text.span.start + 1, text.span.end - 1))
            links.append(DocumentLink(made.positions.range(inner), target=target))
    return links


def _texts(statements: tuple[Statement, ...], block: str) -> Iterator[Text]:
    for statement in statements:
        if isinstance(statement, Word):
            yield from _of_word(statement)
        elif isinstance(statement, Setting) and _is_path(statement.name.path[-1], block):
            yield from _in(statement.value)


def _of_word(statement: Word) -> Iterator[Text]:
    word = statement.word.text
    spec = WORDS.get(word)
    if word in _WRITTEN:
        return
    if spec is not None and (spec.path or word == "import"):
        yield from (part for part in statement.head if isinstance(part, Text))
        yield from _in(statement.value) if statement.value is not None else ()
    if statement.block is not None:
        yield from _texts(statement.block.statements, word)


def _is_path(name: str, block: str) -> bool:
    spec = setting(block, name) or setting("film", name)
    return name in _PATHS or (spec is not None and spec.type == "path")


def _in(value: Expr) -> Iterator[Text]:
    yield from (node for node, _ in walk(value) if isinstance(node, Text))


def _target(text: str, made: Analysed) -> str | None:
    if not text:
        return None
    if text.startswith(STANDARD):
        path = standard_path(text)
        return None if path is None else made.desk.uri(path)
    page = _page(text)
    if page is not None or ":" in text:
        return page
    found = made.world.resolve(text)
    return None if isinstance(found, Problem) else made.desk.uri(found)


def _page(reference: str) -> str | None:
    """The page of a model, by its reference."""
    civitai = _CIVITAI.match(reference)
    if civitai is not None:
        version = f"?modelVersionId={civitai[2]}" if civitai[2] else ""
        return f"https://civitai.com/models/{civitai[1]}{version}"
    hub = _HUB.match(reference)
    if hub is not None:
        return f"https://huggingface.co/{hub[1]}"
    return reference if _WEB.fullmatch(reference) else None
