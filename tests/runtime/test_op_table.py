"""The compiler's op table and the runtime's kernels are one table."""

from __future__ import annotations

from anim_compiler.ops import KERNEL_OPS
from anim_runtime.ops.table import KERNELS, POINTWISE

#: what the session gives itself: stored pictures, the film's media, the model
SESSION = frozenset(
    {
        *("previous_depth", "next_depth", "previous", "next", "first", "init", "still"),
        *("reveal", "generate", "diffuse"),
    }
)

#: media that the session opens
MEDIA = frozenset({"clip", "cutout", "title"})


def test_every_kernel_has_a_row_and_every_row_a_kernel() -> None:
    assert set(KERNELS) == set(KERNEL_OPS) - SESSION - MEDIA


def test_the_steps_of_pointwise_are_those_that_make_a_pixel_of_a_pixel() -> None:
    assert set(POINTWISE) == {name for name, op in KERNEL_OPS.items() if op.pointwise}
