"""The curve functions, columnar: float64 arrays over the whole timeline in, the same out."""

from anim_compiler.functions import arithmetic, filters, noises, oscillators, triggers
from anim_compiler.functions.registry import FUNCTIONS, Timeline

__all__ = ["FUNCTIONS", "Timeline", "arithmetic", "filters", "noises", "oscillators", "triggers"]
