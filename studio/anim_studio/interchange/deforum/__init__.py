"""Deforum's settings files as films."""

from anim_studio.interchange.deforum.read import looks_like, read

__all__ = ["looks_like", "read"]
