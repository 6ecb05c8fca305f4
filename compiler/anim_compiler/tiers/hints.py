"""A film of what its ControlNets are shown: hints side by side, and no model."""

from __future__ import annotations

from dataclasses import replace

from anim_compiler.film import Control, Film, Shot
from anim_compiler.tiers.camera import camera_film

_CARRIED = frozenset({"previous", "first"})


def hints_film(film: Film) -> Film | None:
    """The film as `hints` shows it; None if it has no control.

    A control looks at what it looks at in the film: a still, a video, or the picture that is diffused. Where
    that comes from frame to frame there is none without the model; then it is what `camera` has in its place,
    the scene's first picture moved. A scene without controls shows that picture.
    """
    if not any(shot.controls for shot in film.shots):
        return None
    moved = camera_film(film)
    shots = (_shown(plain, shot) for plain, shot in zip(moved.shots, film.shots, strict=True))
    return replace(moved, shots=tuple(shots))


def _shown(plain: Shot, shot: Shot) -> Shot:
    assert plain.sketch is not None, "a film by its moves alone is one"
    assert plain.pipeline is not None, "and has a pipeline of its own"
    hints = tuple(map(_still, shot.controls))
    # what lies over the picture is nothing that a ControlNet sees
    pipeline = replace(plain.pipeline, frame=plain.pipeline.carry)
    return replace(plain, pipeline=pipeline, layers=(), sketch=replace(plain.sketch, hints=hints))


def _still(control: Control) -> Control:
    return replace(control, source=None) if control.source in _CARRIED else control
