"""What a pipeline may call and read that no kernel makes yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from anim_compiler.film import Curve, Film, MaskJoin, MaskOf, OpCall, PictureExpr, PictureRef, Shot
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.lack import Lack
from anim_compiler.lowering.paths import Named, calls

FLOW = frozenset({"follow", "warp_flow", "estimate_flow", "visibility"})
"""Ops of a picture's motion."""

_IGNORED = "the film renders as if it were not there"


def of_pipeline(film: Film, shot: Shot, without_kernel: Collection[tuple[str, str]]) -> Iterator[Lack]:
    """What a shot's own pipeline lacks; `without_kernel` are settings that nothing is done with."""
    if shot.pipeline is None:
        return
    for named in calls(shot.pipeline):
        yield from _of_call(named, without_kernel)
    for _, picture in shot.pipeline.steps:
        for read in _read(picture):
            yield from _of_picture(film, read)


def _of_call(named: Named, without_kernel: Collection[tuple[str, str]]) -> Iterator[Lack]:
    call = named.call
    if call.op in FLOW:
        yield Lack(call.span, call.op, "take it out, or move the picture with `warp` or `transform`")
    for arg in IMAGE_OPS[call.op].args:
        block, _, name = arg.setting.rpartition(".")
        if arg.name in call.args and (block, name) in without_kernel and call.op not in FLOW:
            given = call.args[arg.name]
            span = given.span if isinstance(given, Curve) and given.span is not None else call.span
            yield Lack(span, arg.name, _IGNORED, harmless=True)


def _read(picture: PictureExpr) -> Iterator[PictureRef]:
    """The pictures that something reads; what an op that is refused reads is no fault of theirs."""
    waiting = [picture]
    while waiting:
        node = waiting.pop()
        if isinstance(node, PictureRef):
            yield node
        elif isinstance(node, OpCall) and node.op not in FLOW:
            waiting.extend(reversed(node.inputs))


def _of_picture(film: Film, read: PictureRef) -> Iterator[Lack]:
    if read.name == "layers":
        yield Lack(read.span, "layers", "take it out: layers are not laid over yet")
    elif clip_in(film, read.name):
        yield Lack(read.span, read.name, "use an `image`: videos are not read yet")


def clip_in(film: Film, name: str) -> bool:
    """Whether a picture by its name is a video, or a mask that is made with one."""
    if any(clip.name == name for clip in film.clips):
        return True
    mask = next((mask for mask in film.masks if mask.name == name), None)
    return mask is not None and _moves(film, mask.value, name)


def _moves(film: Film, value: MaskOf | MaskJoin, name: str) -> bool:
    if isinstance(value, MaskOf):
        return value.name != name and clip_in(film, value.name)
    return any(_moves(film, part, name) for part in value.operands)
