"""The samplers that are made here, by the names under which the table has them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from anim_runtime.diffusion.sampling import multistep, singlestep
from anim_runtime.diffusion.sampling.moves import Rule

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "euler": multistep.euler,
        "euler ancestral": multistep.euler_ancestral,
        "consistency": multistep.consistency,
        "dpmpp 2m": multistep.dpmpp_2m,
        "dpmpp 2m sde": multistep.dpmpp_2m_sde,
        "dpmpp 2m sde heun": multistep.dpmpp_2m_sde_heun,
        "dpmpp 3m sde": multistep.dpmpp_3m_sde,
        "unipc": multistep.unipc,
        "heun": singlestep.heun,
        "dpm2 ancestral": singlestep.dpm2_ancestral,
        "dpmpp 2s ancestral": singlestep.dpmpp_2s_ancestral,
        "dpmpp sde": singlestep.dpmpp_sde,
    }
)
"""Every rule by its name."""

TWICE: Final = frozenset({"heun", "dpm2 ancestral", "dpmpp 2s ancestral", "dpmpp sde"})
"""Those that ask the model twice a step, but once at the last."""
