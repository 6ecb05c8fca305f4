"""A film made rougher, so that it can be seen while it is written: by its moves alone, or small and quick."""

from anim_compiler.tiers.camera import camera_film
from anim_compiler.tiers.draft import draft_film, draft_steps, is_built_in, left_out, one_step_less
from anim_compiler.tiers.hints import hints_film
from anim_compiler.tiers.sizes import small

__all__ = [
    "camera_film",
    "draft_film",
    "draft_steps",
    "hints_film",
    "is_built_in",
    "left_out",
    "one_step_less",
    "small",
]
