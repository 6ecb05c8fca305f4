"""Schedules as settings: within their range, whole where they must be, away where they say nothing."""

from __future__ import annotations

from anim_dsl.settings import SETTINGS
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.film_text import Setting
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.schedule_text import Translated

_UNTOLD = "as it is without a word"


def scheduled(
    settings: Settings,
    name: str,
    block: str,
    ours: str,
    *,
    quiet: float | None = None,
    beyond: str = "",
    says: str = "",
) -> Setting | None:
    """A schedule as the setting `ours` of a block; None where it is `quiet` at every frame, which is what a
    film without the setting has. `beyond` says why values are cut that are beyond the setting's range.
    """
    found = settings.curve(name)
    if quiet is not None and set(found.values) == {quiet}:
        settings.mapped(name, says=_UNTOLD)
        return None
    spec = SETTINGS[block, ours]
    is_whole = spec.type != "int" or _is_whole(found)
    found = found if is_whole else whole(found)
    low, high = spec.minimum, spec.maximum
    if ours == "fov":
        low, high = -179.0, 179.0
    text, keys = found.text, found.keys
    if low is not None and high is not None and not low <= min(found.values) <= max(found.values) <= high:
        text, keys = _clamped(settings, name, found, low, high), ()
        why = beyond or f"it is cut at {low:g} and {high:g}, which is as far as `{ours}` goes here"
        settings.say(Fate.CHANGED, name, why)
    elif not is_whole:
        settings.mapped(name, says="cut to whole numbers, as there")
    else:
        settings.mapped(name, says=says)
    return Setting(ours, text, keys=keys)


def _is_whole(found: Translated) -> bool:
    return all(value.is_integer() for value in found.values)


def whole(found: Translated) -> Translated:
    """A curve cut to whole numbers, as Deforum cuts it where it needs them."""
    if _is_whole(found):
        return found
    values = tuple(float(int(value)) for value in found.values)
    if len(set(values)) == 1:
        return Translated(f"{values[0]:.0f}", values=values)
    # -1, which is a drawn seed, may be among them: what lies between it and 0 is on its way
    function = "floor" if min(found.values) >= -1 else "ceil" if max(found.values) <= 0 else ""
    if found.form == "quoted" or not function:
        return Translated(found.text, found.form, found.keys, values)
    return Translated(f"{function}(({found.text}))", values=values)


def _clamped(settings: Settings, name: str, found: Translated, low: float, high: float) -> str:
    if found.is_constant:
        return f"{max(low, min(high, found.values[0])):g}"
    return f"clamp(({_unquoted(settings, name, found)}), {low:g}, {high:g})"


def _unquoted(settings: Settings, name: str, found: Translated) -> str:
    if found.form != "quoted":
        return found.text
    return settings.curve(name, may_quote=False).text


def number_text(value: float) -> str:
    """A number as people write it."""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
