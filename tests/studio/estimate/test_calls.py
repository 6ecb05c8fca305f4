"""How often models are called where several draw, and what ControlNets cost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.compiler.film_texts import compiled

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Columns, Plan
from anim_studio.estimate.calls import denoiser_calls
from anim_studio.estimate.forecast import Place, forecast
from anim_studio.estimate.planned import graph_of

HEAD = 'size = 64x64; fps = 10; length = 1s; model = "null"\nprompt { 0s: "a" }\n'
FREE = "diffuse { steps = 4; strength = 1; cfg_scale = 1 }\n"


def plan_of(text: str, home: Path) -> tuple[Plan, Columns]:
    made = compiled(text, home)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan, made.columns


def calls(text: str, home: Path) -> int:
    """Calls for all frames of a film, four of them together."""
    plan, columns = plan_of(text, home)
    rows = tuple(range(plan.made))
    return denoiser_calls(plan, graph_of(plan, columns), frame_table(plan, columns), rows, rows, 4)


@pytest.mark.parametrize(
    ("more", "batches"),
    [
        ("", 3),
        # two of one engine and five, then three of the other
        ("model", 4),
        ("diffuse.eta = where(time < 0.5, 0, 1)\n", 4),
    ],
)
def test_frames_of_one_kind_are_drawn_together(more: str, batches: int, tmp_path: Path) -> None:
    text = HEAD + FREE
    if more == "model":
        text, more = text.replace('"null"', '0s: "null", 0.5s: "postcard"'), ""
    assert calls(text + more, tmp_path) == 4 * batches


def test_what_goes_through_controlnets_is_counted(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "photo.png")
    text = (
        HEAD
        + FREE
        + 'image photo = "photo.png"\ncontrol canny { source = photo; weight = where(time < 0.5, 0, 1) }\n'
        + "control tile { source = photo; end = 50% }\n"
    )
    plan, columns = plan_of(text, tmp_path)
    found = forecast(plan, columns, plan.outputs, Place(tmp_path, tmp_path, tmp_path, "cpu")).work.total
    # of ten frames of four steps half have edges, and all have the other for half of their steps
    assert (found.passes, found.controls) == (40, 20 + 20)
