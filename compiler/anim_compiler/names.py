"""The names that the language has by itself, and the nearest of them to a slip."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import anim_dsl.nearest
from anim_compiler.signatures import FEATURES, SIGNATURES

CLOCKS = frozenset({"t", "max_f", "time", "duration", "u", "beats", "bars", "s"})
"""Names of the clock (`anim_compiler.typed.Clock`)."""

LIVE_CLOCKS = frozenset({"t", "time", "u", "beats", "bars"})
"""Those that depend on the frame."""

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "tau": math.tau, "e": math.e})

SPECIAL_FUNCTIONS = frozenset({"cycle", "pick"})
"""Functions of lists, which the checker rewrites."""

SWITCHES: Mapping[str, bool] = MappingProxyType(
    {"on": True, "off": False, "yes": True, "no": False, "true": True, "false": False}
)

BUILT_IN = frozenset(
    {*CLOCKS, *CONSTANTS, *FEATURES, *SIGNATURES, *SPECIAL_FUNCTIONS, *SWITCHES, "film", "previous", "none"}
)
"""Names that no `let`, `def`, `audio` or `image` may take."""

_WORDS = MappingProxyType(
    {
        "seconds": "time",
        "frame": "t",
        "f": "t",
        "frames": "max_f + 1",
        "volume": "energy",
        "loud": "energy",
        "low": "bass",
        "lows": "bass",
        "high": "treble",
        "highs": "treble",
        "mids": "mid",
        "rms": "energy",
        "drums": "percussive",
        "vocal": "vocal_band",
        "vocals": "vocal_band",
        "voice": "vocal_band",
        "melody": "harmonic",
        "brightness": "centroid",
        "hihat": "hat",
        "cymbals": "hat",
        "lerp": "mix",
        "rand": "random",
        "ln": "log",
        "if": "where",
        "PI": "pi",
    }
)


def some(names: Sequence[str]) -> str:
    """The first eight names between back-ticks, and how many more there are; empty ones are left out."""
    shown = [f"`{name}`" for name in names if name]
    return ", ".join(shown[:8]) + (f" and {len(shown) - 8} more" if len(shown) > 8 else "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None."""
    names = sorted(set(known))
    if name in _WORDS and (_WORDS[name] in names or " " in _WORDS[name]):
        return _WORDS[name]
    lower = {n.lower(): n for n in reversed(names)}
    if name.lower() in lower:
        return lower[name.lower()]
    return anim_dsl.nearest.nearest(name, names)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint with the nearest name, or an empty one."""
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else ""
