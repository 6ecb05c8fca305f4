"""Which clips of a scene run by the scene's own clock: those that the scene itself names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from anim_compiler.film import Mask, MaskJoin, MaskOf, MaskPart, OpCall, PictureExpr, PictureRef, Shot
from anim_compiler.levels import Level

_PICTURES: Mapping[str, tuple[str, ...]] = {"coherence": ("noise_mask", "reference"), "grade": ("mask",)}
"""Settings of blocks that name a picture."""


def own_clips(shot: Shot, own: Level, masks: Mapping[str, Mask]) -> frozenset[str]:
    """The clips that begin where a scene does, because `own`, what the scene itself says, names them.

    A clip that is the film's `source` goes on by the film's clock wherever else the scene reads it: one clip
    has one place at a time.
    """
    named = {leaf for name in _named(shot, own) for leaf in _leaves(name, masks)}
    if own.last(own.name, "source") is None and shot.source is not None:
        named -= set(_leaves(shot.source, masks))
    return frozenset(named)


def _named(shot: Shot, own: Level) -> Iterator[str]:
    """The pictures that a scene's own statements name, masks among them."""
    if own.last(own.name, "source") is not None and shot.source is not None:
        yield shot.source
    if own.pipeline is not None and shot.pipeline is not None:
        for _, picture in shot.pipeline.steps:
            yield from _read(picture)
    for layer in shot.layers:
        part = own.parts.get(("layer", layer.name))
        said = {entry.name for entry in part.entries} if part is not None else set()
        yield from (n for n, at in ((layer.source, "source"), (layer.mask, "mask")) if n and at in said)
    for block, names in _PICTURES.items():
        said = {entry.name for entry in own.entries.get(block, ())}
        words = (shot.words.get(f"{block}.{name}") for name in names if name in said)
        yield from (word for word in words if isinstance(word, str))
    if own.camera is not None and shot.camera is not None:
        yield shot.camera.depth


def _read(picture: PictureExpr) -> Iterator[str]:
    waiting = [picture]
    while waiting:
        node = waiting.pop()
        if isinstance(node, PictureRef):
            yield node.name
        elif isinstance(node, OpCall):
            waiting.extend(node.inputs)


def _leaves(name: str, masks: Mapping[str, Mask]) -> Iterator[str]:
    """The pictures that a name comes to: those that a mask is joined of, else itself."""
    mask = masks.get(name)
    if mask is None or mask.value == MaskOf(name):
        yield name
        return
    waiting: list[MaskPart] = [mask.value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, MaskJoin):
            waiting.extend(value.operands)
        elif isinstance(value, MaskOf):
            yield from _leaves(value.name, masks)
