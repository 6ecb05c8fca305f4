"""What draws a node's pictures at each row, as bytes to be digested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler import row_bytes
from anim_compiler.drawing.extras import (
    CONTROL_NUMBERS,
    LORA,
    MODEL,
    NEUTRAL,
    control_arg,
    hints_of,
    type_of,
)
from anim_compiler.drawing.refs import Drawers
from anim_compiler.graph import Arg, Choice, Column, Node
from anim_compiler.row_bytes import Bytes

Columns = Mapping[str, NDArray[Any]]

SAMPLED = frozenset({"clip_skip", "eta", "noise_multiplier"})
"""Arguments of the sampling that say nothing unless they are given."""


def is_drawer(name: str) -> bool:
    """Whether an argument of a node that asks the model is told by `drawn` already."""
    return name in SAMPLED or type_of(name) is not None


def drawn(node: Node, rows: NDArray[np.int64], columns: Columns, drawers: Drawers) -> Bytes:
    """The digest of what draws at each of some rows: uint8 `[rows, 16]`, `[1, 16]` if it is one for all.

    It holds the model, the decoder, the LoRAs and controls whose weight is not 0 there with their weights,
    and what is said of how the model runs. A plain model alone is told by its own digest.
    """
    args = {name: value for name, value in node.args if is_drawer(name)}
    moving = [name for name, value in args.items() if isinstance(value, Column | Choice)]
    if not moving:
        return row_bytes.texts([_says(args, drawers)])
    table = np.stack([_values(args[name], columns)[rows].astype(np.float64) for name in moving], axis=1)
    patterns, inverse = np.unique(table, axis=0, return_inverse=True)
    made = row_bytes.texts(
        _says({**args, **{n: _at(args[n], v) for n, v in zip(moving, row, strict=True)}}, drawers)
        for row in patterns.tolist()
    )
    return made[inverse.reshape(-1)]


def resting(node: Node, rows: NDArray[np.int64], columns: Columns) -> dict[int, NDArray[np.bool_]]:
    """The inputs of a node that show something to a control which rests at some of the rows, by their place,
    with where it does: bool `[rows]`.
    """
    args = dict(node.args)
    names = hints_of(args)
    found: dict[int, NDArray[np.bool_]] = {}
    for place, name in enumerate(names, len(node.inputs) - len(names)):
        weight = args[control_arg(name, "weight")]
        if isinstance(weight, Column):
            rests = np.asarray(columns[weight.name][rows] == 0.0)
            if rests.any():
                found[place] = rests
    return found


def _values(value: Arg, columns: Columns) -> NDArray[Any]:
    assert isinstance(value, Column | Choice), value
    return columns[value.name]


def _at(value: Arg, number: float) -> Arg:
    return value.texts[int(number)] if isinstance(value, Choice) else number


def _says(args: Mapping[str, Arg], drawers: Drawers) -> str:
    """The same of one row, as a text."""
    model = str(args.get(MODEL, drawers.models[0]))
    said: dict[str, object] = {
        name: _rounded(value)
        for name, value in args.items()
        if (name in SAMPLED or name in ("precision", "tiling", "large")) and value != NEUTRAL.get(name)
    }
    if drawers.film.vae is not None:
        said["vae"] = drawers.of(drawers.film.vae)
    loras = sorted(
        (drawers.of(drawers.loras[name.removeprefix(LORA)]), _rounded(value))
        for name, value in args.items()
        if name.startswith(LORA) and value != 0.0
    )
    controls = [_control(name, args, drawers) for name in hints_of(args)]
    shown = [control for control in controls if control is not None]
    if loras:
        said["loras"] = loras
    if shown:
        said["controls"] = shown
    sha = drawers.of_model(model)
    return sha if not said else json.dumps([sha, said], sort_keys=True)


def _control(name: str, args: Mapping[str, Arg], drawers: Drawers) -> list[object] | None:
    weight, *when = (_rounded(args[control_arg(name, which)]) for which in CONTROL_NUMBERS)
    if weight == 0.0:
        return None
    kind, reference = drawers.controls[name]
    return [kind, drawers.of(reference), weight, *when]


def _rounded(value: Arg) -> object:
    return (
        float(f"{value:.12g}") + 0.0
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
    )
