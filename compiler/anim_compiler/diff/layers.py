"""The layers over the picture, and their order."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.diff import blocks
from anim_compiler.diff.align import in_order
from anim_compiler.diff.blocks import Block
from anim_compiler.diff.change import Change
from anim_compiler.diff.media_uses import pictures, whole_mask_text
from anim_compiler.diff.pair import Pair
from anim_compiler.diff.prompt_text import said
from anim_compiler.diff.side import Side
from anim_compiler.diff.where import ranges
from anim_compiler.film import Layer, Word
from anim_compiler.takes import Take


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every changed layer, then those that stand in another order."""
    return (*blocks.changes(pair, "layers", "layer", "layer", _layers), *_order(pair))


def _layers(side: Side, take: Take) -> tuple[Block, ...]:
    return tuple(_block(side, take, layer) for layer in take.shot.layers)


def _block(side: Side, take: Take, layer: Layer) -> Block:
    texts = {name: _word(word) for name, word in layer.words.items()}
    if layer.source is not None:
        digest = pictures(side.film).get(layer.source, "")
        texts = {"source": f"{layer.source} {digest[:8]}" if digest else layer.source, **texts}
    if layer.text is not None:
        texts = {"text": said(side, take, layer.text).text, **texts}
    if layer.mask is not None:
        mask = next((m for m in side.film.masks if m.name == layer.mask), None)
        texts["mask"] = layer.mask if mask is None else whole_mask_text(side.film, mask)
    return Block(layer.name, texts, layer.numbers)


def _word(word: Word) -> str:
    if isinstance(word, bool):
        return "on" if word else "off"
    return "none" if word is None else str(word)


def _order(pair: Pair) -> Iterator[Change]:
    for scene in pair.matched:
        before = [layer.name for layer in scene.a.shot.layers]
        after = [layer.name for layer in scene.b.shot.layers]
        rows = [(before.index(name), j) for j, name in enumerate(after) if name in before]
        kept = in_order(rows)
        for _, j in rows:
            if j in kept:
                continue
            frames = ranges(pair.seen(scene.frames))
            place = "to the bottom" if j == 0 else f"over `{after[j - 1]}`"
            yield Change(
                "layers",
                "moved",
                f"layer {after[j]}",
                f"layer `{after[j]}`",
                f"moved {place}",
                pair.timeline.words(frames),
                scene.b.shot.name if pair.in_scenes else "",
                frames,
            )
