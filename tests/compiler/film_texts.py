"""Films as text, checked and compiled, for the compiler's tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from anim_compiler.check import check
from anim_compiler.compile import Compiled, CompileOptions, compile_film
from anim_compiler.film import Film
from anim_compiler.frame_table import FrameTable, frame_table
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.parse import parse
from anim_dsl.source import Source

OPTIONS = CompileOptions(model_sha256="0" * 64)


def checked(text: str, folder: Path | None = None) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """The film of a text and everything that was said about it."""
    home = folder or Path("nowhere")
    document, slips = parse(Source("film.anim", text))
    film, found = check(document, World(home, home))
    return (None if has_errors(slips) else film), (*slips, *found)


def film_of(text: str, folder: Path | None = None) -> Film:
    """The film of a text without errors."""
    film, diagnostics = checked(text, folder)
    assert film is not None, [f"{d.code} {d.message}" for d in diagnostics]
    return film


def codes(text: str, folder: Path | None = None) -> list[str]:
    """The codes of what is wrong with a text."""
    return [d.code for d in checked(text, folder)[1]]


def compiled(text: str, folder: Path | None = None, **options: object) -> Compiled:
    """The plan of a text; `options` are those of `CompileOptions`."""
    home = folder or Path("nowhere")
    chosen = replace(OPTIONS, **options)  # type: ignore[arg-type]
    return compile_film(film_of(text, folder), World(home, home), chosen)


def frames_of(made: Compiled) -> FrameTable:
    """How every frame of a plan is made; the text must be without errors."""
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return frame_table(made.plan, made.columns)
