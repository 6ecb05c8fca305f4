"""People and their joints, by models of transformers: RT-DETR and ViTPose, loaded from disk alone.

What a picture goes through first is done here on the device, so that torchvision is not needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import torch
import torch.nn.functional as functional
from torch import Tensor

from anim_runtime.ops.hints.skeleton import Joint, joints_of
from anim_runtime.problems import RenderProblem

_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
#: what the estimator was trained on: boxes a quarter larger than people are
_MARGIN: Final = 1.25
#: the side that a detector looks at in px, how sure it has to be, and the most people that are drawn
_SIDE, _SURE, _MOST = 640, 0.5, 12


class People:
    """The joints of the people in a picture; the models of transformers are untyped, hence Any."""

    def __init__(self, estimator: Any, detector: Any | None) -> None:
        self._estimator = estimator
        self._detector = detector
        height, width = estimator.config.backbone_config.image_size
        self._size = (int(height), int(width))

    def __call__(self, picture: Tensor) -> list[tuple[Joint, ...]]:
        """OpenPose's joints, in px, of each person in a picture `[1,3,H,W]` of 0..1."""
        boxes = self._boxes(picture)
        if not boxes:
            return []
        places = [self._around(box) for box in boxes]
        crops = torch.cat([self._crop(picture, place) for place in places])
        mean, spread = (crops.new_tensor(v).view(1, 3, 1, 1) for v in (_MEAN, _SPREAD))
        more: dict[str, Tensor] = {}
        if int(getattr(self._estimator.config.backbone_config, "num_experts", 1)) > 1:
            # the first of the sets of joints that it has learned is COCO's
            more["dataset_index"] = torch.zeros(len(crops), dtype=torch.long, device=crops.device)
        maps: Tensor = self._estimator(pixel_values=(crops - mean) / spread, **more).heatmaps.float()
        return [joints_of(found(heat[:17], place)) for heat, place in zip(maps.cpu(), places, strict=True)]

    def _boxes(self, picture: Tensor) -> list[tuple[float, float, float, float]]:
        """Middle, width and height of each person in px; of the whole picture without a detector."""
        height, width = picture.shape[2:]
        if self._detector is None:
            return [(width / 2, height / 2, float(width), float(height))]
        seen = functional.interpolate(picture, size=(_SIDE, _SIDE), mode="bilinear", antialias=True)
        told = self._detector(pixel_values=seen)
        labels = self._detector.config.id2label or {}
        number = next((int(place) for place, label in labels.items() if label == "person"), 0)
        sure = told.logits[0, :, number].float().sigmoid()
        best = sure.argsort(descending=True)[:_MOST]
        scale = told.pred_boxes.new_tensor([width, height, width, height])
        rows = (told.pred_boxes[0, best] * scale)[sure[best] >= _SURE].float().cpu().tolist()
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def _around(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of the shape that the estimator looks at, around another one."""
        x, y, width, height = box
        aspect = self._size[1] / self._size[0]
        width, height = max(width, height * aspect), max(height, width / aspect)
        return x, y, width * _MARGIN, height * _MARGIN

    def _crop(self, picture: Tensor, place: tuple[float, float, float, float]) -> Tensor:
        """What lies in a box, at the estimator's size; black outside of the picture."""
        height, width = picture.shape[2:]
        x, y, wide, high = place
        grid = picture.new_tensor(
            [[wide / width, 0.0, 2 * x / width - 1], [0.0, high / height, 2 * y / height - 1]]
        )
        where = functional.affine_grid(grid[None], [1, 3, *self._size], align_corners=False)
        return functional.grid_sample(picture, where, mode="bilinear", align_corners=False)


def found(heat: Tensor, place: tuple[float, float, float, float]) -> Sequence[tuple[float, float, float]]:
    """Where each joint's map `[n,h,w]` is highest, in px of the picture, and how high: the peak of the
    parabola through it and its neighbours.
    """
    rows, columns = heat.shape[1:]
    x, y, wide, high = place
    made = []
    for one in heat:
        top = int(one.argmax())
        row, column = divmod(top, columns)
        across = column + _peak(one[row], column)
        down = row + _peak(one[:, column], row)
        sure = min(1.0, max(0.0, float(one[row, column])))
        made.append(
            (x + ((across + 0.5) / columns - 0.5) * wide, y + ((down + 0.5) / rows - 0.5) * high, sure)
        )
    return made


def _peak(line: Tensor, at: int) -> float:
    """How far the peak lies beside the highest of a line of numbers, -0.5 to 0.5."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, middle, after = (float(v) for v in line[at - 1 : at + 2])
    curve = before - 2 * middle + after
    return 0.0 if curve >= 0.0 else max(-0.5, min(0.5, 0.5 * (before - after) / curve))


def load(estimator: Path, detector: Path | None, device: torch.device) -> People:
    """The models of two folders; RenderProblem (exit code 7) if one cannot be read."""
    from transformers import AutoModelForObjectDetection, VitPoseForPoseEstimation

    joints = _read(VitPoseForPoseEstimation, estimator, device)
    return People(joints, None if detector is None else _read(AutoModelForObjectDetection, detector, device))


def _read(known: Any, path: Path, device: torch.device) -> Any:
    try:
        model = known.from_pretrained(str(path), local_files_only=True, use_safetensors=True)
    except Exception as error:
        # foreign files through foreign loaders: each raises types of its own, and all mean the same here
        said = str(error).strip().splitlines()
        reason = said[0] if said else type(error).__name__
        message = f"the model `{path.name}` that `control pose` looks with cannot be loaded: {reason}"
        raise RenderProblem(message, "fetch it again: `anim models verify` finds damaged files", 7) from error
    return model.to(device).eval().requires_grad_(False)
