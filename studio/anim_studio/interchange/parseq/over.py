"""Parseq over Deforum: the curves of a manifest take the place of those of the settings that name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from anim_dsl.settings import ALIASES
from anim_studio.interchange.film_text import Block, Gap, Item, Setting
from anim_studio.interchange.parseq.fields import FIELDS
from anim_studio.interchange.parseq.parts import Parts
from anim_studio.interchange.parseq.writing import figure


def over(items: Sequence[Item], parts: Parts, *, keeps_clock: bool = False) -> tuple[Item, ...]:
    """A film's items with what Parseq manages in place of theirs: its clock (unless `keeps_clock`, which is
    `parseq_non_schedule_overrides` switched off), its tables and names before the first block, its prompts,
    and its settings in `camera`, `diffuse` and `coherence`.
    """
    clock = _clock(parts, keeps_clock=keeps_clock)
    kept = [item for item in items if not (isinstance(item, Setting) and item.name in clock)]
    first = next((i for i, item in enumerate(kept) if isinstance(item, Block)), len(kept))
    top = next((i + 1 for i, item in enumerate(kept) if isinstance(item, Setting)), first)
    blocks = list(_blocks(kept[first:], parts, keeps_clock=keeps_clock))
    return (*kept[:top], *clock.values(), *kept[top:first], *parts.head, Gap(), *blocks)


def _clock(parts: Parts, *, keeps_clock: bool) -> dict[str, Setting]:
    found = {"fps": figure(parts.fps).text, "length": f"{parts.frames}f"} if not keeps_clock else {}
    if 3.0 <= parts.bpm <= 1200.0:
        found["bpm"] = figure(parts.bpm).text
    return {name: Setting(name, value) for name, value in found.items()}


def _blocks(items: Sequence[Item], parts: Parts, *, keeps_clock: bool) -> Iterator[Item]:
    cadence = () if keeps_clock else (Setting("cadence", str(min(parts.cadence, 50))),)
    camera = f"camera {parts.axes}d"
    wanted: dict[str, tuple[Setting, ...]] = {
        camera: parts.camera,
        "diffuse": parts.diffuse,
        "coherence": (*cadence, *parts.coherence),
    }
    if parts.prompt is not None and not any(isinstance(i, Block) and i.head == "prompt" for i in items):
        yield from (parts.prompt, Gap())
    for item in items:
        if isinstance(item, Block) and item.head == "prompt" and parts.prompt is not None:
            yield parts.prompt
        elif isinstance(item, Block) and item.head in wanted:
            yield replace(item, items=_merged(item, wanted.pop(item.head), parts))
        else:
            yield item
    for head, settings in wanted.items():
        own = (Setting("motion", "per_frame"), *settings) if head == camera and settings else settings
        if own:
            yield from (Gap(), Block(head, own))


def _merged(block: Block, settings: Sequence[Setting], parts: Parts) -> tuple[Item, ...]:
    """A block's items without those that Parseq manages, and Parseq's after them; what stands still there is
    no setting.
    """
    still = [FIELDS[name].setting for name in parts.values if name in FIELDS and FIELDS[name].is_move]
    managed = {_own(block.head, name) for name in (*still, *(setting.name for setting in settings))}
    kept = [i for i in block.items if not (isinstance(i, Setting) and _own(block.head, i.name) in managed)]
    return (*kept, *settings)


def _own(block: str, name: str) -> str:
    """A setting's name in the language, whatever it is called."""
    spec = ALIASES.get((block, name))
    return spec[0].name if spec else name
