"""What may stand in a text: words of a prompt, models, files, standard files, words of a setting, colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from anim_compiler.colors import CSS
from anim_compiler.drawing.control_models import STANDARD
from anim_compiler.models.families import FAMILIES
from anim_compiler.models.samplers import FLOW_SAMPLERS
from anim_compiler.world import Problem
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span
from anim_dsl.visible import escaped as visible_text
from anim_studio.explain import library
from anim_studio.lsp import colours
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.completing.candidate import Candidate, Rank, escaped
from anim_studio.lsp.completing.paths import files
from anim_studio.lsp.named import is_film, visible
from anim_studio.lsp.quoted import Quoted, quoted
from anim_studio.lsp.shelf import family_of, models
from anim_studio.lsp.telling.names import of_model

_MOST_LOOKED = 40
"""So many files are opened to see whether they can be imported."""

_WORD = re.compile(r"[^\s,:()\[\]{}]*\Z")


def texts(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """What the text that a place is in may hold there."""
    what = quoted(found)
    match what.purpose:
        case "model":
            yield from _models(analysed, found, what)
        case "file":
            yield from files(analysed.world, found.typed, _whole(found), what.endings)
        case "import":
            yield from _standard(found)
            yield from _libraries(analysed, found, what)
        case "choice":
            yield from _choices(analysed, found)
        case "colour":
            yield from _colours(found)
        case "prompt":
            yield from _prompt(analysed, found)
        case "output":
            yield Candidate(f"{analysed.path.stem}.mp4", "file", rank=Rank.WANTED, replaces=_whole(found))
        case _:
            if found.spec is not None and found.spec.name == "text":
                yield from _inserts(analysed, found)


def _whole(found: At) -> Span:
    """What is between the quotes: a word of another kind takes its place."""
    word = found.text
    if word is None:
        return Span(found.offset, found.offset)
    quotes = 3 if "LONG" in word.type else 1
    # while the closing quote is missing, what follows on the line is not the text's
    end = found.offset if word.type.startswith("OPEN") else word.end - quotes
    # an edit at the cursor is of one line
    before = word.text[: found.offset - word.start].rfind("\n")
    after = word.text.find("\n", found.offset - word.start)
    start = word.start + (quotes if before < 0 else before + 1)
    return Span(start, end if after < 0 else min(end, word.start + after))


def _models(analysed: Analysed, found: At, what: Quoted) -> Iterator[Candidate]:
    film = analysed.film or analysed.last_film
    family = family_of(analysed.world, film) if what.model != "checkpoint" else ""
    for model in models(analysed.world):
        facts = model.facts
        if facts.kind not in (what.model, "unknown") or not model.reference.isprintable():
            continue
        fits = not family or not facts.family or facts.family == family
        told = FAMILIES[facts.family].title if facts.family in FAMILIES else facts.family
        detail = " · ".join(filter(None, (visible_text(facts.title), told, model.where)))
        yield Candidate(
            model.reference,
            "model",
            detail if fits else f"{detail}: not for the film's model",
            escaped(model.reference.replace('"', '\\"')),
            Rank.WANTED if fits else Rank.RARE,
            says=of_model(model.reference, facts),
            replaces=_whole(found),
            filter=f"{model.reference} {facts.title}",
        )
    if what.model == "controlnet":
        yield from _usual_controls(found, family)
    if what.model == "checkpoint":
        yield Candidate("postcard", "model", "the built-in model", rank=Rank.COMMON, replaces=_whole(found))
    yield from files(analysed.world, found.typed, _whole(found), what.endings)


def _usual_controls(found: At, family: str) -> Iterator[Candidate]:
    """The ControlNets that are usual for the film's model and the control's kind."""
    kinds = {token.text for token in found.block.head}
    for kind, reference in STANDARD.get(family, {}).items():
        if kind in kinds:
            says = f"the usual ControlNet for `{kind}`"
            yield Candidate(reference, "model", says, rank=Rank.LIKELY, replaces=_whole(found))


def _standard(found: At) -> Iterator[Candidate]:
    for module in library.modules().values():
        if module.given:
            label, names = f"std:{module.name}", ", ".join(item.name for item in module.given)
            yield Candidate(
                label,
                "module",
                names,
                rank=Rank.WANTED,
                about=("module", module.name),
                replaces=_whole(found),
            )


def _libraries(analysed: Analysed, found: At, what: Quoted) -> Iterator[Candidate]:
    """The files that hold nothing but names: those that are films cannot be imported."""
    looked = 0
    for one in files(analysed.world, found.typed, _whole(found), what.endings):
        if one.kind != "file":
            yield one
            continue
        path = analysed.world.folder / one.label
        looked += 1
        if looked <= _MOST_LOOKED and path != analysed.path and _is_library(analysed, path):
            yield one


def _is_library(analysed: Analysed, path: Path) -> bool:
    source = analysed.world.read_source(path)
    return not isinstance(source, Problem) and _holds_names(source)


@lru_cache(maxsize=128)
def _holds_names(source: Source) -> bool:
    return not is_film(parse(source)[0])


def _choices(analysed: Analysed, found: At) -> Iterator[Candidate]:
    spec = found.spec
    if spec is None:
        return
    meanings = dict(spec.choices_help)
    family = FAMILIES.get(family_of(analysed.world, analysed.film or analysed.last_film))
    for choice in spec.choices:
        known = spec.name != "sampler" or family is None or not family.is_flow or choice in FLOW_SAMPLERS
        says = meanings.get(choice, "") if known else f"not for {family.title if family else 'this model'}"
        rank = Rank.RARE if not known else Rank.WANTED if choice == spec.default else Rank.LIKELY
        yield Candidate(choice, "choice", says, rank=rank, replaces=_whole(found))


def _colours(found: At) -> Iterator[Candidate]:
    for name in sorted(CSS):
        rgba = colours.parsed(name)
        shown = colours.hexadecimal(rgba) if rgba is not None else ""
        yield Candidate(name, "colour", shown, rank=Rank.WANTED, says=shown, replaces=_whole(found))


def _prompt(analysed: Analysed, found: At) -> Iterator[Candidate]:
    """The words that the film's LoRAs and embeddings were trained on, and its texts to insert."""
    film = analysed.film or analysed.last_film
    match = _WORD.search(found.typed)
    place = Span(found.offset - len(match[0] if match is not None else ""), found.offset)
    used: dict[str, str] = {}
    if film is not None:
        for lora in (lora for shot in film.shots for lora in shot.loras):
            facts = analysed.world.models(lora.reference)
            used |= dict.fromkeys(facts.trigger_words if facts is not None else (), lora.name)
        used |= {embedding.name: "embedding" for embedding in film.embeddings}
    for word, name in used.items():
        if word.isprintable():
            says = "an embedding" if name == "embedding" else f"a trigger word of `{name}`"
            yield Candidate(
                word, "text", says, escaped(word.replace('"', '\\"')), Rank.WANTED, replaces=place
            )
    yield from _inserts(analysed, found)


def _inserts(analysed: Analysed, found: At) -> Iterator[Candidate]:
    match = _WORD.search(found.typed)
    place = Span(found.offset - len(match[0] if match is not None else ""), found.offset)
    for named in visible(analysed, found.offset).values():
        if named.kind in ("let", "parameter"):
            label = f"{{{named.name}}}"
            snippet = f"\\{{{named.name}\\}}"
            yield Candidate(label, "name", named.value, snippet, Rank.OWN, replaces=place, filter=named.name)
