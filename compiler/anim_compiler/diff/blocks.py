"""Named blocks of scenes (LoRAs, controls, layers): new, gone, or with other settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from anim_compiler import setting
from anim_compiler.diff import numbers
from anim_compiler.diff.change import Area, Change, Kind
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.side import Side
from anim_compiler.diff.where import ranges
from anim_compiler.film import Curve
from anim_compiler.takes import Take
from anim_dsl.settings import SETTINGS


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a scene: what it is made of (`texts`, by setting) and its numbers."""

    name: str
    texts: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, Curve] = field(default_factory=dict)


#: the blocks of a scene, by the film that it is in
Read = Callable[[Side, Take], tuple[Block, ...]]


def changes(pair: Pair, area: Area, word: str, table: str, read: Read) -> Iterator[Change]:
    """Every change of blocks that stand under `word` and whose settings are those of `table`."""
    rows: dict[tuple[str, Kind, str, str, str], list[Matched]] = {}
    known: dict[str, None] = {}
    for scene in pair.matched:
        before = {block.name: block for block in read(pair.a, scene.a)}
        after = {block.name: block for block in read(pair.b, scene.b)}
        for name in dict.fromkeys((*before, *after)):
            known[name] = None
            for row in _texts(before.get(name), after.get(name)):
                rows.setdefault((name, *row), []).append(scene)
    for (name, kind, what, first, second), scenes in rows.items():
        yield _change(pair, area, f"{word} {name}", kind, (what, first, second), scenes)
    for name in known:
        yield from _numbers(pair, area, word, table, name, read)


def _texts(before: Block | None, after: Block | None) -> Iterator[tuple[Kind, str, str, str]]:
    """What happened to one block: kind, setting, and what was and is said of it."""
    if before is None or after is None:
        block = before or after
        assert block is not None
        said = ", ".join(text for text in block.texts.values() if text not in ("none", ""))
        yield ("added", "", "", said) if before is None else ("removed", "", said, "")
        return
    for name in dict.fromkeys((*before.texts, *after.texts)):
        first, second = before.texts.get(name, "none"), after.texts.get(name, "none")
        if first != second:
            yield "changed", name, first, second


def _change(
    pair: Pair, area: Area, path: str, kind: Kind, said: tuple[str, str, str], scenes: list[Matched]
) -> Change:
    what, before, after = said
    frames = ranges(np.sort(np.concatenate([pair.seen(scene.frames) for scene in scenes])))
    if kind == "changed":
        sentence = f"{what} {before} → {after}"
    else:
        sentence = f"{kind} ({before or after})" if before or after else kind
    word, _, name = path.partition(" ")
    scene = scenes[0].b.shot.name if pair.in_scenes and len(scenes) == 1 else ""
    words = pair.timeline.words(frames)
    return Change(area, kind, path, f"{word} `{name}`", sentence, words, scene, frames, before, after)


def _numbers(pair: Pair, area: Area, word: str, table: str, name: str, read: Read) -> Iterator[Change]:
    """The numbers of a block, in scenes of both films that have it."""

    def block(side: Side, take: Take) -> Block | None:
        return next((found for found in read(side, take) if found.name == name), None)

    both = [s for s in pair.matched if block(pair.a, s.a) is not None and block(pair.b, s.b) is not None]
    shared = {id(take) for s in both for take in (s.a, s.b)}
    found = [block(side, take) for s in both for side, take in ((pair.a, s.a), (pair.b, s.b))]
    for own in dict.fromkeys(n for b in found if b is not None for n in b.numbers):

        def find(take: Take, own: str = own) -> Curve | None:
            side = pair.a if any(take is s.a for s in both) else pair.b
            made = block(side, take) if id(take) in shared else None
            return None if made is None else made.numbers.get(own)

        spec = SETTINGS.get((table, own))
        yield from numbers.changes(
            pair,
            Number(
                area,
                f"{word} {name}.{own}",
                f"{word} `{name}`: `{own}`",
                find,
                kind=spec.type if spec else "number",
                unit=spec.unit if spec else "",
                default=setting.default(spec) if spec and setting.numeric(spec) else None,
            ),
        )
