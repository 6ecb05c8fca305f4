"""The templates of `anim new`, filled in for a film's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from anim_studio.firsts.media import write_photo, write_song


@dataclass(frozen=True, slots=True)
class Medium:
    """A file beside a film: what the template calls it, its name, and what makes it."""

    word: str
    file: str
    write: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Template:
    """One first film."""

    name: str
    help: str
    media: tuple[Medium, ...] = ()


TEMPLATES = (
    Template("zoom", "the smallest film: two prompts and a zoom"),
    Template("morph", "prompts that become each other while the camera rests"),
    Template(
        "music-video",
        "a camera that moves with a song; a short song is made beside it",
        (Medium("SONG", "song.wav", write_song),),
    ),
    Template(
        "product",
        "a photo turned slowly, its colours held; a photo is made beside it",
        (Medium("PHOTO", "photo.png", write_photo),),
    ),
    Template("loop", "a film that ends where it begins"),
)
"""Every template, the simplest first."""


def filled(template: Template, stem: str) -> str:
    """The template's text for a film of that name."""
    text = resources.files("anim_studio").joinpath(f"templates/{template.name}.anim").read_text("utf-8")
    for medium in template.media:
        text = text.replace(medium.word, medium.file)
    return text.replace("OUTPUT.mp4", f"{_in_quotes(stem)}.mp4").replace("FILM.anim", f"{stem}.anim")


def _in_quotes(stem: str) -> str:
    """A file's name as an output's path has it: quotes and backslashes are escaped.

    Braces become parentheses: they stand for an insert there, even escaped ones.
    """
    plain = stem.replace("{", "(").replace("}", ")")
    return "".join(f"\\{char}" if char in '"\\' else char for char in plain)
