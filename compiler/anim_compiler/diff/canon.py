"""What an expression is, whatever it is called: a digest without places in the text and names of `let`s."""

from __future__ import annotations

import hashlib

from anim_compiler.film import Conditioning
from anim_compiler.typed import (
    Apply,
    Clock,
    Const,
    Feature,
    KeyCurve,
    OnFilm,
    Recorded,
    Schedule,
    Typed,
    children,
)


def canon(expr: Typed) -> bytes:
    """Equal for two expressions that compute the same from the same clock and sound."""
    known: dict[int, bytes] = {}
    stack: list[tuple[Typed, bool]] = [(expr, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in known:
            continue
        if ready:
            known[id(node)] = _node(node, known)
            continue
        stack.append((node, True))
        stack.extend((child, False) for child in children(node))
    return known[id(expr)]


def conditioning(value: Conditioning) -> bytes:
    """Equal for two prompts that say the same, with the same formulas in them."""
    parts = [
        (
            tuple(p if isinstance(p, str) else canon(p) for p in row.parts),
            None if row.weight is None else canon(row.weight),
        )
        for row in value
    ]
    return _digest(parts)


def _node(node: Typed, known: dict[int, bytes]) -> bytes:
    inside = [known[id(child)] for child in children(node)]
    match node:
        case Const():
            return _digest(("const", node.value))
        case Clock():
            return _digest(("clock", node.name))
        case Feature():
            return _digest(("feature", node.track, node.name, node.arguments))
        case Recorded():
            return _digest(("recorded", node.how, node.points.says))
        case Apply():
            return _digest(("apply", node.function, inside))
        case Schedule():
            return _digest(("schedule", node.text))
        case OnFilm():
            return _digest(("film", inside))
        case KeyCurve():
            times = [(key.at.seconds, key.at.beats, key.ease, key.live) for key in node.keys]
            from_there = [i for i, key in enumerate(node.keys) if key.at.from_second]
            return _digest(("keys", node.smooth, times, from_there, inside))


def _digest(parts: object) -> bytes:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()
