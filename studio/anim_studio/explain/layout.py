"""Lines for a terminal of 80 columns: paragraphs, code and rows of facts, painted by the caller."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from anim_studio.lexing.painter import painter

WIDTH = 80

#: paints a text in a style of the terminal: `bold`, `dim`, `cyan` …
Paint: TypeAlias = Callable[[str, str], str]

_TICKED = re.compile(r"`([^`]+)`")
_FENCED = re.compile(r"\x00")


@dataclass(frozen=True, slots=True)
class Style:
    """How lines are painted, and whether only ASCII can be drawn."""

    paint: Paint
    plain: bool = False
    colour: bool = False


def title(style: Style, name: str, kind: str) -> str:
    """The first line of an explanation: the name, and what it is."""
    return f"{style.paint(name, 'bold')}  {style.paint(kind, 'dim')}"


def paragraph(style: Style, text: str, indent: str = "") -> list[str]:
    """A paragraph, wrapped; what stands in back-ticks stays on one line and is painted."""
    # a span of code is one word for the wrapping
    joined = _TICKED.sub(lambda match: f"`{match[1].replace(' ', chr(0))}`", text)
    lines = textwrap.wrap(
        joined,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [ticked(style, _FENCED.sub(" ", line)) for line in lines]


def ticked(style: Style, text: str) -> str:
    """The text with its code painted; without colours the back-ticks stay."""
    if not style.colour:
        return text
    return _TICKED.sub(lambda match: style.paint(match[1], "cyan"), text)


def code(style: Style, text: str) -> list[str]:
    """Lines of a film, indented, in the colours of the language."""
    paint = painter(colour=style.colour)
    shown = text.rstrip("\n") if paint is None else paint(text.rstrip("\n"))
    return [f"    {line}".rstrip() for line in shown.split("\n")]


def rows(style: Style, facts: Iterable[tuple[str, str]]) -> list[str]:
    """Two columns, the second one wrapped: what is asked, and the answer."""
    pairs = [(name, text) for name, text in facts if text]
    if not pairs:
        return []
    gutter = min(max(len(name) for name, _ in pairs), 24) + 2
    lines: list[str] = []
    for name, text in pairs:
        wrapped = paragraph(style, text, " " * (gutter + 2)) or [""]
        first = wrapped[0][gutter + 2 :]
        if len(name) + 2 > gutter:
            lines += [f"  {style.paint(name, 'bold')}", *wrapped]
        else:
            lines += [f"  {style.paint(name, 'bold')}{' ' * (gutter - len(name))}{first}", *wrapped[1:]]
    return lines


def names(style: Style, words: Iterable[str]) -> list[str]:
    """Names side by side, wrapped; a name is never broken."""
    joined = " ".join(word.replace(" ", "\x00") for word in words)
    lines = textwrap.wrap(joined, WIDTH - 2, break_long_words=False, break_on_hyphens=False)
    return [f"  {style.paint(_FENCED.sub(' ', line), 'cyan')}" for line in lines]
