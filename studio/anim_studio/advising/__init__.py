"""From what was measured of a render to what to change in the film: the setting, its value, and why."""

from anim_studio.advising.advice import Advice, Trouble
from anim_studio.advising.advise import advice

__all__ = ["Advice", "Trouble", "advice"]
