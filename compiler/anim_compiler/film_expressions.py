"""Everything in a film that is evaluated: its expressions, and the moments at which something changes."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler.clip_times import ramps
from anim_compiler.expected_columns import expected_curves
from anim_compiler.film import Conditioning, Curve, Film, PromptKey, Shot, WordSchedule
from anim_compiler.lowering.paths import calls
from anim_compiler.shapes import mask_curves
from anim_compiler.typed import KeyCurve, Moment, Typed, walk


def expressions(film: Film) -> Iterator[Typed]:
    """Every expression of a film."""
    yield from (
        curve.expr for curve in (*film.lets.values(), *ramps(film).values(), *mask_curves(film).values())
    )
    for shot in film.shots:
        yield from (curve.expr for curve in _curves(shot))
        for text in _texts(shot):
            for alternative in text:
                yield from (part for part in alternative.parts if not isinstance(part, str))
                if alternative.weight is not None:
                    yield alternative.weight


def moments(film: Film) -> Iterator[Moment]:
    """Every time at which a key stands or which a morph takes."""
    for shot in film.shots:
        yield from (key.at for key in _prompt_keys(shot))
        if shot.prompts.morph_time is not None:
            yield shot.prompts.morph_time
        if shot.guide is not None:
            yield from (key.at for key in shot.guide.keys)
        for word in (*shot.words.values(), film.model):
            if isinstance(word, WordSchedule):
                yield from (at for at, _ in word.keys)
    for expr in expressions(film):
        for node in walk(expr):
            if isinstance(node, KeyCurve):
                yield from (key.at for key in node.keys)


def _curves(shot: Shot) -> Iterator[Curve]:
    yield from (*shot.numbers.values(), *shot.lets.values())
    for camera in (*shot.cameras.values(), *((shot.camera,) if shot.camera else ())):
        yield from camera.curves.values()
    for named in calls(shot.pipeline) if shot.pipeline else ():
        yield from (curve for _, curve in named.given)
    for layer in shot.layers:
        yield from layer.numbers.values()
    yield from (lora.weight for lora in shot.loras)
    for control in (*shot.controls, *(shot.sketch.hints if shot.sketch is not None else ())):
        yield from control.numbers.values()
    yield from (curve for _, curve in expected_curves(shot))


def _texts(shot: Shot) -> Iterator[Conditioning]:
    yield from (key.value for key in _prompt_keys(shot))
    yield from (layer.text for layer in shot.layers if layer.text is not None)


def _prompt_keys(shot: Shot) -> tuple[PromptKey, ...]:
    return (*shot.prompts.positive, *shot.prompts.negative)
