"""What to write instead, for messages about a setting's value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from anim_compiler.advice import brought
from anim_compiler.names import nearest
from anim_dsl.settings import SettingSpec

#: so many choices are listed; of more, the nearest ones are
_LISTED = 8

#: settings whose numbers people bring along from elsewhere
_SCALES: Mapping[str, str] = MappingProxyType(
    {
        "strength": "0 changes nothing, 1 makes everything anew; `50%` may be written too",
        "blend": "0 is the new picture alone, 1 the carried one; `50%` may be written too",
        "noise": "write a share, like `0.02` or `2%`",
        "opacity": "0 is not seen, 1 covers all; `50%` may be written too",
        "vignette": "0 is none, 1 is black in the corners; `50%` may be written too",
        "steps": "20 to 30 is usual",
        "cfg_scale": "5 to 8 is usual",
        "cadence": "1 diffuses every frame, 2 every other one",
        "fps": "write `24`, `25` or `30`",
        "clip_skip": "1 leaves none out, 2 is usual for drawn pictures",
    }
)

_WRITTEN: Mapping[str, str] = MappingProxyType(
    {"fps": "24", "bpm": "120bpm", "length": "10s", "morph_time": "1s", "offset": "0.5s", "gain": "-6"}
)


def within(name: str, value: float, low: float | None, high: float | None) -> str:
    """The hint for a number outside its range brought along from another scale; or none."""
    if name == "fov" and value < 0:
        return f"write `{min(-value, 179):g}`: a lens has an angle above 0; to fly back turn the motion round"
    if name == "zoom":
        if value <= 0:
            return "1 is no zoom, 2 twice as large, 0.5 half as large"
        return f"`zoom` is a factor: for {value:g}% write `{value / 100:g}`"
    if high == 1.0 and low == 0.0 and 1.0 < value <= 100.0 and value == int(value):
        return f"for {value:g}% write `{value:g}%` or `{value / 100:g}`"
    return _SCALES.get(name, "")


def one_of(spec: SettingSpec, shown: str) -> tuple[str, str | None]:
    """The hint for a word that is no choice of a setting, and the choice that was surely meant or None."""
    known = brought.word(spec.name, shown)
    if known is not None:
        return known
    squeezed = {_squeezed(choice): choice for choice in spec.choices}
    near = squeezed.get(_squeezed(shown)) or nearest(shown, spec.choices)
    if near is not None:
        return f"did you mean `{near}`?", near
    if len(spec.choices) <= _LISTED:
        return "it is one of " + ", ".join(f"`{choice}`" for choice in spec.choices), None
    listed = ", ".join(f"`{choice}`" for choice in _nearest(shown, spec.choices))
    return f"the nearest are {listed}; `anim explain {spec.name}` lists all", None


def like(spec: SettingSpec, written: str) -> str:
    """The hint for a value of the wrong kind: how the setting is written, `24` for `fps`."""
    return f"write it like `{_WRITTEN.get(spec.name, written)}`"


def _squeezed(choice: str) -> str:
    """`DPM++ 2M Karras` and `dpm2m_karras` alike."""
    return "".join(char for char in choice.lower() if char.isalnum())


def _nearest(shown: str, choices: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    by_lower = {choice.lower(): choice for choice in choices}
    return [by_lower[name] for name in get_close_matches(shown.lower(), by_lower, 3, 0.0)]
