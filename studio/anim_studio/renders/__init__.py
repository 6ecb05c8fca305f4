"""Renders that outlive the window they were asked for in: a queue in the cache folder, worked off by
processes of its own, and followed by whoever looks.
"""

from anim_studio.renders.queue import Renders
from anim_studio.renders.state import Life, RenderState
from anim_studio.renders.wanted import Wanted, wanted

__all__ = ["Life", "RenderState", "Renders", "Wanted", "wanted"]
