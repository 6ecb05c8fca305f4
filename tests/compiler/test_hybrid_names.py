"""Every control of Deforum's hybrid video has a hint of its own, and what the hint says to write compiles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.compiler.film_texts import compiled
from tests.runtime.video_files import video

from anim_dsl.foreign import foreign

#: refs: the dictionaries of `args.py` of sd-webui-deforum
CONTROLS = (
    "hybrid_comp_alpha_schedule",
    "hybrid_comp_mask_blend_alpha_schedule",
    "hybrid_comp_mask_contrast_schedule",
    "hybrid_comp_mask_auto_contrast_cutoff_high_schedule",
    "hybrid_comp_mask_auto_contrast_cutoff_low_schedule",
    "hybrid_flow_factor_schedule",
    "hybrid_generate_inputframes",
    "hybrid_generate_human_masks",
    "hybrid_use_first_frame_as_init_image",
    "hybrid_motion",
    "hybrid_motion_use_prev_img",
    "hybrid_flow_consistency",
    "hybrid_consistency_blur",
    "hybrid_flow_method",
    "hybrid_composite",
    "hybrid_use_init_image",
    "hybrid_comp_mask_type",
    "hybrid_comp_mask_inverse",
    "hybrid_comp_mask_equalize",
    "hybrid_comp_mask_auto_contrast",
    "hybrid_comp_save_extra_frames",
)

FILM = """
size = 32x32; fps = 12; length = 1s; model = "null"; prompt = "a"
video clip = "clip.mp4"
init = "init.png"
coherence {{ flow = on; blend = 30% }}
pipeline {{
  moved = follow(previous, clip)
  step  = {step}
  carry = diffuse(mix(moved, step))
  frame = carry
}}
"""


def _steps(hint: str) -> list[str]:
    """The calls that a hint says to write."""
    found = re.findall(r"`([a-z_]+\(.*?\))`", hint)
    return [step for step in found if "…" not in step]


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_is_known_and_what_to_write_compiles(name: str, tmp_path: Path) -> None:
    from PIL import Image

    hint = foreign(name)
    assert hint.startswith(f"`{name}` is Deforum's: ")
    video(tmp_path / "clip.mp4", 12, 12)
    Image.new("RGB", (8, 8)).save(tmp_path / "init.png")
    for step in _steps(hint):
        made = compiled(FILM.format(step=step), tmp_path)
        assert made.plan is not None, (step, made.diagnostics)


def test_the_hints_are_not_one_for_all() -> None:
    assert len({foreign(name).split(": ", 1)[1] for name in CONTROLS}) >= len(CONTROLS) - 3
    assert sum(len(_steps(foreign(name))) for name in CONTROLS) >= 12
