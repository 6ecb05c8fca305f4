"""Graphs as text for the tests of passes: read, run through a pass, shown again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.frames import Frames
from anim_compiler.graph import Graph
from anim_compiler.graph_read import read_graph
from anim_compiler.lower import Scene
from anim_compiler.passes import Facts, Pass
from anim_compiler.text import graph_text
from anim_compiler.verify import verify

EYE = tuple(np.eye(3).reshape(-1))
SAMPLING = 'cfg_scale=5.0 sampler="Euler a" seed=[diffuse.seed] steps=[diffuse.steps]'
"""The arguments of `diffuse` but for its strength."""


def facts(scenes: Sequence[Scene] = ()) -> Facts:
    """What passes may know of a film of 48 × 32 px."""
    return Facts(48, 32, 8.0, Frames((), (), (), (), ()), scenes)


def graph(text: str, columns: Mapping[str, object] | None = None) -> Graph:
    """The graph of a text, with columns of which a number stands for all rows."""
    read = read_graph(dedent(text).strip("\n") + "\n")
    count = max((row for template in read.templates.values() for row in template.frames), default=0) + 1
    found = {name: column(value, count) for name, value in (columns or {}).items()}
    return Graph(read.templates, found)


def column(value: object, count: int) -> NDArray[Any]:
    """A column of `count` rows: as given, or one number everywhere."""
    values = np.asarray(value)
    values = np.full(count, value) if values.ndim == 0 else values
    return values.astype(np.float64) if values.dtype.kind == "f" else values.astype(np.int64)


def moves(*shifts: float) -> NDArray[np.float64]:
    """A column of moves `[rows, 9]` to the right by so much, one a row."""
    found = np.tile(np.asarray(EYE), (len(shifts), 1))
    found[:, 2] = shifts
    return found


def after(
    step: Pass, text: str, columns: Mapping[str, object] | None = None, scenes: Sequence[Scene] = ()
) -> str:
    """The text of a graph after a pass, checked to be whole before and after."""
    before = graph(text, columns)
    assert verify(before, whole=False) == ()
    done = step(before, facts(scenes))
    assert verify(done, whole=False) == ()
    assert graph_text(before) == graph_text(graph(text, columns)), "a pass changes nothing in place"
    return graph_text(done, places=True)


def same(text: str) -> str:
    """A text as `graph_text` writes it."""
    return dedent(text).strip("\n") + "\n"
