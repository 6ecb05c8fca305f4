"""The names of samplers: those that people use, what they mean here, and which of them a family has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from anim_compiler.models.families import FAMILIES
from anim_dsl.settings import SETTINGS

SAMPLERS: Final[tuple[str, ...]] = SETTINGS["diffuse", "sampler"].choices
"""Every sampler, in the order in which a menu shows them: a name of AUTOMATIC1111's, and after it the spacing
of the steps where it is not the sampler's own.
"""

SPACINGS: Final = ("Karras", "Exponential", "SGM Uniform")
"""How steps may be spaced; `SGM Uniform` is for distilled models (Lightning, Turbo), in a few steps."""

FLOW_SAMPLERS: Final[frozenset[str]] = frozenset(
    {
        "Euler",
        "Euler a",
        "Heun",
        "DPM++ 2M",
        "DPM++ 2M SDE",
        "DPM++ 2M SDE Heun",
        "DPM++ 3M SDE",
        "DPM++ SDE",
        "DPM++ 2S a",
        "UniPC",
        "LCM",
    }
)
"""Samplers of models that are trained on straight lines between picture and noise. The model says how its
steps are spaced, and the samplers made for variances alone (DDIM, PLMS, …) mean nothing to it.
"""

#: by names with neither capitals, `_`, nor a `k_` before them
_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "euler ancestral": "Euler a",
        "heun": "Heun",
        "dpm 2": "DPM2",
        "dpm2": "DPM2",
        "dpm 2 ancestral": "DPM2 a",
        "dpm2 ancestral": "DPM2 a",
        "dpm 2 a": "DPM2 a",
        "dpmpp 2m": "DPM++ 2M",
        "dpmpp 2m sde": "DPM++ 2M SDE",
        "dpmpp 2m sde heun": "DPM++ 2M SDE Heun",
        "dpmpp 3m sde": "DPM++ 3M SDE",
        "dpmpp sde": "DPM++ SDE",
        "dpmpp 2s a": "DPM++ 2S a",
        "dpmpp 2s ancestral": "DPM++ 2S a",
        "dpm++ 2s ancestral": "DPM++ 2S a",
        "pndm": "PLMS",
        "ddim cfg++": "DDIM",
        "uni pc": "UniPC",
        "uni pc bh2": "UniPC",
        "sa solver": "SA-Solver",
        "flow match euler": "Euler",
        "eulerdiscrete": "Euler",
        "eulerancestraldiscrete": "Euler a",
        "heundiscrete": "Heun",
        "lmsdiscrete": "LMS",
        "kdpm2discrete": "DPM2",
        "kdpm2ancestraldiscrete": "DPM2 a",
        "dpmsolvermultistep": "DPM++ 2M",
        "dpmsolversde": "DPM++ SDE",
        "unipcmultistep": "UniPC",
        "deismultistep": "DEIS",
        "sasolver": "SA-Solver",
        "flowmatcheulerdiscrete": "Euler",
        "flowmatchheundiscrete": "Heun",
        "flowmatchlcm": "LCM",
    }
)

_ABSENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dpm fast": "DPM++ 2M Karras",
        "dpm adaptive": "DPM++ 2M Karras",
        "restart": "Heun Karras",
        "heunpp2": "Heun",
        "ipndm": "PLMS",
        "ipndm v": "PLMS",
        "ddpm": "Euler a",
        "res multistep": "DPM++ 2M",
        "er sde": "DPM++ 3M SDE",
        "dpmsolversinglestep": "DPM++ 2S a",
        "euler cfg pp": "Euler",
        "euler ancestral cfg pp": "Euler a",
        "dpmpp 2m cfg pp": "DPM++ 2M",
        "dpmpp 2s ancestral cfg pp": "DPM++ 2S a",
        "gradient estimation": "Euler",
    }
)


@dataclass(frozen=True, slots=True)
class UnknownSampler:
    """A name that is no sampler's, or one that a family of models has not, and the nearest that there is."""

    name: str
    nearest: str
    reason: str = ""

    @property
    def message(self) -> str:
        """One sentence that says what to write instead."""
        why = self.reason or f"there is no sampler `{self.name}`"
        return f"{why}; the nearest is `{self.nearest}`"


def sampler_named(name: str) -> str | UnknownSampler:
    """The sampler of that name, however its capitals, spaces and underscores are, by A1111's names,
    Deforum's, ComfyUI's (`dpmpp_2m karras`) or those of diffusers' classes; or the nearest name.
    """
    wanted = _plain(name)
    found = _BY_PLAIN.get(wanted)
    if found is not None:
        return found
    body, spacing = _parted(wanted)
    if body in _ABSENT:
        return UnknownSampler(name, _ABSENT[body], f"the sampler `{name}` is not made here")
    if body in _BY_PLAIN and spacing:
        # one that is there, in a spacing that it has not
        return UnknownSampler(name, _BY_PLAIN[body])
    near = difflib.get_close_matches(wanted, _BY_PLAIN, n=1, cutoff=0.0)
    return UnknownSampler(name, _BY_PLAIN[near[0]])


def sampler_for(name: str, family: str) -> str | UnknownSampler:
    """The same for a model of that family ("" if it is not known), which may not have it."""
    found = sampler_named(name)
    row = FAMILIES.get(family)
    if row is None or not row.is_flow or not isinstance(found, str) or found in FLOW_SAMPLERS:
        return found
    return UnknownSampler(name, _flow_nearest(found), f"{row.title} has no sampler `{found}`")


def _flow_nearest(name: str) -> str:
    body = next((name.removesuffix(f" {s}") for s in SPACINGS if name.endswith(f" {s}")), name)
    if body in FLOW_SAMPLERS:
        return body
    return {"DPM2": "Heun", "DPM2 a": "Euler a", "TCD": "LCM", "SA-Solver": "DPM++ 2M SDE"}.get(
        body, "DPM++ 2M" if body in ("LMS", "DEIS", "PLMS") else "Euler"
    )


def _plain(name: str) -> str:
    """A name as it is compared: without capitals, underscores, `k_` and what library or card it is for."""
    words = " ".join(name.lower().replace("_", " ").split())
    words = re.sub(r"^k |scheduler$| gpu\b", "", words)
    return words.replace("sgm uniform", "sgm_uniform").replace("trailing", "sgm_uniform")


def _parted(plain: str) -> tuple[str, str]:
    """A plain name and the spacing at its end, "" if there is none."""
    body, _, last = plain.rpartition(" ")
    return (body, last) if last in ("karras", "exponential", "sgm_uniform") else (plain, "")


def _by_plain() -> dict[str, str]:
    found = {_plain(name): name for name in SAMPLERS}
    for written, meant in _ALIASES.items():
        found.setdefault(written, meant)
        for spacing in SPACINGS:
            if f"{meant} {spacing}" in SAMPLERS:
                found.setdefault(_plain(f"{written} {spacing}"), f"{meant} {spacing}")
    return found


_BY_PLAIN: Final[Mapping[str, str]] = MappingProxyType(_by_plain())
