"""The grammar of prompts: weights as AUTOMATIC1111 writes them.

`(a)` is 1.1 times, `[a]` is 1/1.1 times, `(a:1.5)` is 1.5 times, all nest and multiply; `\\(` and the like
are the characters themselves; `BREAK` starts a new chunk. Nothing here needs torch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ROUND = 1.1
SQUARE = 1 / 1.1
#: brackets within so many others weigh nothing, so that a prompt of nothing but brackets is read as fast as
#: any; 1.1 to the power of it is 445
MOST_NESTED = 64

_TOKEN = re.compile(
    r"""\\[()\[\]\\] | \\ | \( | \[ | :\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*\) | \) | \] | [^\\()\[\]:]+ | :""",
    re.VERBOSE,
)
_BREAK = re.compile(r"\s*\bBREAK\b\s*")


@dataclass(frozen=True, slots=True)
class Weighted:
    """A stretch of text and how strongly it counts; `breaks` starts a new chunk before it."""

    text: str
    weight: float
    breaks: bool = False


def parse_weights(text: str) -> tuple[Weighted, ...]:
    """The stretches of a prompt with their weights, neighbours of equal weight joined.

    The rules are those of A1111's `parse_prompt_attention`; an unclosed bracket weighs to the end.
    """
    stretches: list[tuple[str, float]] = []
    round_from: list[int | None] = []
    square_from: list[int | None] = []

    def scale(start: int | None, factor: float) -> None:
        if start is not None:
            stretches[start:] = [(part, weight * factor) for part, weight in stretches[start:]]

    def opened() -> int | None:
        return len(stretches) if len(round_from) + len(square_from) < MOST_NESTED else None

    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == "(":
            round_from.append(opened())
        elif token == "[":
            square_from.append(opened())
        elif token[0] == ":" and token[-1] == ")" and round_from:
            scale(round_from.pop(), float(token[1:-1]))
        elif token == ")" and round_from:
            scale(round_from.pop(), ROUND)
        elif token == "]" and square_from:
            scale(square_from.pop(), SQUARE)
        else:
            stretches.append((token[1:] if token[0] == "\\" and len(token) > 1 else token, 1.0))
    for start in round_from:
        scale(start, ROUND)
    for start in square_from:
        scale(start, SQUARE)
    return _joined(stretches)


def _joined(stretches: Sequence[tuple[str, float]]) -> tuple[Weighted, ...]:
    out: list[tuple[list[str], float, bool]] = []
    for text, weight in stretches:
        for i, part in enumerate(_BREAK.split(text)):
            if i == 0 and out and out[-1][1] == weight:
                out[-1][0].append(part)
            elif part or i > 0:
                out.append(([part], weight, i > 0))
    joined = (Weighted("".join(parts), weight, breaks) for parts, weight, breaks in out)
    return tuple(w for w in joined if w.text or w.breaks) or (Weighted("", 1.0),)
