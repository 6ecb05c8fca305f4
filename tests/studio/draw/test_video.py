from pathlib import Path

import av
import numpy as np
import pytest

from anim_studio.draw.video import NotAVideo, video_facts, video_frames


def write_video(path: Path, frames: int) -> None:
    """Frame n is grey of level 20 n."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(frames):
            picture = np.full((48, 64, 3), number * 20, dtype=np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_frames_are_found_by_number(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_video(path, 11)
    about = video_facts(path)
    assert (about.frames, about.fps, about.width, about.height) == (11, 10.0, 64, 48)
    found = video_frames(path, (0, 5, 10))
    levels = {number: round(float(np.asarray(image).mean())) for number, image in found.items()}
    assert sorted(levels) == [0, 5, 10]
    assert all(abs(level - number * 20) < 8 for number, level in levels.items())


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"not a video at all")
    with pytest.raises(NotAVideo):
        video_facts(path)
    with pytest.raises(NotAVideo):
        video_frames(path, (0,))
