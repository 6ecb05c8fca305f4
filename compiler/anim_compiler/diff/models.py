"""What draws the film: the model, LoRAs, embeddings and controls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anim_compiler.compile import BUILT_IN_MODEL
from anim_compiler.diff import blocks
from anim_compiler.diff.blocks import Block
from anim_compiler.diff.change import Change, Kind
from anim_compiler.diff.media_uses import pictures
from anim_compiler.diff.pair import Pair
from anim_compiler.diff.side import Side
from anim_compiler.film import WordSchedule
from anim_compiler.takes import Take


def changes(pair: Pair) -> tuple[Change, ...]:
    """The model, then everything that is added to it."""
    return (
        *_model(pair),
        *_embeddings(pair),
        *blocks.changes(pair, "models", "lora", "lora", _loras),
        *blocks.changes(pair, "models", "control", "control", _controls),
    )


def _model(pair: Pair) -> Iterator[Change]:
    before, after = (_called(side) for side in (pair.a, pair.b))
    if before != after:
        yield Change(
            "models", "replaced", "model", "`model`", f"{before} → {after}", before=before, after=after
        )
        return
    hashes = [side.facts.model if side.facts else "" for side in (pair.was, pair.b)]
    if all(hashes) and hashes[0] != hashes[1]:
        words = f"replaced ({after}, {hashes[0][:8]} → {hashes[1][:8]})"
        yield Change("models", "replaced", "model", "`model`", words, before=hashes[0], after=hashes[1])


def _called(side: Side) -> str:
    model = side.film.model
    if isinstance(model, WordSchedule):
        return ", ".join(text for _, text in model.keys)
    return model or BUILT_IN_MODEL


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


def _loras(_: Side, take: Take) -> tuple[Block, ...]:
    """LoRAs by what they are: a name says nothing of the picture."""
    return tuple(Block(lora.reference, {}, {"weight": lora.weight}) for lora in take.shot.loras)


def _controls(side: Side, take: Take) -> tuple[Block, ...]:
    known = pictures(side.film)
    return tuple(
        Block(
            control.kind if control.name in ("", control.kind) else f"{control.kind} {control.name}",
            {"source": _picture(known, control.source), "hint": _picture(known, control.hint)},
            control.numbers,
        )
        for control in take.shot.controls
    )


def _picture(known: Mapping[str | None, str], name: str | None) -> str:
    """A picture as messages call it, with the beginning of the digest of what is in it."""
    if name is None:
        return "none"
    return f"{name} {known[name][:8]}" if name in known else name
