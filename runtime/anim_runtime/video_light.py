"""Wide and bright videos as the pictures of a film are: BT.2020 to sRGB's primaries, PQ and HLG to its range.

PQ is SMPTE ST 2084, HLG and its system gamma of 1.2 are ITU-R BT.2100, diffuse white at 203 cd/m² is ITU-R
BT.2408, and the matrix of the primaries ITU-R BT.2087. What is brighter than diffuse white is rolled off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anim_runtime.video_planes import Plane

#: FFmpeg's AVCOL_PRI_BT2020, AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67
_BT2020, _PQ, _HLG = 9, 16, 18

#: cd/m² of diffuse white, and of what an HLG signal is meant for
_WHITE, _HLG_PEAK = 203.0, 1000.0
#: what is darker than this share of white stays as it is
_KNEE = 0.7

_TO_BT709: NDArray[np.float32] = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)


def is_plain(primaries: int, transfer: int) -> bool:
    """Whether a video's colours are those of a film's pictures already."""
    return primaries != _BT2020 and transfer not in (_PQ, _HLG)


def as_srgb(picture: Plane, primaries: int, transfer: int) -> Plane:
    """A picture float32 `[3,H,W]` of 0..1 with the sRGB curve and primaries, from those of a video."""
    light = _light(picture, transfer)
    if primaries == _BT2020:
        light = np.einsum("ij,jhw->ihw", _TO_BT709, light)
    light = np.maximum(light, 0.0)
    if transfer in (_PQ, _HLG):
        light = _rolled_off(light)
    return _encoded(np.minimum(light, 1.0))


def _light(picture: Plane, transfer: int) -> Plane:
    """Linear light, diffuse white being 1."""
    values = picture.astype(np.float32)
    if transfer == _PQ:
        root = values ** np.float32(1.0 / 78.84375)
        above = np.maximum(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
        return np.asarray(above ** np.float32(1.0 / 0.1593017578125) * (10000.0 / _WHITE), np.float32)
    if transfer == _HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(values <= 0.5, values**2 / 3.0, (np.exp((values - c) / a) + b) / 12.0)
        luma = np.tensordot(np.array([0.2627, 0.6780, 0.0593]), scene, axes=1)
        return np.asarray(scene * np.maximum(luma, 1e-6) ** 0.2 * (_HLG_PEAK / _WHITE), np.float32)
    low = values / np.float32(12.92)
    return np.where(values <= 0.04045, low, ((values + 0.055) / 1.055) ** np.float32(2.4))


def _rolled_off(light: Plane) -> Plane:
    """Bright colours brought below 1 without changing their hue; a smooth curve from the knee on."""
    most = light.max(axis=0, keepdims=True)
    rest = 1.0 - _KNEE
    soft = _KNEE + rest * (1.0 - np.exp(-(most - _KNEE) / rest))
    made: Plane = light * np.where(most > _KNEE, soft / np.maximum(most, 1e-6), 1.0).astype(np.float32)
    return made


def _encoded(light: Plane) -> Plane:
    bright = 1.055 * light ** np.float32(1.0 / 2.4) - 0.055
    made: Plane = np.where(light <= 0.0031308, light * 12.92, bright).astype(np.float32)
    return made
