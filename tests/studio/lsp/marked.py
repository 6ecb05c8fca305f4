"""Films with a cursor in them: `▮` is where someone types or points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from anim_studio.lsp.analysed import Analysed, analysed
from anim_studio.lsp.desk import Desk

CURSOR = "▮"


def split(text: str) -> tuple[str, int]:
    """A text without its cursor, and where that is."""
    offset = text.index(CURSOR)
    return text[:offset] + text[offset + 1 :], offset


def opened(
    text: str, path: Path | None = None, *, evaluated: bool = False, desk: Desk | None = None
) -> Analysed:
    """A text as the server understands it; `evaluated` with its numbers."""
    made = analysed(text, path, desk=desk)
    if not evaluated or made.film is None:
        return made
    from anim_compiler.memo import Memo
    from anim_studio.live.compile.numbers import Numbers

    return replace(made, good=Numbers(Memo()).readable(made.film, made.world, None)[0])


def typed_on(before: str, text: str, path: Path | None = None, *, evaluated: bool = True) -> Analysed:
    """A text that has mistakes now, and had none a moment ago."""
    first, now = opened(before, path, evaluated=evaluated), opened(text, path)
    return replace(now, last_film=first.film, good=first.good)
