"""What draws the film: the model, LoRAs, embeddings and controls."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from anim_compiler.diff import blocks
from anim_compiler.diff.blocks import Block
from anim_compiler.diff.change import Change, Kind
from anim_compiler.diff.media_uses import mask_text
from anim_compiler.diff.pair import Pair
from anim_compiler.diff.side import Side
from anim_compiler.diff.where import ranges, short
from anim_compiler.drawing.names import BUILT_IN_MODEL
from anim_compiler.film import Film, Lora, MaskOf, WordSchedule
from anim_compiler.takes import Take


def changes(pair: Pair) -> tuple[Change, ...]:
    """The models, then everything that is added to them."""
    return (
        *_models(pair),
        *_decoder(pair),
        *_embeddings(pair),
        *blocks.changes(pair, "models", "lora", "lora", _Loras(pair)),
        *blocks.changes(pair, "models", "control", "control", _controls),
    )


def _models(pair: Pair) -> Iterator[Change]:
    before, after = (_called(side) for side in (pair.a, pair.b))
    if before != after:
        said = [_by_frame(side, pair.b.clock.frames) for side in (pair.a, pair.b)]
        other = np.array([one != two for one, two in zip(*said, strict=True)], dtype=bool)
        frames = ranges(pair.seen(np.flatnonzero(other)))
        whole = not isinstance(pair.a.film.model, WordSchedule) and not isinstance(
            pair.b.film.model, WordSchedule
        )
        words = "" if whole else pair.timeline.words(frames)
        where = () if whole else frames
        sentence = f"{before} → {after}"
        yield Change("models", "replaced", "model", "`model`", sentence, words, "", where, before, after)
        return
    hashes = [side.facts.model if side.facts else "" for side in (pair.was, pair.b)]
    if all(hashes) and hashes[0] != hashes[1]:
        told = f"replaced ({after}, {hashes[0][:8]} → {hashes[1][:8]})"
        yield Change("models", "replaced", "model", "`model`", told, before=hashes[0], after=hashes[1])


def _called(side: Side) -> str:
    """A film's model, or its models with the seconds from which on they draw: `a, b at 4 s`."""
    model = side.film.model
    if not isinstance(model, WordSchedule):
        return model or BUILT_IN_MODEL
    rows = [(side.clock.stands(at) / float(side.clock.fps), text) for at, text in model.keys]
    return ", ".join(text if at <= 0 else f"{text} at {short(at)} s" for at, text in sorted(rows))


def _by_frame(side: Side, frames: int) -> list[str]:
    """The model that draws each of so many frames."""
    model = side.film.model
    if not isinstance(model, WordSchedule):
        return [model or BUILT_IN_MODEL] * frames
    rows = sorted((side.clock.stands(at), text) for at, text in model.keys)
    return [
        next((text for at, text in reversed(rows) if at <= frame + 1e-9), rows[0][1])
        for frame in range(frames)
    ]


def _decoder(pair: Pair) -> Iterator[Change]:
    before, after = (side.film.vae or "the model's own" for side in (pair.a, pair.b))
    if before != after:
        yield Change("models", "replaced", "vae", "`vae`", f"{before} → {after}", before=before, after=after)


def _embeddings(pair: Pair) -> Iterator[Change]:
    a, b = ({e.name: e.reference for e in side.film.embeddings} for side in (pair.a, pair.b))
    for name in dict.fromkeys((*a, *b)):
        first, second = a.get(name), b.get(name)
        if first == second:
            continue
        subject, path = f"embedding `{name}`", f"embedding {name}"
        kind: Kind = "added" if first is None else "removed" if second is None else "replaced"
        sentence = f"{first} → {second}" if kind == "replaced" else f"{kind} ({first or second})"
        yield Change("models", kind, path, subject, sentence, before=first or "", after=second or "")


class _Loras:
    """LoRAs by what they are, for a name says nothing of the picture; one whose file is another one, by its
    name.
    """

    def __init__(self, pair: Pair) -> None:
        before, after = (_files(side) for side in (pair.a, pair.b))
        both = {name for name, _ in before} & {name for name, _ in after}
        shared = {file for _, file in before} & {file for _, file in after}
        self._replaced = frozenset((n, f) for n, f in before | after if n in both and f not in shared)

    def __call__(self, _: Side, take: Take) -> tuple[Block, ...]:
        return tuple(map(self._block, take.shot.loras))

    def _block(self, lora: Lora) -> Block:
        if (lora.name, lora.reference) in self._replaced:
            return Block(lora.name, {"file": lora.reference}, {"weight": lora.weight})
        return Block(lora.reference, {}, {"weight": lora.weight})


def _files(side: Side) -> frozenset[tuple[str, str]]:
    """The names of a film's LoRAs with their references."""
    return frozenset((lora.name, lora.reference) for take in side.takes for lora in take.shot.loras)


def _controls(side: Side, take: Take) -> tuple[Block, ...]:
    return tuple(
        Block(
            control.kind if control.name in ("", control.kind) else f"{control.kind} {control.name}",
            {
                "model": control.model or "none",
                "source": _picture(side.film, control.source),
                "hint": _picture(side.film, control.hint),
            },
            control.numbers,
        )
        for control in take.shot.controls
    )


def _picture(film: Film, name: str | None) -> str:
    """A picture by its file and what is in it, so that its name does not count."""
    return "none" if name is None else mask_text(film, MaskOf(name))
