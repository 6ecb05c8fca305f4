"""What a video's header tells, and what is said of files that are no videos or too large."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.compiler.film_texts import checked, codes
from tests.runtime.video_files import video

from anim_compiler import clips
from anim_compiler.clips import video_header

HEAD = 'length = 1s\nprompt { 0s: "a" }\nvideo clip = "clip.mp4"\nsource = clip\n'


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.mp4", "mpeg4", "yuv420p"),
        ("a.mkv", "libx264", "yuv420p"),
        ("a.ts", "mpeg2video", "yuv420p"),
        ("a.gif", "gif", "rgb8"),
        ("a.apng", "apng", "rgb24"),
    ],
)
def test_a_header_tells_size_rate_and_length(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    header = video_header(video(tmp_path / name, 50, 25, codec=codec, pix_fmt=pix_fmt))
    assert header is not None
    assert (header.width, header.height, header.rate) == (64, 48, Fraction(25))
    assert abs(header.seconds - 2) <= Fraction(1, 25)


@pytest.mark.parametrize("content", [b"", b"no video at all", b"\0\0\0\x18ftypmp42" + b"\0" * 64])
def test_a_file_that_is_no_video_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clip.mp4").write_bytes(content)
    assert video_header(tmp_path / "clip.mp4") is None
    found = [d for d in checked(HEAD, tmp_path)[1] if d.code == "E2070"]
    assert [d.message for d in found] == ["`clip.mp4` is not a video that can be read"]
    assert ("is empty" in found[0].hint) == (not content)


def test_a_video_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video(tmp_path / "clip.mp4", 12, 12)
    assert codes(HEAD, tmp_path) == []
    monkeypatch.setattr(clips, "MOST_PIXELS", 64 * 48 - 1)
    assert codes(HEAD, tmp_path) == ["E4007"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD.replace("1s", "4s"), ["`clip` ends after 2s, and its last frame stands for 2s"]),
        (HEAD.replace("1s", "2s"), []),
        (HEAD.replace("1s", "2.2s"), []),
        (HEAD.replace("1s", "4s").replace('.mp4"', '.mp4" { speed = 50% }'), []),
        (HEAD.replace("1s", "4s").replace('.mp4"', '.mp4" { loop = on }'), []),
        (HEAD.replace("1s", "4s").replace('.mp4"', '.mp4" { speed = 0s: 1, 1s: 0.5 }'), []),
        (
            'prompt { 0s: "a" }\nvideo clip = "clip.mp4" { start = 1s }\n'
            "scene one 1s { source = clip }\nscene two 2s { source = clip }",
            ["`clip` ends after 1s, and its last frame stands for 1s"],
        ),
    ],
)
def test_a_source_that_ends_before_the_film_is_told(tmp_path: Path, text: str, told: list[str]) -> None:
    video(tmp_path / "clip.mp4", 24, 12)
    assert [d.message for d in checked(text, tmp_path)[1] if d.code == "W6115"] == told


def test_sound_in_a_video_s_box_is_told(tmp_path: Path) -> None:
    import av
    import numpy as np

    with av.open(str(tmp_path / "clip.mp4"), "w") as box:
        stream = box.add_stream("aac", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 4000), np.float32), "fltp", "mono")
        sound.sample_rate = 8000
        box.mux([*stream.encode(sound), *stream.encode()])
    found = checked('length = 1s; prompt = "a"\nvideo clip = "clip.mp4"', tmp_path)[1]
    assert [(d.code, d.hint) for d in found] == [("E2070", 'write `audio clip = "clip.mp4"`')]


@pytest.mark.parametrize(
    ("source", "told"), [('"clip.mp4"', ["E2073"]), ("clop", ["E2001"]), ("none", ["E2012"])]
)
def test_a_length_is_not_asked_for_where_the_source_is_wrong(
    tmp_path: Path, source: str, told: list[str]
) -> None:
    video(tmp_path / "clip.mp4", 4, 4)
    text = f'prompt = "a"\nvideo clip = "clip.mp4"\nsource = {source}\npipeline {{ frame = clip }}'
    assert codes(text, tmp_path) == told
