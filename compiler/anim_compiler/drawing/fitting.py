"""What is known of a film's models beforehand and says that something does not fit: files of another kind,
for another family, samplers that a family has not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from anim_compiler.advice.looking import always
from anim_compiler.drawing.names import models_in, models_of, texts_of
from anim_compiler.drawing.settled import chosen, lacking, remedy
from anim_compiler.film import Film, WordSchedule
from anim_compiler.findings import Findings
from anim_compiler.models.detect_lora import OTHER_ADAPTERS, with_article
from anim_compiler.models.facts import ModelFacts, ModelKind
from anim_compiler.models.families import FAMILIES
from anim_compiler.models.known import Known
from anim_compiler.models.samplers import UnknownSampler, sampler_for
from anim_dsl.source import Span
from anim_dsl.visible import escaped

_KINDS: Final[Mapping[ModelKind, str]] = MappingProxyType(
    {
        "checkpoint": "an image model",
        "lora": "a LoRA",
        "controlnet": "a ControlNet",
        "embedding": "an embedding",
        "vae": "a decoder (VAE)",
        "unet": "a denoiser alone",
        "text encoder": "a text encoder",
        "upscaler": "a model that enlarges",
        "depth": "a model that estimates depth",
    }
)

_WRITTEN: Final[Mapping[ModelKind, str]] = MappingProxyType(
    {
        "checkpoint": "model = {}",
        "lora": "lora NAME = {}",
        "controlnet": "control KIND {{ model = {} }}",
        "embedding": "embedding NAME = {}",
        "vae": "vae = {}",
        "upscaler": "upscale_model = {}",
        "depth": "depth = {}",
    }
)

_ALSO: Final[Mapping[ModelKind, frozenset[ModelKind]]] = MappingProxyType(
    {"checkpoint": frozenset({"unet"}), "vae": frozenset({"checkpoint"})}
)
"""Kinds that stand for another: a whole model lends its decoder too."""

_DECODERS: Final = (frozenset({"sd1", "sd2"}), frozenset({"flux", "z-image"}))
"""Families whose decoders are alike."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A file that a film names: what for, what messages call it, where it stands, and the models that draw
    with it.
    """

    reference: str
    kind: ModelKind
    name: str
    at: Span
    models: tuple[str, ...]


def fitting(film: Film, models: Known, findings: Findings) -> None:
    """Tells of what does not fit; nothing is said where nothing is known."""
    families = {reference: _family(models, reference) for reference in models_of(film)}
    for use in dict.fromkeys(_uses(film)):
        facts = models(use.reference)
        if facts is None:
            continue
        if not _is_kind(facts, use.kind):
            _other_kind(use, facts, findings)
        elif use.kind == "lora" and facts.layout in OTHER_ADAPTERS:
            _other_adapter(use, facts, findings)
        elif use.kind != "checkpoint":
            _other_family(use, facts, families, findings)
    _samplers(film, families, findings)
    _controls(film, models, next(iter(families.values())), findings)


def _uses(film: Film) -> Iterator[_Use]:
    models = models_of(film)
    for reference in models:
        yield _Use(reference, "checkpoint", reference, film.model_span, models)
    if film.vae is not None:
        yield _Use(film.vae, "vae", film.vae, film.vae_span, models)
    for embedding in film.embeddings:
        yield _Use(embedding.reference, "embedding", embedding.name, embedding.span, models)
    for shot in film.shots:
        drawing = models_in(film, shot)
        for lora in shot.loras:
            acting = drawing if always(lora.weight) != 0.0 else ()
            yield _Use(lora.reference, "lora", lora.name, lora.span, acting)
        for control in shot.controls:
            if control.model is not None:
                acting = drawing if always(control.numbers["weight"]) != 0.0 else ()
                yield _Use(control.model, "controlnet", control.name, control.span, acting)


def _family(models: Known, reference: str) -> str:
    facts = models(reference)
    return "" if facts is None else facts.family


def _is_kind(facts: ModelFacts, wanted: ModelKind) -> bool:
    return facts.kind in ("unknown", wanted) or facts.kind in _ALSO.get(wanted, frozenset())


def _other_kind(use: _Use, facts: ModelFacts, findings: Findings) -> None:
    said = _WRITTEN.get(facts.kind)
    quoted = f'"{escaped(use.reference)}"'
    findings.error(
        "E2160",
        use.at,
        f"`{escaped(use.name)}` is {_KINDS[facts.kind]}, and {_KINDS[use.kind]} is wanted here",
        hint=f"write `{said.format(quoted)}`" if said else "name another file",
    )


def _other_adapter(use: _Use, facts: ModelFacts, findings: Findings) -> None:
    findings.error(
        "E2160",
        use.at,
        f"`{escaped(use.name)}` is {with_article(facts.layout)}, and a plain LoRA is wanted here",
        hint="take a LoRA, LoCon or DoRA; tools such as LyCORIS extract one from a merged model",
    )


def _other_family(use: _Use, facts: ModelFacts, families: Mapping[str, str], findings: Findings) -> None:
    for model in use.models:
        family = families[model]
        if not facts.family or not family or _alike(use.kind, facts.family, family):
            continue
        theirs, ours = (FAMILIES[name].title if name in FAMILIES else name for name in (facts.family, family))
        which = "the model" if len(families) == 1 else f"the model `{escaped(model)}`"
        is_ours = f"{which} is {ours}" if model != "postcard" else f"the film is drawn by {ours}"
        findings.error(
            "E2161",
            use.at,
            f"`{escaped(use.name)}` is {_KINDS[use.kind]} for {theirs}, and {is_ours}",
            hint=f"take one that is made for {ours}, or {_instead(facts.family, theirs)}",
        )
        return


def _instead(family: str, title: str) -> str:
    return "draw with the built-in model" if family == "postcard" else f"name a model of {title}"


def _alike(kind: ModelKind, one: str, other: str) -> bool:
    return one == other or (kind == "vae" and any({one, other} <= group for group in _DECODERS))


def _samplers(film: Film, families: Mapping[str, str], findings: Findings) -> None:
    """Samplers that the family of a model has not; told once each."""
    told: set[str] = set()
    for shot in film.shots:
        word = shot.words.get("diffuse.sampler")
        names = texts_of(word) if isinstance(word, WordSchedule) else (str(word),) if word else ()
        span = word.span if isinstance(word, WordSchedule) else film.model_span
        for name in names:
            lacks = (sampler_for(name, family) for family in families.values())
            found = next((one for one in lacks if isinstance(one, UnknownSampler)), None)
            if found is not None and name not in told:
                told.add(name)
                hint = f'write `sampler = "{found.nearest}"` in `diffuse`'
                findings.error("E2162", span, found.reason or found.message, hint=hint)


def _controls(film: Film, models: Known, family: str, findings: Findings) -> None:
    """Controls whose ControlNet nobody knows: their hints can be seen, and no frame can be drawn."""
    if not family:
        return
    for control in dict.fromkeys(control.span for shot in film.shots for control in shot.controls):
        one = next(c for shot in film.shots for c in shot.controls if c.span == control)
        if chosen(one, models, family) is None:
            named = remedy(family) or 'name one in its block, `model = "hf:owner/repo"`'
            hint = f"{named}; without it only its hint can be shown"
            findings.warning("W6173", control, lacking(one, family), hint=hint)
