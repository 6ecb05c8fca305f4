"""HDR and wide colours as pictures of a film: greys where they belong, colours in their hue."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from anim_runtime.video_fit import fitted
from anim_runtime.video_light import as_srgb, is_plain
from anim_runtime.video_reader import VideoReader

BT2020, PQ, HLG = 9, 16, 18


def pq(nits: float) -> float:
    """What SMPTE ST 2084 writes for a luminance."""
    y = (nits / 10000.0) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * y) / (1.0 + 18.6875 * y)) ** 78.84375)


def grey(value: float) -> NDArray[np.float32]:
    return np.full((3, 2, 2), value, np.float32)


def srgb(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def test_usual_videos_are_left_alone() -> None:
    assert all(is_plain(primaries, transfer) for primaries in (1, 2, 5, 6) for transfer in (1, 2, 6, 13))
    assert not is_plain(BT2020, 14)
    assert not is_plain(1, PQ)


@pytest.mark.parametrize("share", [0.01, 0.18, 0.5, 0.7])
def test_a_grey_of_pq_is_its_share_of_diffuse_white(share: float) -> None:
    made = as_srgb(grey(pq(203.0 * share)), BT2020, PQ)
    assert np.allclose(made, srgb(share), atol=0.004)


def test_what_is_brighter_than_white_is_rolled_off_in_order() -> None:
    made = [float(as_srgb(grey(pq(nits)), BT2020, PQ)[0, 0, 0]) for nits in (150, 203, 400, 1000, 4000)]
    assert made == sorted(made)
    assert 0.85 < made[1] < made[-1] <= 1.0


def test_hlg_reference_white_is_near_white() -> None:
    # BT.2408: diffuse white is 75% of an HLG signal
    assert 0.9 < float(as_srgb(grey(0.75), BT2020, HLG)[0, 0, 0]) < 1.0
    assert float(as_srgb(grey(0.0), BT2020, HLG).max()) == 0.0


def test_wide_primaries_keep_grey_grey_and_saturate_colours() -> None:
    assert np.allclose(as_srgb(grey(0.5), BT2020, 14), 0.5, atol=0.002)
    red = grey(0.3)
    red[0] = 0.7
    made = as_srgb(red, BT2020, 14)
    assert made[0, 0, 0] > 0.72
    assert made[1, 0, 0] < 0.28


def test_an_hdr_file_is_read_as_such(tmp_path: Path) -> None:
    value = round(pq(203.0 * 0.5) * 65535)
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(24))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv444p10le"
        context = stream.codec_context
        context.colorspace, context.color_range = BT2020, 1
        context.color_primaries, context.color_trc = BT2020, PQ
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), value, np.uint16), format="rgb48le")
        frame = frame.reformat(format="yuv444p10le", dst_colorspace=BT2020, dst_color_range=1)
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    reader = VideoReader(path, "a", lambda said: None)
    made = fitted(reader.at(0.0).frame, reader.shape, 32, 24)
    assert np.abs(made - srgb(0.5)).max() < 0.01
