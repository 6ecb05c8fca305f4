"""Hover over texts: what a path, a model, a word or a colour is, and when a prompt counts."""

from __future__ import annotations

from pathlib import Path

from anim_compiler.film import Film
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.samplers import sampler_named
from anim_compiler.world import Problem
from anim_dsl.settings import SettingSpec
from anim_studio.cli.values import format_bytes
from anim_studio.explain import library
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At
from anim_studio.lsp.features.hover_value import key_at
from anim_studio.lsp.named import imported_source, members_of
from anim_studio.lsp.quoted import quoted
from anim_studio.lsp.telling import language
from anim_studio.lsp.telling.curve import times
from anim_studio.lsp.telling.layout import code, number, plain, sentence, stacked
from anim_studio.lsp.telling.names import of_media, of_model
from anim_studio.lsp.timing import clock_at

_MOST_MEMBERS = 24


def of_text(analysed: Analysed, found: At) -> str:
    """What a text stands for."""
    text = written(found)
    match quoted(found).purpose:
        case "model":
            return of_model(text, facts_of(analysed, text)) if text else ""
        case "import":
            return _of_import(analysed, text)
        case "file":
            return _of_file(analysed, text)
        case "choice":
            return "" if found.spec is None else _of_choice(found.spec, text)
        case "prompt":
            return _of_prompt(analysed, found)
        case "colour":
            return _of_colour(text)
        case _:
            return "" if found.spec is None else language.of_setting(found.spec)


def written(found: At) -> str:
    """What stands between the quotes."""
    word = found.text
    if word is None:
        return ""
    quotes = 3 if "LONG" in word.type else 1
    end = len(word.text) if word.type.startswith("OPEN") else -quotes
    return word.text[quotes:end]


def facts_of(analysed: Analysed, text: str) -> ModelFacts | None:
    """What is known of a model as a film writes it; a file is known by its path from the root."""
    world = analysed.world
    path = world.resolve(text) if ":" not in text else None
    inside = path is not None and not isinstance(path, Problem)
    known = world.models(text)
    return (
        world.models(world.relative(path)) if known is None and inside and isinstance(path, Path) else known
    )


def _of_import(analysed: Analysed, text: str) -> str:
    if text.startswith("std:"):
        module = library.modules().get(text.removeprefix("std:"))
        return "" if module is None else language.of_module(module)
    if imported_source(text, analysed.world) is None:
        return ""
    names = list(members_of(text, analysed.world).values())[:_MOST_MEMBERS]
    rows = "\n".join(f"- {code(n.signature)}{f': {plain(n.says)}' if n.says else ''}" for n in names)
    return stacked(f"**{plain(text)}** — an imported file", rows)


def _of_file(analysed: Analysed, text: str) -> str:
    path = analysed.world.resolve(text) if text else None
    if path is None or isinstance(path, Problem):
        return "" if path is None else stacked(f"**{plain(text)}**", plain(path.message))
    film = analysed.film or analysed.last_film
    relative = analysed.world.relative(path)
    named = "" if film is None else _named(film, relative)
    size = format_bytes(path.stat().st_size)
    return stacked(f"**{plain(text)}** — {size}", of_media(film, named) if named else "")


def _named(film: Film, path: str) -> str:
    """What a film calls the file of that path; empty if it has no name for it."""
    media = [
        *((medium.path, medium.name) for medium in film.tracks),
        *((medium.path, medium.name) for medium in film.stills),
        *((medium.path, medium.name) for medium in film.clips),
        *((medium.path, medium.name) for medium in film.lyrics),
        *((medium.path, medium.name) for medium in film.markers),
    ]
    return next((name for place, name in media if place == path), "")


def _of_choice(spec: SettingSpec, text: str) -> str:
    if spec.name == "sampler":
        found = sampler_named(text)
        head = f"**{found}** — sampler" if isinstance(found, str) else found.message
        return stacked(head, language.of_setting(spec, example=False) if not isinstance(found, str) else "")
    meaning = dict(spec.choices_help).get(text, "")
    return stacked(f"**{plain(text)}**{f' — {meaning}' if meaning else ''}", language.of_setting(spec))


def _of_prompt(analysed: Analysed, found: At) -> str:
    """From when on a prompt counts, and until when."""
    key = key_at(analysed.document, found.offset)
    spec = found.spec
    head = "**prompt**" if spec is None or spec.name == "prompt" else f"**{spec.name}**"
    if key is None:
        return "" if spec is None else stacked(head, sentence(spec.help))
    clock = clock_at(analysed, found.offset)
    time = clock.time(key.at)
    at = None if time is None else clock.seconds(time)
    return stacked(head, "" if at is None else f"from {times(clock, at)} on")


def _of_colour(text: str) -> str:
    from anim_studio.lsp.colours import parsed

    rgba = parsed(text)
    if rgba is None:
        return ""
    red, green, blue, alpha = rgba
    opacity = "" if alpha == 1 else f", {number(alpha * 100)}% opaque"
    parts = zip(("red", "green", "blue"), (red, green, blue), strict=True)
    told = ", ".join(f"{name} {round(part * 255)}" for name, part in parts)
    return f"**{plain(text)}** — {told}{opacity}"
