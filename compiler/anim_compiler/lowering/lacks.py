"""What a pipeline may call and read that no kernel makes yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from anim_compiler.film import Curve, Film, Shot
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.lack import Lack
from anim_compiler.lowering.paths import Named, calls

_IGNORED = "the film renders as if it were not there"


def of_pipeline(film: Film, shot: Shot, without_kernel: Collection[tuple[str, str]]) -> Iterator[Lack]:
    """What a shot's own pipeline lacks; `without_kernel` are settings that nothing is done with."""
    if shot.pipeline is None:
        return
    for named in calls(shot.pipeline):
        yield from _of_call(named, without_kernel)


def _of_call(named: Named, without_kernel: Collection[tuple[str, str]]) -> Iterator[Lack]:
    call = named.call
    for arg in IMAGE_OPS[call.op].args:
        block, _, name = arg.setting.rpartition(".")
        if arg.name in call.args and (block, name) in without_kernel:
            given = call.args[arg.name]
            span = given.span if isinstance(given, Curve) and given.span is not None else call.span
            yield Lack(span, arg.name, _IGNORED, harmless=True)
