"""What a film says and Deforum has no settings for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from anim_compiler.film import Shot
from anim_dsl.settings import SETTINGS
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_deforum.sampling import usual_cadence
from anim_studio.interchange.to_pictures import stands_alone

_ONCE = (
    "coherence.color",
    "coherence.noise_type",
    "coherence.tween",
    "coherence.flow_method",
    "coherence.flow_preset",
    "diffuse.tiling",
)


def lost(part: Part) -> Iterator[Remark]:
    """A remark for each."""
    film = part.film.film
    shots = [shot for shot, _, _ in part.shots]
    if len(shots) > 1:
        yield Remark(
            Fate.CHANGED, "scene", "a cut is a frame of strength 0: Deforum begins anew from noise there"
        )
    yield from _once(shots)
    for what, says in dict.fromkeys(row for shot in shots for row in _of(shot)):
        yield Remark(Fate.LOST, what, says)
    if np.any(part.column("coherence.blend")):
        yield Remark(Fate.LOST, "coherence.blend", "no part of the picture before stays as it was")
    if film.loop:
        yield Remark(Fate.LOST, "loop", "the last frame does not lead back to the first")
    if film.embeddings:
        names = ", ".join(one.name for one in film.embeddings)
        yield Remark(Fate.CHANGED, "embedding", f"put their files into A1111's folder by the names {names}")
    if any(shot.loras for shot in shots):
        yield Remark(Fate.CHANGED, "lora", "they stand in the prompts by the names of their files")
    yield from _kept(part)


def _once(shots: Sequence[Shot]) -> Iterator[Remark]:
    """What scenes may say each for itself, and Deforum has once."""
    cameras = [shot.camera for shot in shots if shot.camera is not None]
    said = {name: {str(shot.words.get(name) or _default(name)) for shot in shots} for name in _ONCE}
    said |= {"camera.border": {c.border for c in cameras}, "camera.depth": {c.depth for c in cameras}}
    for name, values in said.items():
        if len(values) > 1:
            yield Remark(Fate.CHANGED, name, "there is one for the whole run: that of the first scene")


def _default(name: str) -> str:
    block, _, own = name.partition(".")
    return SETTINGS[block, own].default


def _of(shot: Shot) -> Iterator[tuple[str, str]]:
    if shot.transition.kind not in ("cut", "continue"):
        yield f"transition {shot.transition.kind}", "Deforum has cuts alone"
    if shot.pipeline is not None and not stands_alone(shot):
        yield "pipeline", "the order of Deforum's steps is its own"
    if shot.layers:
        yield "layer", "nothing lies over the frames; put titles on the video"
    if shot.guide is not None:
        yield "guide", "its guided images pull in another way; see `init_images`"
    if any(name.startswith("grade.") for name in shot.numbers):
        yield "grade", "colour is only matched there; grade the video"
    if shot.words.get("coherence.noise_mask") is not None:
        yield "coherence.noise_mask", "write a mask in `noise_mask_schedule`"
    if str(shot.words.get("coherence.fill") or "border") != "border":
        yield "coherence.fill", "what comes into view is filled as the border says"
    if shot.words.get("diffuse.large") not in (None, "auto"):
        yield "diffuse.large", "A1111 draws a picture at once"


def _kept(part: Part) -> Iterator[Remark]:
    """Cadence, which is one number there."""
    cadence = part.column("coherence.cadence", 1.0)
    if np.ptp(cadence):
        says = "it is one number for the whole run: the usual one of the film"
        yield Remark(Fate.CHANGED, "coherence.cadence", says)
    every = usual_cadence(part)
    if every > 1:
        says = f"a diffused frame fades in until the next one, and the last {every} frames are never written"
        yield Remark(Fate.CHANGED, "coherence.cadence", says)
    if part.baked:
        says = "numbers in place of the film's curve, which Deforum has no formula for"
        yield Remark(Fate.CHANGED, ", ".join(part.baked), says)
