"""Films that read files of times and curves, for their tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tests.compiler.film_texts import checked

from anim_compiler.asking import Asked
from anim_compiler.film import Film
from anim_compiler.world import World

HEAD = 'prompt { 0s: "a" }\n'


def film_of(text: str, folder: Path) -> Film:
    """A film without mistakes, whose files may be unused."""
    film, found = checked(text, folder)
    wrong = [f"{d.code} {d.message}" for d in found if d.code != "W6001"]
    assert film is not None, wrong
    assert not wrong
    return film


def curve(text: str, folder: Path, head: str = "length = 4s\n") -> NDArray[np.float64]:
    """The curve `asked` of a film of that text, float64[frames]."""
    film = film_of(f"{head}{HEAD}{text}", folder)
    return Asked(film, World(folder, folder)).curve("asked")
