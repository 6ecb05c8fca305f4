"""A file's pictures from the film's frames: those between two, enlarged, at the file's own size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anim_compiler.file_kinds import LARGEST_SIDE
from anim_compiler.plan import OutputSpec, Plan
from anim_runtime.encode import EncodeError
from anim_runtime.job import Job
from anim_runtime.timeline import Moment

if TYPE_CHECKING:
    import torch

    from anim_runtime.encode.upscale import Enlarger
    from anim_runtime.ops.between import Motion


def final_size(plan: Plan, output: OutputSpec) -> tuple[int, int]:
    """Width and height of a file's picture."""
    if output.size is not None:
        return output.size
    return max(1, round(plan.width * output.upscale)), max(1, round(plan.height * output.upscale))


class Finish:
    """Makes the pictures of one file, on the thread that writes it."""

    def __init__(self, size: tuple[int, int], device: torch.device, enlarger: Enlarger | None = None) -> None:
        self._size = size
        self._device = device
        self._enlarger = enlarger
        self._motion: tuple[int, Motion] | None = None

    @classmethod
    def of(cls, job: Job, output: OutputSpec) -> Finish:
        """For an output; raises EncodeError if the model that it names cannot be used."""
        import torch

        device, enlarger = torch.device(job.device), None
        if output.upscale_model is not None:
            from anim_runtime.encode.upscale import load_enlarger

            enlarger = load_enlarger(job.root / output.upscale_model, device)
            _check_largest(job.plan, output.upscale_model, enlarger.scale)
        return cls(final_size(job.plan, output), device, enlarger)

    def picture(self, moment: Moment, pictures: Sequence[NDArray[np.uint16]]) -> NDArray[np.uint16]:
        """The picture at a moment, uint16 `[height,width,3]`, of its frame and, between two, the next."""
        own = pictures[0] if len(pictures) == 1 else self._between(moment, pictures)
        if self._enlarger is not None:
            from anim_runtime.encode.upscale import enlarged

            return enlarged(own, self._enlarger, self._size, self._device)
        from anim_runtime.encode.resize import resized

        return resized(own, *self._size)

    def _between(self, moment: Moment, pictures: Sequence[NDArray[np.uint16]]) -> NDArray[np.uint16]:
        import torch

        from anim_runtime.ops.between import Motion
        from anim_runtime.pictures import from_u16, to_u16

        with torch.inference_mode():
            if self._motion is None or self._motion[0] != moment.frame:
                first, second = (from_u16(picture).to(self._device) for picture in pictures)
                self._motion = moment.frame, Motion.of(first, second)
            return to_u16(self._motion[1].at(float(moment.part)))


def _check_largest(plan: Plan, model: str, scale: int) -> None:
    """Raise EncodeError if a model's pictures are larger than any file's."""
    width, height = plan.width * scale, plan.height * scale
    if max(width, height) > LARGEST_SIDE:
        raise EncodeError(
            f"`{model}` makes pictures of {width}x{height}, and {LARGEST_SIDE} pixels a side are the most",
            f"it enlarges {scale} times: take a smaller one, or Lanczos, without `upscale_model`",
            3,
        )
