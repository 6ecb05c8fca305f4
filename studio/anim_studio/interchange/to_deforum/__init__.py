"""Deforum's settings files."""

from anim_studio.interchange.to_deforum.write import write

__all__ = ["write"]
