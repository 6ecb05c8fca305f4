"""A film with the files that draw it told apart: every control has its ControlNet, every name one file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from anim_compiler.drawing.control_models import STANDARD, standard
from anim_compiler.drawing.names import BUILT_IN_MODEL, models_of
from anim_compiler.film import Control, Film, Lora, Shot
from anim_compiler.models.families import FAMILIES

if TYPE_CHECKING:
    from anim_compiler.findings import Findings
    from anim_compiler.models.known import Known

NOTHING = "null"
"""The model that draws nothing: controls of it need no ControlNet."""

_Named = TypeVar("_Named", Lora, Control)


def settled(film: Film, models: Known, findings: Findings) -> Film:
    """The film as it is compiled. A control that names no ControlNet has the one that the film's lock holds
    for its kind and family, else the usual one; where none is known that is told to `findings`. Of a model
    that is not here nothing is known: who looks for it says so.
    """
    if not any(shot.loras or shot.controls for shot in film.shots):
        return film
    family = _family(film, models)
    shots = tuple(
        replace(shot, controls=tuple(_with_model(c, models, family, findings) for c in shot.controls))
        if any(control.model is None for control in shot.controls)
        else shot
        for shot in film.shots
    )
    return replace(film, shots=_told_apart(shots))


def chosen(control: Control, models: Known, family: str) -> str | None:
    """The ControlNet of a control: its own, that of the lock, or the usual one; None if none is known."""
    if control.model is not None:
        return control.model
    lock = models.lock
    locked = () if lock is None else (lock.models[reference].facts for reference in sorted(lock.models))
    for facts in locked:
        if facts.kind == "controlnet" and (facts.family, facts.control) == (family, control.kind):
            return facts.reference
    return standard(family, control.kind)


def lacking(control: Control, family: str) -> str:
    """The sentence about a control for which no ControlNet is known."""
    if family not in FAMILIES:
        return f"which ControlNet `{control.name}` is, cannot be told: nothing is known of the model"
    return f"no ControlNet for `{control.kind}` is known that fits {FAMILIES[family].title}"


def remedy(family: str) -> str:
    """What to do where the built-in model has no ControlNet; "" of others, for which there may be one."""
    if family != BUILT_IN_MODEL:
        return ""
    kinds = ", ".join(f"`{kind}`" for kind in STANDARD[family])
    return f"it has one for {kinds}; for others name a `model` that draws the film"


def _family(film: Film, models: Known) -> str | None:
    """The family of the film's first model, `NOTHING` of what draws nothing; None if it is unknown."""
    reference = models_of(film)[0]
    facts = models(reference)
    return NOTHING if reference == NOTHING else None if facts is None else facts.family


def _with_model(control: Control, models: Known, family: str | None, findings: Findings) -> Control:
    found = NOTHING if family == NOTHING else chosen(control, models, family or "")
    if found is None and family is not None:
        hint = remedy(family) or 'name one in its block: `model = "hf:owner/repo"`'
        findings.error("E2163", control.span, lacking(control, family), hint=hint)
    return replace(control, model=control.model or found)


def _told_apart(shots: tuple[Shot, ...]) -> tuple[Shot, ...]:
    """Things of one name that are other files in other scenes, as `grain` and `grain.2`."""
    loras = _names((lora.name, lora.reference) for shot in shots for lora in shot.loras)
    controls = _names((c.name, f"{c.kind} {c.model}") for shot in shots for c in shot.controls)
    if all(name == own for known in (loras, controls) for (name, _), own in known.items()):
        return shots
    return tuple(
        replace(
            shot,
            loras=_renamed(shot.loras, [loras[one.name, one.reference] for one in shot.loras]),
            controls=_renamed(
                shot.controls, [controls[c.name, f"{c.kind} {c.model}"] for c in shot.controls]
            ),
        )
        for shot in shots
    )


def _names(found: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A name of its own for each name and file."""
    known: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    for name, file in found:
        if (name, file) not in known:
            counts[name] = counts.get(name, 0) + 1
            known[name, file] = name if counts[name] == 1 else f"{name}.{counts[name]}"
    return known


def _renamed(named: Sequence[_Named], names: Sequence[str]) -> tuple[_Named, ...]:
    return tuple(replace(one, name=name) for one, name in zip(named, names, strict=True))
