"""Structural keys of expressions: equal text, equal key, wherever in the film it stands.

A key is a digest, so that it says the same in every process, and so that expressions which use one another
many times over cost no more than their nodes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

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

_SIZE = 16


@dataclass(slots=True)
class Keys:
    """Makes keys of expressions, each node once. `tracks` says what is heard in each track: its file and
    how it is analysed. A feature of a track that is not there has no key, nor has what stands on it.
    """

    tracks: Mapping[str, str] = field(default_factory=dict)
    _done: dict[int, tuple[Typed, bytes | None]] = field(default_factory=dict)

    def key(self, expr: Typed) -> bytes | None:
        """The key of an expression, 16 bytes, without its place in the text; None if it has none."""
        stack = [expr]
        while stack:
            node = stack[-1]
            waiting = [child for child in children(node) if id(child) not in self._done]
            if waiting and id(node) not in self._done:
                stack.extend(waiting)
                continue
            stack.pop()
            if id(node) not in self._done:
                # the node is kept beside its key, so that its id is not given away
                self._done[id(node)] = (node, self._made(node))
        return self._done[id(expr)][1]

    def _made(self, node: Typed) -> bytes | None:
        inner = [self._done[id(child)][1] for child in children(node)]
        if isinstance(node, Feature) and node.track not in self.tracks:
            return None
        digest = hashlib.blake2b(repr(self._own(node)).encode(), digest_size=_SIZE)
        for key in inner:
            if key is None:
                return None
            digest.update(key)
        return digest.digest()

    def _own(self, node: Typed) -> tuple[object, ...]:
        """What makes a node itself, without what is inside it: plain values whose `repr` is exact."""
        match node:
            case Const():
                return ("const", node.value)
            case Clock():
                return ("clock", node.name)
            case Feature():
                return ("feature", self.tracks[node.track], node.name, node.arguments)
            case Recorded():
                return ("recorded", node.how, node.points.says)
            case Apply():
                return ("apply", node.function, len(node.arguments))
            case KeyCurve():
                return ("keys", node.smooth, tuple((key.at, key.ease, key.live) for key in node.keys))
            case Schedule():
                return ("schedule", node.text)
            case OnFilm():
                return ("on film",)


def key(expr: Typed, tracks: Mapping[str, str] | None = None) -> bytes | None:
    """The structural key of one expression; see `Keys`."""
    return Keys(tracks or {}).key(expr)
