"""All that may be written at a place."""

from __future__ import annotations

from collections.abc import Iterator

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At, at
from anim_studio.lsp.completing.candidate import Candidate
from anim_studio.lsp.completing.heads import heads
from anim_studio.lsp.completing.statements import statements
from anim_studio.lsp.completing.texts import texts
from anim_studio.lsp.completing.values import easings, key_times, operators, speeds, units, values


def candidates(analysed: Analysed, offset: int) -> tuple[At, tuple[Candidate, ...]]:
    """What stands at an offset, and what may be written there, each word once."""
    found = at(analysed.text, offset)
    kept: dict[str, Candidate] = {}
    for one in _all(analysed, found):
        known = kept.get(one.label)
        if known is None or one.rank < known.rank:
            kept[one.label] = one
    return found, tuple(sorted(kept.values(), key=lambda one: (one.rank,)))


def _all(analysed: Analysed, found: At) -> Iterator[Candidate]:
    match found.place:
        case "statement" if found.is_number:
            # a key is begun, in a block of keys
            yield from units(found, "time")
        case "statement":
            yield from statements(analysed, found)
        case "head":
            yield from (units(found, "time") if found.is_number else heads(analysed, found))
        case "value":
            yield from values(analysed, found)
        case "time":
            yield from key_times(analysed, found)
        case "easing":
            yield from easings(found, after_with=False)
        case "with":
            yield from easings(found, after_with=True)
        case "per":
            yield from speeds()
        case "operator":
            yield from operators(found)
        case "text":
            yield from texts(analysed, found)
        case "name" | "comment":
            return
