"""What is known of a film's models beforehand and says that something was surely meant otherwise: words that
a LoRA was trained on and no prompt says, steps that a distilled model does not want.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from anim_compiler.advice.looking import always
from anim_compiler.advice.never import has_negative
from anim_compiler.drawing.names import models_of
from anim_compiler.drawing.words import said_in
from anim_compiler.film import Curve, Embedding, Film, Lora, PromptKey, Shot
from anim_compiler.findings import Findings
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.families import FAMILIES
from anim_compiler.models.known import Known
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.visible import escaped

MOST_WORDS = 4
"""So many trigger words are told of at most."""

FEW = 3.0
"""A distilled model is drawn in so many times the steps that it wants, at most, without a word about it."""

NO_GUIDANCE = 2.5
"""Above this `cfg_scale` the pictures of distilled models burn."""

LARGE, SMALL = 2.25, 0.4
"""Areas of a picture, in those that its model was trained on, beyond which it is told."""


def sensible(film: Film, models: Known, findings: Findings) -> None:
    """Tells of what was surely meant otherwise; nothing is said where nothing is known."""
    _trigger_words(film, models, findings)
    for embedding in film.embeddings:
        _unsaid(film, embedding, findings)
    _unread_negative(film, models, findings)
    _unread_skip(film, models, findings)
    _few_steps(film, models, findings)
    _size(film, models, findings)


# --- words ---


def _trigger_words(film: Film, models: Known, findings: Findings) -> None:
    """LoRAs none of whose words stands in a prompt of the frames in which they act."""
    acting: dict[Span, list[tuple[Shot, Lora]]] = {}
    for shot in film.shots:
        for lora in shot.loras:
            if always(lora.weight) != 0.0:
                acting.setdefault(lora.span, []).append((shot, lora))
    for span, rows in acting.items():
        lora = rows[0][1]
        facts = models(lora.reference)
        words = [] if facts is None else list(_words(facts))
        keys = [key for shot, _ in rows for key in shot.prompts.positive]
        if not words or any(_says(key, words) for key in keys):
            continue
        shown = ", ".join(f"`{escaped(word)}`" for word in words[:MOST_WORDS])
        many = "one of " if len(words) > 1 else ""
        findings.warning(
            "W6170",
            Span(span.start, min(span.start + len("lora"), span.end)),
            f"`{lora.name}` was trained on words that no prompt says where it acts",
            hint=f"write {many}{shown} into the prompt",
            edit=_inserted(keys, words[0], findings),
        )


def _words(facts: ModelFacts) -> Iterator[str]:
    parts = (part.strip() for word in facts.trigger_words for part in word.split(","))
    return iter(dict.fromkeys(part for part in parts if part))


def _texts(keys: Iterable[PromptKey]) -> Iterator[str]:
    return (part for key in keys for row in key.value for part in row.parts if isinstance(part, str))


def _says(key: PromptKey, words: Sequence[str]) -> bool:
    return any(word.casefold() in text.casefold() for text in _texts([key]) for word in words)


def _inserted(keys: Sequence[PromptKey], word: str, findings: Findings) -> Edit | None:
    """The word at the end of the first prompt, if that is a plain text in quotes."""
    first = next((key for key in keys if key.span.end > key.span.start), None)
    if first is None or not word.isprintable() or any(sign in word for sign in '"\\{}()[]<>`'):
        return None
    written = findings.text(first.span, 4096)
    if not written.endswith('"') or written.endswith('"""') or written.count('"') != 2:
        return None
    return Edit(Span(first.span.end - 1, first.span.end - 1), f", {word}")


def _unsaid(film: Film, embedding: Embedding, findings: Findings) -> None:
    """An embedding whose name stands in no prompt."""
    keys = (key for shot in film.shots for key in (*shot.prompts.positive, *shot.prompts.negative))
    if any(said_in(text, (embedding.name,)) for text in (*_texts(keys), *_own_texts(film))):
        return
    at = Span(embedding.span.start, min(embedding.span.start + len("embedding"), embedding.span.end))
    message = f"no prompt says `{embedding.name}`, so the embedding changes nothing"
    findings.warning("W6171", at, message, hint=f"write `{embedding.name}` into a prompt, or `negative`")


def _unread_negative(film: Film, models: Known, findings: Findings) -> None:
    """A negative prompt where every model takes its guidance as a number: none runs without the text."""
    if film.model is None or not any(has_negative(shot) for shot in film.shots):
        return
    told = [models(reference) for reference in models_of(film)]
    if any(facts is None or facts.guidance != "embedded" for facts in told):
        return
    keys = (key for shot in film.shots for key in shot.prompts.negative)
    at = next((key.span for key in keys if key.span.end > key.span.start), film.model_span)
    which = "this model takes its" if len(told) == 1 else "these models take their"
    findings.warning(
        "W6175",
        at,
        f"the negative prompt changes nothing: {which} `cfg_scale` as a number, and never what not to draw",
        hint="remove `negative`, and write what the picture should have instead",
    )


