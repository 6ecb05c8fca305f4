"""The models that a film names, and what it uses each for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anim_compiler.film import DEPTH_MODEL, WordSchedule
from anim_compiler.models.facts import ModelKind

if TYPE_CHECKING:
    from anim_compiler.film import Film
    from anim_compiler.models.known import Known

#: they come with the program, and need neither a lock nor a library
BUILT_IN = frozenset({"postcard", "postcard-canny", "null"})


@dataclass(frozen=True, slots=True)
class Use:
    """A reference of a film, what is wanted there, and how the film calls it ("" where it has no name)."""

    reference: str
    kind: ModelKind
    name: str = ""


def used(film: Film, models: Known | None = None) -> tuple[Use, ...]:
    """Everything that a film names and that does not come with the program, each reference once; with
    `models` also the ControlNets that are meant where it names none.
    """
    found: dict[str, Use] = {}
    for use in (*_all(film), *(() if models is None else _meant(film, models))):
        if use.reference and use.reference not in BUILT_IN:
            found.setdefault(use.reference, use)
    return tuple(found.values())


def _all(film: Film) -> Iterator[Use]:
    if isinstance(film.model, WordSchedule):
        yield from (Use(text, "checkpoint") for _, text in film.model.keys)
    elif film.model is not None:
        yield Use(film.model, "checkpoint")
    if film.vae is not None:
        yield Use(film.vae, "vae")
    yield from (Use(embedding.reference, "embedding", embedding.name) for embedding in film.embeddings)
    for shot in film.shots:
        yield from (Use(lora.reference, "lora", lora.name) for lora in shot.loras)
        yield from (Use(control.model or "", "controlnet", control.name) for control in shot.controls)
        depth = "" if shot.camera is None else shot.camera.depth
        if depth.startswith(DEPTH_MODEL):
            yield Use(depth.removeprefix(DEPTH_MODEL), "depth")


def _meant(film: Film, models: Known) -> Iterator[Use]:
    """The ControlNets of controls that name none: those of the lock, or the usual ones."""
    from anim_compiler.drawing.names import models_of
    from anim_compiler.drawing.settled import chosen

    facts = models(models_of(film)[0])
    family = "" if facts is None else facts.family
    for shot in film.shots:
        for control in shot.controls:
            yield Use(chosen(control, models, family) or "", "controlnet", control.name)
