"""What is said of the parameters that nothing in the film was made of, and of schedules that nobody reads."""

from __future__ import annotations

from anim_dsl.diagnostic import Severity
from anim_dsl.foreign import foreign
from anim_dsl.schedule import evaluate, evaluate_text
from anim_studio.interchange.deforum.given import WORDS, Settings
from anim_studio.interchange.deforum.param import MODES, Param
from anim_studio.interchange.deforum.params import GROUPS, param
from anim_studio.interchange.imported import Fate

_OFF = frozenset({"", "false", "none", "0"})
#: Deforum reads all of its own schedules, whatever the mode
_OWN = ("Animation", "Hybrid video", "Run, masks, guided images, Parseq, output")


def leftovers(settings: Settings) -> None:
    """Tells every parameter of the file of which nothing was told yet."""
    for name in settings.values:
        row = param(name)
        if not settings.is_told(name):
            settings.say(*_fate(settings, name, row))
    for group in _OWN:
        for row in GROUPS[group]:
            if row.name in settings.values and settings.is_schedule(row.name):
                _broken(settings, row.name)


def _fate(settings: Settings, name: str, row: Param | None) -> tuple[Fate, str, str]:
    if row is None:
        return Fate.IGNORED, name, "no Deforum that is known here reads it"
    switch = name[:5] + row.switch[5:] if row.switch.startswith("cn_") else row.switch
    if settings.mode not in row.modes:
        says = f"{MODES[settings.mode]} does not act on it" if row.modes else _why(row)
        return Fate.IGNORED, name, says
    if switch and settings.text(switch).lower() in _OFF:
        return Fate.IGNORED, name, f"`{settings.written.get(switch, switch)}` is off"
    if row.fate in (Fate.LOST, Fate.CHANGED) and _is_default(settings, name, row):
        return Fate.IGNORED, name, "it is off, or as it always is"
    if row.fate is Fate.MAPPED:  # what acts was told by what it became
        return Fate.IGNORED, name, "nothing in this file makes it act"
    return row.fate, name, _why(row)


def _why(row: Param) -> str:
    """The row's own words, or what the table of foreign names says."""
    if row.note:
        return row.note
    return foreign(row.name).partition("leave it away: ")[2]


def _is_default(settings: Settings, name: str, row: Param) -> bool:
    value, default = ("".join(text.lower().split()) for text in (settings.text(name), row.default))
    return value == default or {value, default} <= _OFF


def _broken(settings: Settings, name: str) -> None:
    """A schedule that acts on nothing here stops Deforum all the same if it cannot be read."""
    text = settings.schedule(name)
    row = param(name)
    if settings.was_read(name) or (row is not None and text == row.default):
        return
    read = evaluate_text if name in WORDS else evaluate
    values, findings = read(text, frames=settings.frames, seed=settings.seed)
    if values is None:
        for finding in findings:
            if finding.severity is Severity.ERROR:
                settings.keep(name, text, finding)
