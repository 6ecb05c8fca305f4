"""Draws people as OpenPose does: what ControlNets for poses have learned to read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: a joint in px and how sure it is (0..1); None where it is not seen
Joint: TypeAlias = tuple[float, float, float] | None

JOINTS: Final = (
    "nose", "neck",
    "right shoulder", "right elbow", "right wrist", "left shoulder", "left elbow", "left wrist",
    "right hip", "right knee", "right ankle", "left hip", "left knee", "left ankle",
    "right eye", "left eye", "right ear", "left ear",
)  # fmt: skip
"""The joints of a person, in OpenPose's order for bodies of COCO."""

LIMBS: Final = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13),
    (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip
"""Which joints a limb joins, in the order in which they are drawn."""

COLORS: Final = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0), (0, 255, 0),
    (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255), (0, 0, 255), (85, 0, 255),
    (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85),
)  # fmt: skip
"""The colour of each limb, and of each joint: red, green, blue."""

#: of each of OpenPose's joints its place among COCO's seventeen; the neck lies between the shoulders
_OF_COCO: Final = (0, None, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
#: half the width of a limb and the radius of a joint, px at a shorter side of 512
_WIDTH: Final = 4.0
#: joints that an estimator is less sure of are not drawn
LEAST: Final = 0.3


def joints_of(coco: Sequence[tuple[float, float, float]]) -> tuple[Joint, ...]:
    """OpenPose's eighteen joints of COCO's seventeen (x px, y px, how sure 0..1)."""
    return tuple(_neck(coco) if place is None else _seen(coco[place]) for place in _OF_COCO)


def drawn(people: Sequence[Sequence[Joint]], height: int, width: int) -> NDArray[np.uint8]:
    """The skeletons of people on black, `[height,width,3]`: limbs at six tenths of their colour, joints on
    top (controlnet_aux, `open_pose/util.py`, `draw_bodypose`).
    """
    import cv2

    canvas = np.zeros((height, width, 3), dtype=np.uint8)
    thick = max(1, round(_WIDTH * min(height, width) / 512))
    for joints in people:
        for (start, end), color in zip(LIMBS, COLORS, strict=False):
            first, second = joints[start], joints[end]
            if first is None or second is None:
                continue
            middle = (int((first[0] + second[0]) / 2), int((first[1] + second[1]) / 2))
            length = math.hypot(first[0] - second[0], first[1] - second[1])
            angle = math.degrees(math.atan2(first[1] - second[1], first[0] - second[0]))
            shape = cv2.ellipse2Poly(middle, (int(length / 2), thick), int(angle), 0, 360, 1)
            cv2.fillConvexPoly(canvas, np.array(shape), [int(channel * 0.6) for channel in color])
    for joints in people:
        for joint, color in zip(joints, COLORS, strict=True):
            if joint is not None:
                cv2.circle(canvas, (int(joint[0]), int(joint[1])), thick, color, thickness=-1)
    return canvas


def _seen(joint: tuple[float, float, float]) -> Joint:
    return joint if joint[2] >= LEAST else None


def _neck(coco: Sequence[tuple[float, float, float]]) -> Joint:
    left, right = _seen(coco[5]), _seen(coco[6])
    if left is None or right is None:
        return None
    return (left[0] + right[0]) / 2, (left[1] + right[1]) / 2, min(left[2], right[2])
