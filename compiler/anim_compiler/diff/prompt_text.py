"""What a prompt says, as people write it, and what is another in two such texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from anim_compiler.curves import rounded
from anim_compiler.diff.canon import canon
from anim_compiler.diff.side import Side
from anim_compiler.film import Conditioning
from anim_compiler.sound.problem import AudioError
from anim_compiler.takes import Take
from anim_compiler.typed import Typed

_WORD = re.compile(r",|[^\s,]+")

LONG = 90
"""Two texts longer than this together are told by the words that changed."""


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt: `key` is equal for two that ask for the same at every frame, `text` is how it reads."""

    key: tuple[object, ...]
    text: str


def said(side: Side, take: Take, value: Conditioning) -> Said:
    """What a conditioning says at the frames of a scene."""
    key = tuple(
        (
            tuple(p if isinstance(p, str) else _values(take, p) for p in row.parts),
            None if row.weight is None else _values(take, row.weight),
        )
        for row in value
    )
    texts = []
    for row in value:
        inside = "".join(p if isinstance(p, str) else f"{{{_written(side, p)}}}" for p in row.parts)
        text = f'"{" ".join(inside.split())}"'
        texts.append(text if row.weight is None else f"{text} * {_written(side, row.weight)}")
    return Said(key, " + ".join(texts))


def spoken(before: str, after: str) -> str:
    """`"a forest" → "a burning forest"`; of long texts only the words that changed, and those around."""
    if len(before) + len(after) <= LONG:
        return f"{before} → {after}"
    a, b = (_WORD.findall(text.strip('"')) for text in (before, after))
    blocks = [o for o in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if o[0] != "equal"]
    parts = [_edit(a, b, op) for op in blocks]
    if len(parts) <= 3 and sum(len(part) for part in parts) <= 1.5 * LONG:
        return ", ".join(parts)
    cut = _cut(before), _cut(after)
    if cut[0] != cut[1]:
        return " → ".join(cut)
    first = parts[0] if len(parts[0]) <= LONG else "other words"
    return first if len(parts) == 1 else f"{first}, and {len(parts) - 1} more edits"


def _edit(a: list[str], b: list[str], op: tuple[str, int, int, int, int]) -> str:
    """One run of words that changed."""
    kind, first, last, start, end = op
    old, new = _text(a[first:last]), _text(b[start:end])
    if kind == "insert":
        word = next((word for word in reversed(a[:first]) if word != ","), "")
        after = f' after "{word}"' if word else " at the beginning"
        return f'"{new}" added{after}'
    if kind == "delete":
        return f'"{old}" taken out'
    return f'"{old}" → "{new}"'


def _text(words: list[str]) -> str:
    """Words as they stand in a text, without the commas around them."""
    return " ".join(words).replace(" ,", ",").strip(" ,")


def _cut(text: str) -> str:
    most = LONG // 2
    if len(text) <= most:
        return text
    end = '…"' if text.startswith('"') else "…"
    return text[: most - 1].rstrip() + end


def _values(take: Take, expr: Typed) -> bytes:
    """Equal for expressions of equal values; where there are no values, for equal expressions."""
    try:
        return rounded(take.evaluator.column(expr))[: take.own].tobytes()
    except (AudioError, ValueError):
        return canon(expr)


def _written(side: Side, expr: Typed) -> str:
    return " ".join(side.film.sources.slice(expr.span).split())
