"""A film by its moves alone: the same clock, cameras, layers and titles, and no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from anim_compiler.film import Camera, Curve, Film, Prompting, Shot, Sketch
from anim_compiler.prompts import EMPTY
from anim_compiler.std_pipelines import pipeline_of
from anim_compiler.tiers.moving import from_first, is_chained, moved_by, without_model
from anim_compiler.typed import Const
from anim_dsl.source import Span

_FLAT = "flat"

EVERY = Fraction(2)
"""Seconds after which a chain of moves begins again."""


def camera_film(film: Film) -> Film:
    """The film as `camera` shows it: every picture is moved by the film's own ops, and none is diffused.

    A scene starts from its `init`, else from the first picture of its `guide`, else from a chart that shows
    where things move. A video is shown as it is. What only says something to the model is left out (prompts,
    seeds, steps, strengths, what calms colours from frame to frame), so editing it makes no frame anew.

    A move from frame to frame that goes on for minutes, such as `zoom = 1.02` of a `per_frame` camera, would
    leave nothing of the still to be seen. Where the pipeline moves `previous` by one camera and in no other
    way, each frame is the scene's first picture moved once, by all of the moves since; where that leaves the
    view (too near, too far, out at the side) the moves are counted anew from there. So any frame costs one
    warp. Other pipelines go from frame to frame as they are written, and begin again from the scene's first
    picture every `EVERY` seconds: any frame costs at most so many.
    """
    shots = tuple(_sketched(shot, number) for number, shot in enumerate(film.shots))
    return replace(film, model=None, vae=None, embeddings=(), shots=shots, outputs=())


def _sketched(shot: Shot, number: int) -> Shot:
    pipeline = without_model(pipeline_of(shot))
    chained, alone = is_chained(pipeline), moved_by(pipeline)
    return replace(
        shot,
        prompts=Prompting(EMPTY, EMPTY),
        numbers=_numbers(shot),
        init=shot.init or _guide(shot),
        camera=shot.camera if chained or shot.camera is None else _at_once(shot.camera, "", alone),
        cameras={n: one if chained else _at_once(one, n, alone) for n, one in shot.cameras.items()},
        pipeline=pipeline if chained else from_first(pipeline),
        controls=(),
        loras=(),
        guide=None,
        expectations=(),
        sketch=Sketch(number, EVERY if chained else None),
    )


def _numbers(shot: Shot) -> Mapping[str, Curve]:
    """What the shot's settings are: those of the model and of what goes from frame to frame are at rest."""
    kept = {
        path: curve
        for path, curve in shot.numbers.items()
        if path.partition(".")[0] not in ("diffuse", "coherence")
    }
    return kept | {"diffuse.seed": _always(0.0), "coherence.cadence": _always(1.0)}


def _always(value: float) -> Curve:
    return Curve(Const(value, Span(0, 0)), live=False)


def _at_once(camera: Camera, name: str, alone: str | None) -> Camera:
    """A camera that makes all of its moves at once: looking pixels up by their depth, as Deforum does, is for
    small ones, and bends what is straight in large ones. One that moves `previous` through a flat scene goes
    as far as the film's own, for which every frame is flat again.
    """
    if camera.axes == 3 and camera.depth == _FLAT and name == alone:
        return replace(camera, flattens=True)
    return replace(camera, depth_warp="splat")


def _guide(shot: Shot) -> str | None:
    keys = () if shot.guide is None else shot.guide.keys
    return next((key.picture for key in keys if key.picture is not None), None)
