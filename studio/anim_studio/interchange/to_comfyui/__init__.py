"""ComfyUI's workflows in its API format."""

from anim_studio.interchange.to_comfyui.write import write

__all__ = ["write"]
