"""Words and numbers that people bring along from Deforum, and what says the same here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_MATCHED = "write `color = lab; reference = {}` to keep the colours of {}"

#: setting and word, in lower case: the hint, and the choice that says the same or None
_WORDS: Mapping[tuple[str, str], tuple[str, str | None]] = MappingProxyType(
    {
        ("color", "video input"): (_MATCHED.format("source", "the video"), None),
        ("color", "image"): (_MATCHED.format("photo", "a picture"), None),
        ("color", "match frame 0 lab"): (
            "write `lab`: the first frame is the one whose colours are kept",
            "lab",
        ),
        ("color", "match frame 0 hsv"): (
            "write `hsv`: the first frame is the one whose colours are kept",
            "hsv",
        ),
        ("color", "match frame 0 rgb"): (
            "write `rgb`: the first frame is the one whose colours are kept",
            "rgb",
        ),
        ("noise_type", "uniform"): ("write `gaussian`: Deforum's `uniform` is that", "gaussian"),
        ("border", "zeros"): ("write `black`", "black"),
        ("border", "reflection"): ("write `reflect`", "reflect"),
        ("border", "border"): ("write `replicate`: the last row of pixels, drawn out", "replicate"),
        ("seed_mode", "schedule"): ("write `fixed`: the keyed seeds as they stand", "fixed"),
    }
)

#: settings of a block that stand elsewhere here
_PLACES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("control", "model"): "leave it away: each kind finds a network that fits the film's `model`",
        ("control", "mask"): "a `control` guides the whole picture; write `weight = …` for less of it",
        (
            "diffuse",
            "mask",
        ): "mask it in a `pipeline { … }`: `fresh = diffuse(moved, mask = hole)`",
        ("layer", "blend"): "write `mode = screen` in the layer",
        ("diffuse", "model"): "write `model = …` at the top",
    }
)


def word(setting: str, text: str) -> tuple[str, str | None] | None:
    """What to write for a word of Deforum's: the hint, and the choice that is surely meant or None."""
    if setting == "sampler":
        return _sampler(text)
    return _WORDS.get((setting, text.strip().lower()))


def _sampler(name: str) -> tuple[str, str | None] | None:
    """The same for a sampler by the name that it has elsewhere, or one that is made elsewhere only."""
    from anim_compiler.models.samplers import sampler_named

    found = sampler_named(name)
    if isinstance(found, str):
        return f"write `{found}`", found
    return (f"it is not made here; the nearest is `{found.nearest}`", None) if found.reason else None


def place(block: str, name: str) -> str:
    """What to write for a setting that a block of ours does not have; empty if that is not known."""
    return _PLACES.get((block, name), "")


#: functions of Deforum, Parseq and Fizz
_FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "bez": "write an easing behind the keys: `0: 1, 30: 2 with bezier(0.5, 0, 0.5, 1)`",
        "uniform": "write `remap(random(1), 0, 1, LOW, HIGH)`",
        "fmod": "write `t % 2`",
        "info": "write the number itself, or `time`, `beats` and `max_f`",
    }
)


def function(name: str) -> str:
    """What to write for a function of another program; empty if there is none of that name."""
    return _FUNCTIONS.get(name, "")
