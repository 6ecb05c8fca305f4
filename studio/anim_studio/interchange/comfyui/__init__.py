"""ComfyUI's workflows, in API form, as the screen keeps them, and inside of its PNGs."""

from anim_studio.interchange.comfyui.read import looks_like, read

__all__ = ["looks_like", "read"]
