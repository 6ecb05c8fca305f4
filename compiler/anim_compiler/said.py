"""What a scene says in words at every frame: its prompts, its sampler, its model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anim_compiler.conditionings import Encoder
from anim_compiler.film import Film, Word, WordSchedule
from anim_compiler.memo import Memo
from anim_compiler.plan import ColumnRef, Columns, TextPart, Weighted
from anim_compiler.takes import Take
from anim_compiler.texts import format_number
from anim_dsl.settings import ALIASES, SETTINGS

_PROMPTS = {"prompt": "prompt", "prompt.positive": "prompt", "prompt.negative": "negative"}


def words(film: Film, take: Take, name: str) -> list[str] | None:
    """The text of a setting at each frame of a scene's own; None if the name is that of no text."""
    if name in _PROMPTS:
        return _prompts(take, _PROMPTS[name])
    found: Word | WordSchedule | None
    if name == "model":
        found = film.model or "postcard"
    else:
        found = take.shot.words.get(name)
    if found is None or isinstance(found, bool):
        return None if found is None else [("on" if found else "off")] * take.own
    return _scheduled(take, found) if isinstance(found, WordSchedule) else [str(found)] * take.own


def setting_path(name: str) -> str | None:
    """The path of a setting that is called by another name or without its block; None if there is none.

    `strength_schedule` and `diffuse.strength_schedule` are `diffuse.strength`, `steps` is `diffuse.steps`.
    """
    block, _, last = name.rpartition(".")
    for (owner, alias), (spec, _) in ALIASES.items():
        if alias == last and block in ("", _called(owner)):
            return _path(spec.block, spec.name)
    homes = [owner for owner, own in SETTINGS if own == last and block in ("", _called(owner))]
    return _path(homes[0], last) if homes else None


def _called(block: str) -> str:
    return block.partition(" ")[0]


def _path(block: str, name: str) -> str:
    return name if block == "film" else f"{_called(block)}.{name}"


def _scheduled(take: Take, schedule: WordSchedule) -> list[str]:
    rows = sorted(((take.clock.stands(at), text) for at, text in schedule.keys), key=lambda row: row[0])
    places = np.array([place for place, _ in rows])
    index = np.searchsorted(places - 1e-9, np.arange(take.own), side="right") - 1
    return [rows[i][1] for i in np.maximum(index, 0).tolist()]


def _prompts(take: Take, kind: str) -> list[str]:
    """The text of each frame; between two keys both, with how far it is on the way."""
    encoder = Encoder(frames=take.clock.frames, memo=Memo())
    encoder.scene(take.shot.prompts, take.evaluator, range(take.clock.frames))
    columns, made = encoder.columns, encoder.prompts()
    rows: list[str] = []
    for f in range(take.own):
        a, b = (int(columns[f"{kind}.{end}"][f]) for end in ("from", "to"))
        mix = float(columns[f"{kind}.mix"][f])
        first, second = (_blend(made.conditionings[i], made.texts, columns, f) for i in (a, b))
        rows.append(first if first == second or mix == 0.0 else f"{1 - mix:.0%} {first} + {mix:.0%} {second}")
    return rows


def _blend(
    parts: Sequence[Weighted],
    texts: Sequence[Sequence[str | TextPart]],
    columns: Columns,
    frame: int,
) -> str:
    shown: list[str] = []
    for part in parts:
        text = "".join(
            p if isinstance(p, str) else format_number(float(columns[p.column][frame]))
            for p in texts[part.text]
        )
        weight = part.weight
        amount = float(columns[weight.column][frame]) if isinstance(weight, ColumnRef) else weight
        shown.append(f'"{text}"' if amount == 1.0 else f'"{text}" * {amount:.4g}')
    return " + ".join(shown)
