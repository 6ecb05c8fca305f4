"""Versions and boards of texts, made as the compiling thread makes them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_compiler.asking import Asked, moving, written_still
from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.diagnostic import has_errors
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.live.board.board_of import board_of
from anim_studio.live.board.lanes import Board, Lane
from anim_studio.live.version import Choice, Good, Version

Curves = Mapping[str, NDArray[np.float64]]

HEAD = "size = 64x64\nfps = 24\nseed = 1\n"


def version_of(
    text: str,
    folder: Path,
    *,
    variant: int | None = None,
    fps: Fraction | None = None,
    heard: Curves | None = None,
) -> Version:
    """A film's text as a version; `heard` are curves of its song, `fps` another rate without curves."""
    world = World.open(folder / "film.anim")
    source = Source("film.anim", text)
    document, slips = parse(source)
    film, found = check(document, world) if variant is None else check(document, world, variant=variant)
    good = None
    if film is not None and not has_errors((*slips, *found)):
        asked = Asked(film, world)
        rate = fps or film.fps
        curves = {} if fps else {name: asked.curve(name) for name in _names(asked, film)}
        good = Good(film, rate, film.frames, asked.parts, {**curves, **(heard or {})}, moving(film))
    choice = Choice(variant)
    return Version(1, folder / "film.anim", source, document, world, (*slips, *found), good, choice, 0.0)


def _names(asked: Asked, film: object) -> list[str]:
    known = asked.names()
    names = dict.fromkeys([*moving(film), *written_still(film)])  # type: ignore[arg-type]  # a Film
    return [name for name in names if name in known]


def boarded(text: str, folder: Path, **said: object) -> Board:
    """The board of a film that has no mistakes; the usual head goes before a text without `size`."""
    whole = text if "size" in text else HEAD + text
    version = version_of(whole, folder, **said)  # type: ignore[arg-type]  # as version_of has it
    assert version.good is not None, [(d.message, d.hint) for d in version.diagnostics]
    board = board_of(version)
    assert board is not None
    return board


def lane(board: Board, name: str) -> Lane:
    """A lane that must be there."""
    found = board.lane(name)
    assert found is not None, [each.name for each in board.lanes]
    return found
