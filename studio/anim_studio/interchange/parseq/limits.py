"""What a film's settings may be: values beyond that are held at the end, as Deforum's own clamps do."""

from __future__ import annotations

from collections.abc import Sequence

from anim_dsl.settings import ALIASES, SETTINGS, SettingSpec
from anim_studio.interchange.parseq.writing import figure


def limits_of(place: str, name: str, axes: int) -> tuple[float | None, float | None]:
    """The least and the greatest value of a setting of a block, None where there is no end."""
    block = f"camera {axes}d" if place == "camera" else place
    spec = _spec(block, name)
    if spec is None or name == "fov_schedule":
        return None, None
    return spec.minimum, spec.maximum


def _spec(block: str, name: str) -> SettingSpec | None:
    own = SETTINGS.get((block, name))
    return own or ALIASES.get((block, name), (None, ""))[0]


def is_beyond(values: Sequence[float], low: float | None, high: float | None) -> bool:
    """Whether some value lies outside."""
    return (low is not None and min(values) < low) or (high is not None and max(values) > high)


def held(value: str, low: float | None, high: float | None) -> str:
    """A value that stays within limits."""
    if low is None or high is None:
        name, end = ("min", high) if low is None else ("max", low)
        return value if end is None else f"{name}({value}, {figure(end).text})"
    return f"clamp({value}, {figure(low).text}, {figure(high).text})"
