"""How people stand: an estimator of transformers finds their joints, and they are drawn as OpenPose does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import torch
from torch import Tensor

from anim_runtime.ops.channels import as_image
from anim_runtime.ops.hints.skeleton import Joint, drawn
from anim_runtime.ops.kernel import Arguments, FrameContext
from anim_runtime.problems import RenderProblem

if TYPE_CHECKING:
    from anim_compiler.plan import Plan

#: what finds joints (ViTPose, Xu et al. 2022, Apache 2.0), and what finds people (RT-DETR, Apache 2.0)
ESTIMATOR: Final = "hf:usyd-community/vitpose-base-simple"
DETECTOR: Final = "hf:PekingU/rtdetr_r18vd_coco_o365"

#: the folder of a reference, None if it is not on this machine
Find: TypeAlias = Callable[[str], Path | None]

#: the joints of each person in a picture
PoseModel: TypeAlias = Callable[[Tensor], Sequence[Sequence[Joint]]]


class Pose:
    """The kernel that estimates; `find` knows where models are."""

    def __init__(self, find: Find | None = None) -> None:
        self._find = find or finder(None)

    def hint_pose(self, inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        """The skeletons `[1,3,H,W]` of the people in a picture, on black.

        Without the detector the whole picture counts as one person. RenderProblem (exit code 7) if the
        estimator is not here.
        """
        picture = as_image(inputs[0])
        where = self._find(ESTIMATOR)
        if where is None:
            message = "`control pose` needs a model that finds people's joints, and it is not on this machine"
            hint = (
                f"fetch it: `anim models add {ESTIMATOR}`, and `anim models add {DETECTOR}` for several "
                "people; or give the control a drawn pose: `hint = NAME`"
            )
            raise RenderProblem(message, hint, 7)
        people = _loaded(where, self._find(DETECTOR), picture.device)(picture)
        pixels = torch.from_numpy(drawn(people, *picture.shape[2:]))
        return pixels.permute(2, 0, 1).unsqueeze(0).to(picture.device, picture.dtype) / 255.0


def finder(library: Path | None) -> Find:
    """Looks in the user's library of models, and in the cache of the Hugging Face hub."""

    def find(reference: str) -> Path | None:
        from anim_runtime.models.library import MissingModel, locate

        found = locate(reference, library=library)
        return None if isinstance(found, MissingModel) else found.path

    return find


def fingerprint(plan: Plan, library: Path | None, cache: Path | None) -> str:
    """What the people of a plan's poses are found by, by its files: it may change a picture's bits."""
    from anim_runtime.models.library import MissingModel, digest, locate

    scenes = (scene.templates.values() for scene in plan.scenes)
    if not any(node.op == "hint_pose" for made in scenes for one in made for node in one.nodes):
        return ""
    found = (locate(reference, library=library) for reference in (ESTIMATOR, DETECTOR))
    digests = ("none" if isinstance(model, MissingModel) else digest(model, cache) for model in found)
    return f" pose {' '.join(digests)}"


@lru_cache(maxsize=1)
def _loaded(estimator: Path, detector: Path | None, device: torch.device) -> PoseModel:
    # transformers takes seconds to import
    from anim_runtime.ops.hints.people import load

    return load(estimator, detector, device)
