"""Samplers by the names people use (AUTOMATIC1111's and Deforum's), as rules made here or as diffusers'
schedulers.

Importing this module does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from anim_compiler.models.samplers import FLOW_SAMPLERS, SPACINGS, UnknownSampler, sampler_named

__all__ = ("FLOW", "SAMPLERS", "Sampler", "UnknownSampler", "find_sampler")


@dataclass(frozen=True, slots=True)
class Sampler:
    """One row. A `rule` is one of `sampling.rules`; without one the diffusers class `scheduler` goes the way.
    `arguments` are that class's, or those of the one that tells a rule its levels.

    `grid` asks for timesteps that no `timestep_spacing` of diffusers gives: A1111's `round(linspace(last, 0,
    steps))`, or those of distilled models, the last of equal parts. `eta` is how much noise is put back where
    nobody says; None if it draws none, or none that can be told.
    """

    name: str
    scheduler: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    grid: str = ""
    eta: float | None = None
    #: the rule that stands for the scheduler where another eta is asked for than its own, where it leaps, and
    #: where slopes at the beginning tell nothing
    other: str = ""
    #: asks the model twice a step, but once at the last
    twice: bool = False
    #: repeats a step to get going, if there is another
    one_more: bool = False
    #: with so many steps or fewer it is spaced for one more, and goes to the picture from the last level but
    #: one; by `rule`, or by `other`
    leaps: int = 0


_LINSPACE = {"timestep_spacing": "linspace"}
_ZERO = {"final_sigmas_type": "zero"}
_COMPVIS = {"steps_offset": 1, "set_alpha_to_one": False, "timestep_spacing": "leading"}
_FLAGS = {"Karras": {"use_karras_sigmas": True}, "Exponential": {"use_exponential_sigmas": True}}
#: steps so long that a slope at the last level, drawn out over one, is noise many times over
_FEW, _ALWAYS = 6, 10_000
#: the scheduler whose levels are those of k-diffusion, for every rule
_LEVELS = "EulerDiscreteScheduler"


def _spaced(
    name: str, scheduler: str, arguments: Mapping[str, Any], *, grid: str = "", sgm: bool = False, **more: Any
) -> tuple[Sampler, ...]:
    """The row and its siblings in other spacings."""
    rows = [Sampler(name, scheduler, arguments, grid=grid, **more)]
    rows += [Sampler(f"{name} {s}", scheduler, {**arguments, **flag}, **more) for s, flag in _FLAGS.items()]
    if sgm:
        rows.append(Sampler(f"{name} {SPACINGS[2]}", scheduler, arguments, grid="trailing", **more))
    return tuple(rows)


def _ruled(name: str, rule: str, *, sgm: bool = False, **more: Any) -> tuple[Sampler, ...]:
    return _spaced(name, _LEVELS, _LINSPACE, rule=rule, eta=1.0, sgm=sgm, **more)


_ROWS: tuple[Sampler, ...] = (
    *_spaced("Euler", _LEVELS, _LINSPACE, sgm=True),
    *_ruled("Euler a", "euler ancestral", sgm=True),
    *_spaced("LMS", "LMSDiscreteScheduler", _LINSPACE),
    *_spaced("Heun", "HeunDiscreteScheduler", _LINSPACE, other="heun", leaps=_FEW, twice=True),
    *_spaced("DPM2", "KDPM2DiscreteScheduler", _LINSPACE, other="dpm2 ancestral", leaps=_FEW, twice=True),
    *_spaced(
        "DPM2 a",
        "KDPM2AncestralDiscreteScheduler",
        _LINSPACE,
        eta=1.0,
        other="dpm2 ancestral",
        leaps=_FEW,
        twice=True,
    ),
    *_spaced("DPM++ 2M", "DPMSolverMultistepScheduler", _ZERO, grid="dense", sgm=True),
    *_ruled("DPM++ 2M SDE", "dpmpp 2m sde", sgm=True),
    *_ruled("DPM++ 2M SDE Heun", "dpmpp 2m sde heun"),
    *(
        # the last level is so far below the one before that slopes drawn out to it are noise 20 times over;
        # AUTOMATIC1111 leaves it out too, and the levels of the other spacings are near enough to each other
        replace(row, leaps=_ALWAYS if row.name == "DPM++ 3M SDE" else 0)
        for row in _ruled("DPM++ 3M SDE", "dpmpp 3m sde")
    ),
    *_ruled("DPM++ SDE", "dpmpp sde", sgm=True, twice=True),
    *_ruled("DPM++ 2S a", "dpmpp 2s ancestral", twice=True),
    Sampler("UniPC", "UniPCMultistepScheduler", {"solver_order": 2, "use_karras_sigmas": True, **_ZERO}),
    Sampler("DDIM", "DDIMScheduler", {**_COMPVIS, "clip_sample": False}, eta=0.0),
    Sampler("PLMS", "PNDMScheduler", {**_COMPVIS, "skip_prk_steps": True}, one_more=True),
    Sampler("LCM", "LCMScheduler", {"clip_sample": False}),
    Sampler("TCD", "TCDScheduler", {"clip_sample": False}, eta=0.3),
    Sampler("DEIS", "DEISMultistepScheduler", {}),
    Sampler("SA-Solver", "SASolverScheduler", {}),
)

SAMPLERS: Final[Mapping[str, Sampler]] = MappingProxyType({row.name: row for row in _ROWS})
"""Every sampler by its name, for models of variances."""

_FLOW_RULES = {
    "Euler": "euler",
    "Heun": "heun",
    "DPM++ 2M": "dpmpp 2m",
    "UniPC": "unipc",
    "LCM": "consistency",
}

FLOW: Final[Mapping[str, Sampler]] = MappingProxyType(
    {
        name: replace(row, scheduler="", arguments={}, grid="", rule=row.rule or _FLOW_RULES[name])
        for name, row in SAMPLERS.items()
        if name in FLOW_SAMPLERS
    }
)
"""The same for models of straight lines, by their levels."""


def find_sampler(name: str, *, flow: bool = False) -> Sampler | UnknownSampler:
    """The row of that name (case and spacing do not count), or the nearest name."""
    found = sampler_named(name)
    if isinstance(found, UnknownSampler):
        return found
    if not flow:
        return SAMPLERS[found]
    if found in FLOW:
        return FLOW[found]
    from anim_compiler.models.samplers import sampler_for

    refused = sampler_for(name, "sd3")
    assert isinstance(refused, UnknownSampler)
    reason = f"a model of straight lines (rectified flow) has no sampler `{found}`"
    return UnknownSampler(name, refused.nearest, reason)
