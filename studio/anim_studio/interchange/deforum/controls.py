"""ControlNet units as `control` statements."""

from __future__ import annotations

import re

from anim_studio.interchange.deforum.files import Files
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.setting import scheduled
from anim_studio.interchange.film_text import Block, Comment, Gap, Item, Setting, as_comment
from anim_studio.interchange.imported import Fate

#: what stands in the name of a unit's model or module, and the kind of control that it is
_KINDS = (
    ("tile", "tile"),
    ("openpose", "pose"),
    ("canny", "canny"),
    ("depth", "depth"),
    ("midas", "depth"),
    ("zoe", "depth"),
    ("leres", "depth"),
    ("normal", "normal"),
    ("lineart", "lineart"),
    ("softedge", "softedge"),
    ("hed", "softedge"),
    ("pidi", "softedge"),
    ("scribble", "scribble"),
    ("sketch", "scribble"),
)


#: what of a unit is a curve, what it is called here, and the value that a control has without it
_CURVES = (("weight", "weight", 1.0), ("guidance_start", "start", 0.0), ("guidance_end", "end", 1.0))


def controls(settings: Settings, files: Files) -> list[Item]:
    """The units that are on; of a kind that films do not have a comment is left."""
    numbers = sorted(
        {int(match[1]) for name in settings.values if (match := re.match(r"cn_([0-9]+)_", name))}
    )
    items: list[Item] = []
    taken: set[str] = set()
    for number in numbers:
        settings.mapped(f"cn_{number}_enabled")
        if settings.flag(f"cn_{number}_enabled"):
            items += [_unit(settings, files, number, taken), Gap()]
        else:
            _off(settings, number)
    return items


def _off(settings: Settings, number: int) -> None:
    for name in settings.values:
        if name.startswith(f"cn_{number}_") and name != f"cn_{number}_enabled":
            settings.say(Fate.IGNORED, name, f"`cn_{number}_enabled` is off")


def kind_of(model: str, module: str) -> str | None:
    """The kind of control that a unit is, by its model's name or its module's; None for another."""
    for text in (model.lower(), module.lower()):
        for part, kind in _KINDS:
            if part in text:
                return kind
    return None


def _unit(settings: Settings, files: Files, number: int, taken: set[str]) -> Item:
    name = f"cn_{number}"
    model, module = (settings.text(f"{name}_{word}") for word in ("model", "module"))
    kind = kind_of(model, module)
    if kind is None:
        says = f"there is no control of the kind of `{model}`"
        settings.say(Fate.LOST, f"{name}_model", says)
        _rest(settings, name, Fate.LOST, f"see `{name}_model`")
        return Comment(f"ControlNet unit {number}: {says}.")
    settings.mapped(f"{name}_model", f"{name}_module", says=f"`control {kind}`")
    source = _source(settings, files, name)
    called = files.called.get(settings.text(f"{name}_vid_path"), "clip")
    inside: list[Item] = [Setting("source", called)] if source is not None else []
    for word, ours, quiet in _CURVES:
        found = scheduled(settings, f"{name}_{word}", "control", ours, quiet=quiet)
        inside += [] if found is None else [found]
    low, high = (settings.whole(f"{name}_threshold_{word}") for word in "ab")
    if kind == "canny":
        inside += [Setting("low", str(low)), Setting("high", str(high))] if 0 <= low < high <= 255 else []
        settings.mapped(f"{name}_threshold_a", f"{name}_threshold_b")
    if settings.text(f"{name}_control_mode").lower() != "balanced":
        says = "films have one mode: raise `weight` where the hint matters more"
        settings.say(Fate.LOST, f"{name}_control_mode", says)
    _rest(settings, name, Fate.OBSOLETE, "hints are made at the film's size")
    head = f"control {kind}" if kind not in taken else f"control {kind} {kind}_{number}"
    taken.add(kind)
    block = Block(head, tuple(inside), is_whole=True)
    return block if source != "" else as_comment(block, "the video that it looks at is missing")


def _source(settings: Settings, files: Files, name: str) -> str | None:
    """The video that a unit looks at, "" if it is not here; None for the picture that is diffused."""
    path = settings.text(f"{name}_vid_path")
    if not path or settings.flag(f"{name}_loopback_mode"):
        settings.mapped(f"{name}_vid_path", f"{name}_loopback_mode")
        return None
    settings.mapped(f"{name}_loopback_mode")
    return files.media("video", f"{name}_vid_path", "clip", path=path)


def _rest(settings: Settings, name: str, fate: Fate, says: str) -> None:
    for key in settings.values:
        if key.startswith(f"{name}_") and not settings.is_told(key):
            settings.say(fate, key, says)