def _own_texts(film: Film) -> Iterator[str]:
    """What calls of pipelines are told of their own."""
    from anim_compiler.lowering.paths import calls

    pipelines = (shot.pipeline for shot in film.shots if shot.pipeline is not None)
    return (text for pipeline in pipelines for named in calls(pipeline) for _, text in named.texts)


# --- numbers ---


def _unread_skip(film: Film, models: Known, findings: Findings) -> None:
    """`clip_skip` where no model reads the states of a CLIP."""
    told = [models(reference) for reference in models_of(film)]
    families = [None if facts is None else FAMILIES.get(facts.family) for facts in told]
    if not families or any(family is None or family.has_clip_skip for family in families):
        return
    curves = (shot.numbers.get("diffuse.clip_skip") for shot in film.shots)
    at = next((_written(curve) for curve in curves if curve is not None and always(curve) != 1.0), None)
    if at is not None:
        title = next(family.title for family in families if family is not None)
        message = f"`clip_skip` changes nothing: {title} reads no layers of a CLIP"
        findings.warning("W6176", at, message, hint="remove it")


def _few_steps(film: Film, models: Known, findings: Findings) -> None:
    """Distilled models and LoRAs that want few steps and no guidance, and are given others."""
    for name, at, facts, shots in _distilled(film, models):
        wanted = facts.steps or 1
        steps = [shot.numbers.get("diffuse.steps") for shot in shots]
        scales = [shot.numbers.get("diffuse.cfg_scale") for shot in shots]
        many = next((curve for curve in steps if (always(curve) or 0.0) > FEW * max(wanted, 2)), None)
        guided = next((curve for curve in scales if (always(curve) or 0.0) > NO_GUIDANCE), None)
        if many is None and guided is None:
            continue
        said = [f"`steps = {always(many):g}`"] if many is not None else []
        said += [f"`cfg_scale = {always(guided):g}`"] if guided is not None else []
        findings.warning(
            "W6174",
            _written(many) or _written(guided) or at,
            f"`{escaped(name)}` is made for {wanted} step{'s' if wanted != 1 else ''} and `cfg_scale = 1`,"
            f" and this is {' and '.join(said)}",
            hint=f"write `diffuse {{ steps = {wanted}; cfg_scale = 1 }}`",
        )
        return


def _distilled(film: Film, models: Known) -> Iterator[tuple[str, Span, ModelFacts, Sequence[Shot]]]:
    for reference in models_of(film):
        facts = models(reference)
        if facts is not None and facts.steps is not None and facts.kind != "unknown":
            yield reference, film.model_span, facts, film.shots
    for shot in film.shots:
        for lora in shot.loras:
            facts = models(lora.reference)
            if facts is not None and facts.steps is not None and always(lora.weight) != 0.0:
                yield lora.name, lora.span, facts, (shot,)


def _written(curve: Curve | None) -> Span | None:
    return None if curve is None or curve.span is None or curve.span == Span(0, 0) else curve.span


def _size(film: Film, models: Known, findings: Findings) -> None:
    """A size far from that which the first model was trained on."""
    if film.model is None:
        return
    facts = models(models_of(film)[0])
    family = None if facts is None else FAMILIES.get(facts.family)
    if facts is None or family is None or film.model_span == Span(0, 0) or family.name == "postcard":
        return
    edge = facts.resolution_px or family.native_px
    area = film.width * film.height / (edge * edge)
    if SMALL <= area <= LARGE:
        return
    width, height = _fitted(film, edge, family.multiple_px)
    size = f"{film.width}x{film.height}"
    if area <= LARGE:
        what = "shows little that can be told"
    elif film.width * film.height > family.most_px and not all(_at_once(shot) for shot in film.shots):
        what = "is drawn in windows, which takes longer and sees no whole"
    else:
        what = "repeats what it shows"
    more = f", with `upscale` in `output` for {size}" if area > LARGE else ""
    findings.note(
        "W6172",
        film.model_span,
        f"this model was trained on pictures of {edge}x{edge}, and one of {size} {what}",
        hint=f"write `size = {width}x{height}`{more}",
    )


def _at_once(shot: Shot) -> bool:
    """Whether even its largest pictures are drawn without windows."""
    return shot.words.get("diffuse.large") == "whole" or shot.words.get("diffuse.tiling") is True


def _fitted(film: Film, edge: int, multiple: int) -> tuple[int, int]:
    """A size of the film's shape and of the area that a model was trained on."""
    scale = edge / (film.width * film.height) ** 0.5
    width, height = (max(multiple, round(n * scale / multiple) * multiple) for n in (film.width, film.height))
    return width, height
