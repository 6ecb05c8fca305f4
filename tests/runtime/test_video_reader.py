"""Frames of video files by their time: in order, backwards, anywhere; rounded times; broken files."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.runtime.video_files import numbered, video

from anim_runtime import video_reader
from anim_runtime.problems import RenderProblem
from anim_runtime.video_fit import fitted
from anim_runtime.video_reader import KEPT, VideoReader

FILES = {
    "plain.mp4": ("libx264", "yuv420p"),
    "rounded.mkv": ("libx264", "yuv420p"),
    "late.ts": ("mpeg2video", "yuv420p"),
    "intra.avi": ("mjpeg", "yuvj420p"),
    "deep.mkv": ("ffv1", "yuv444p10le"),
    "coarse.gif": ("gif", "rgb8"),
    "summed.apng": ("apng", "rgb24"),
    "rgb.mov": ("png", "rgb24"),
}


def opened(path: Path, said: list[str] | None = None) -> VideoReader:
    return VideoReader(path, path.name, (said if said is not None else []).append)


def number(reader: VideoReader, seconds: float) -> int:
    shown = reader.at(seconds)
    return numbered(fitted(shown.frame, reader.shape, 16, 12))


@pytest.mark.parametrize("name", FILES)
def test_every_frame_is_seen_at_its_time(tmp_path: Path, name: str) -> None:
    codec, pix_fmt = FILES[name]
    path = video(tmp_path / name, 40, codec=codec, pix_fmt=pix_fmt)
    reader = opened(path)
    assert [number(reader, n / 24) for n in range(40)] == list(range(40))
    assert [number(reader, n / 24) for n in reversed(range(40))] == list(reversed(range(40)))
    asked = (30, 3, 20, 21, 2, 39, 0)
    assert [number(reader, n / 24) for n in asked] == list(asked)


def test_the_last_frame_that_has_begun_is_seen(tmp_path: Path) -> None:
    reader = opened(video(tmp_path / "a.mp4", 8, 8))
    assert [number(reader, s) for s in (0.0, 0.12, 0.126, 0.37, 0.376, -1.0, 9.0)] == [0, 0, 1, 2, 3, 0, 7]


def test_another_rate_repeats_and_leaves_out(tmp_path: Path) -> None:
    path = video(tmp_path / "a.mp4", 30, 30)
    at_12 = [number(opened(path), float(Fraction(f, 12))) for f in range(12)]
    assert at_12 == [f * 30 // 12 for f in range(12)]
    reader = opened(video(tmp_path / "b.mp4", 10, 10))
    assert [number(reader, float(Fraction(f, 24))) for f in range(24)] == [f * 10 // 24 for f in range(24)]


def test_the_ntsc_rates_do_not_drift(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    reader = opened(video(tmp_path / "a.mkv", 60, rate))
    assert [number(reader, float(n / rate)) for n in range(60)] == list(range(60))


def test_frames_of_different_lengths_stand_at_their_times(tmp_path: Path) -> None:
    times = [0, 1, 2, 10, 11, 30]
    reader = opened(video(tmp_path / "a.mkv", 6, 24, times=times))
    wanted = [max(n for n, tick in enumerate(times) if tick <= f) for f in range(36)]
    assert [number(reader, f / 24) for f in range(36)] == wanted


def test_few_frames_are_kept(tmp_path: Path) -> None:
    reader = opened(video(tmp_path / "a.mp4", 60))
    for n in range(60):
        reader.at(n / 24)
        # where a clip was at the frame before is read again and again
        assert number(reader, max(0, n - 1) / 24) == max(0, n - 1)
    assert len(reader._kept) <= KEPT


# --- what is wrong ---


def noise(n: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def test_a_file_that_broke_off_says_at_which_second(tmp_path: Path) -> None:
    path = video(
        tmp_path / "a.mov",
        48,
        codec="prores_ks",
        pix_fmt="yuv422p10le",
        pixels=noise,
        file_options={"movflags": "faststart"},
    )
    reader = opened(cut(path, 0.6))
    with pytest.raises(RenderProblem) as problem:
        [reader.at(n / 24) for n in range(48)]
    assert problem.value.message.startswith("`a.mov` cannot be decoded at 1.")
    assert problem.value.exit_code == 2


def test_a_file_shorter_than_its_header_holds_its_last_frame_and_says_so_once(tmp_path: Path) -> None:
    said: list[str] = []
    reader = opened(cut(video(tmp_path / "a.mkv", 48, pixels=noise), 0.6), said)
    last = [reader.at(n / 24).begins for n in range(48)][-1]
    assert 0.5 < last < 1.6
    (only,) = said
    assert only == (
        f"`a.mkv` ends at {last + 1 / 24:.2f}s, before its header says: its last picture holds from there on"
    )


@pytest.mark.parametrize("content", [b"", b"no video", b"\0\0\0\x18ftypmp42" + b"\0" * 300])
def test_what_is_no_video_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(RenderProblem, match=r"`a.mp4` (cannot be opened|holds no picture)"):
        opened(tmp_path / "a.mp4")


def test_a_list_of_other_files_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("#EXTM3U\n#EXTINF:2,\nfile:///etc/hosts\n", encoding="utf-8")
    with pytest.raises(RenderProblem, match="cannot be opened"):
        opened(tmp_path / "a.mp4")


def test_a_frame_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = video(tmp_path / "a.mp4", 2)
    monkeypatch.setattr(video_reader, "MOST_PIXELS", 64 * 48 - 1)
    with pytest.raises(RenderProblem, match="is 64x48, larger than") as problem:
        opened(path)
    assert problem.value.exit_code == 3


def test_noise_in_a_file_never_breaks_the_reader(tmp_path: Path) -> None:
    whole = video(tmp_path / "a.mp4", 30, pixels=noise).read_bytes()
    rng = np.random.default_rng(5)
    for turn in range(12):
        data = bytearray(whole)
        for at in rng.integers(0, len(data), 60):
            data[at] = int(rng.integers(0, 256))
        path = tmp_path / f"{turn}.mp4"
        path.write_bytes(bytes(data))
        # a problem is told in words; anything else is a fault of the reader
        with suppress(RenderProblem):
            reader = opened(path)
            for n in range(30):
                shown = reader.at(n / 24)
                assert np.isfinite(fitted(shown.frame, reader.shape, 16, 12)).all()
