"""Markdown for an editor: code, facts, sentences; what comes from outside is made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable

from anim_dsl.visible import escaped

_TICKS = re.compile(r"`+")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_MARKS = re.compile(r"([\\*_\[\]<>#|!~`])")
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
#: so many characters of a foreign text are shown
_MOST = 2000


def code(text: str) -> str:
    """A text as code on one line, whatever back-ticks are in it."""
    shown = escaped(" ".join(text.split()))
    ticks = "`" * (max(map(len, _TICKS.findall(shown)), default=0) + 1)
    pad = " " if "`" in shown else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def plain(text: str) -> str:
    """A foreign text as it is, none of its signs read as Markdown but back-ticks around code."""
    shown = escaped(" ".join(text.split()))
    shown = shown if len(shown) <= _MOST else f"{shown[:_MOST]}…"
    made, at = [], 0
    for found in _CODE.finditer(shown):
        made += [_MARKS.sub(r"\\\1", shown[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*made, _MARKS.sub(r"\\\1", shown[at:])])


def fenced(text: str, language: str = "anim") -> str:
    """Lines as a block of code, whatever back-ticks are in them."""
    shown = "\n".join(escaped(line) for line in text.strip("\n").split("\n"))
    ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(shown)), default=0))
    return f"{ticks}{language}\n{shown}\n{ticks}"


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A line of facts, those without an answer left out."""
    return " · ".join(f"{name} {answer}".strip() for name, answer in rows if answer)


def sentence(text: str) -> str:
    """A line of help as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".") if text else ""


def stacked(*parts: str) -> str:
    """Paragraphs one below the other, empty ones left out."""
    return "\n\n".join(part for part in parts if part)


def ruled(*parts: str) -> str:
    """What belongs to different things, with a line between."""
    return "\n\n---\n\n".join(part for part in parts if part)


def without_marks(markdown: str) -> str:
    """What editors show that know no Markdown."""
    lines = (line for line in markdown.split("\n") if not line.startswith(("```", "---")))
    return "\n".join(_STRONG.sub(r"\1", line) for line in lines).replace("\n\n\n", "\n\n").strip()


def number(value: float) -> str:
    """A number as people read it."""
    return f"{round(value, 9) + 0.0:.5g}"
