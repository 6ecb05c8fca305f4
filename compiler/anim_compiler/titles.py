"""How large the texts of layers are drawn, and how much room their outlines and shadows take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from anim_compiler.curves import rounded
from anim_compiler.film import Layer, Shot
from anim_compiler.functions.registry import Array
from anim_compiler.memo import Memo
from anim_compiler.plan import Columns

MOST_PX = 2048.0
"""Letters are drawn at most so high; larger ones are drawn at this height and made larger."""

_IN_PX = ("outline", "shadow", "width")


def columns(shot: Shot, known: Columns, memo: Memo) -> Columns:
    """The columns that a shot's texts are drawn by, from those of its layers' settings, by name.

    `raster` is the height in px at which the letters are drawn, `zoom` what they are magnified by: where
    neither `size` nor `scale` changes, the height at which they show, and 1; else one height for the whole
    shot, the greatest, so that letters which grow are drawn once and do not tremble. `outline`, `shadow` and
    `width` are in px of that drawing, `inset` is the room around it.
    """
    made: Columns = {}
    for layer in shot.layers:
        if layer.text is not None:
            made |= _of(layer, known, memo)
    return made


def _of(layer: Layer, known: Columns, memo: Memo) -> Columns:
    path = f"layer.{layer.name}"
    given = {
        name: np.asarray(known[f"{path}.{name}"], dtype=np.float64) for name in ("size", "scale", *_IN_PX)
    }
    makers: dict[str, Callable[[Mapping[str, Array]], Array]] = {
        "raster": _raster,
        "zoom": _zoom,
        **{name: partial(_drawn, which=name) for name in _IN_PX},
        "inset": _inset,
    }
    parts = tuple(given.values())
    return {
        f"{path}.{'drawn_' if name in _IN_PX else ''}{name}": memo.recall(
            partial(make, given), "title", name, parts
        )
        for name, make in makers.items()
    }


def _raster(given: Mapping[str, Array]) -> Array:
    """The height at which letters are drawn: one for the whole shot."""
    shown = np.clip(given["size"] * given["scale"], 1.0, MOST_PX)
    return rounded(np.full(len(shown), shown.max()))


def _ratio(given: Mapping[str, Array]) -> Array:
    """Pixels of the drawing in a pixel of a text at its `size`."""
    return np.asarray(_raster(given) / np.maximum(given["size"], 1e-3))


def _zoom(given: Mapping[str, Array]) -> Array:
    return rounded(given["scale"] / _ratio(given))


def _drawn(given: Mapping[str, Array], which: str) -> Array:
    return rounded(given[which] * _ratio(given))


def _inset(given: Mapping[str, Array]) -> Array:
    """What outline, shadow (which falls aside and is soft) and slanting letters need around the text."""
    room = _drawn(given, "outline") + 2.5 * _drawn(given, "shadow") + 0.25 * _raster(given)
    return np.asarray(np.ceil(room) + 1.0)
