"""What a film's frames are drawn from."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.film import OpCall, PictureExpr, Shot

_FROM_NOISE = frozenset({"generate", "grade"})


def stands_alone(shot: Shot) -> bool:
    """Whether each frame of a shot is drawn by itself, from noise: `frame = grade(generate())`."""
    if shot.pipeline is None:
        return False
    ops = {call.op for _, picture in shot.pipeline.steps for call in _calls(picture)}
    return "generate" in ops and ops <= _FROM_NOISE


def _calls(picture: PictureExpr) -> Iterator[OpCall]:
    if isinstance(picture, OpCall):
        yield picture
        for inner in picture.inputs:
            yield from _calls(inner)
