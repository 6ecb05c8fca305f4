"""Texts of which one stands at every moment, as one text that changes."""

from __future__ import annotations

from collections.abc import Sequence

from anim_compiler import texts
from anim_compiler.film import Alternative, Conditioning
from anim_compiler.typed import Apply, Const, Ease, KeyCurve, Moment, TimedKey
from anim_compiler.values import TextValue
from anim_dsl.source import Span


def standing(rows: Sequence[tuple[Moment, TextValue]], span: Span) -> Conditioning:
    """Texts that each stand from their moment on until the next one's: all of them, and at every frame one
    whose weight is not 0. The first stands before its moment too.
    """
    if len(rows) == 1:
        return rows[0][1].conditioning
    keys_of = tuple(
        TimedKey(moment, Const(float(i), span), Ease("hold"), False, span)
        for i, (moment, _) in enumerate(rows)
    )
    place = KeyCurve(keys_of, False, span)
    found: list[Alternative] = []
    for i, (_, value) in enumerate(rows):
        stands = Apply("eq", (place, Const(float(i), span)), span)
        found += [Alternative(a.parts, texts.weighted(stands, a.weight, span)) for a in value.conditioning]
    return tuple(found)
