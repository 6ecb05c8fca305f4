"""Samplers by ComfyUI's names: its `sampler_name`, and its `scheduler` for the spacing of the steps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SAMPLERS: Mapping[str, str] = MappingProxyType(
    {
        "Euler": "euler",
        "Euler a": "euler_ancestral",
        "LMS": "lms",
        "Heun": "heun",
        "DPM2": "dpm_2",
        "DPM2 a": "dpm_2_ancestral",
        "DPM++ 2M": "dpmpp_2m",
        "DPM++ 2M SDE": "dpmpp_2m_sde",
        "DPM++ 2M SDE Heun": "dpmpp_2m_sde_heun",
        "DPM++ 3M SDE": "dpmpp_3m_sde",
        "DPM++ SDE": "dpmpp_sde",
        "DPM++ 2S a": "dpmpp_2s_ancestral",
        "UniPC": "uni_pc",
        "DDIM": "ddim",
        "PLMS": "ipndm",
        "LCM": "lcm",
        "TCD": "lcm",
        "DEIS": "deis",
        "SA-Solver": "sa_solver",
    }
)
"""Our names without their spacing."""

SPACINGS: Mapping[str, str] = MappingProxyType(
    {"Karras": "karras", "Exponential": "exponential", "SGM Uniform": "sgm_uniform"}
)
"""Spacings; without one it is `normal`."""

NEAREST = frozenset({"PLMS", "TCD"})
"""Those whose namesake there is only near."""


def parted(sampler: str) -> tuple[str, str]:
    """A sampler of ours without its spacing, and the spacing ("" if it has none)."""
    for spacing in SPACINGS:
        if sampler.endswith(f" {spacing}"):
            return sampler.removesuffix(f" {spacing}"), spacing
    return sampler, ""


def comfy_sampler(sampler: str) -> tuple[str, str]:
    """`sampler_name` and `scheduler` of one of our samplers."""
    base, spacing = parted(sampler)
    return SAMPLERS[base], SPACINGS.get(spacing, "sgm_uniform" if base in ("LCM", "TCD") else "normal")
