"""Frames out of a video file, by their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from anim_compiler.containers import opened


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video file says about itself; `fps` is frames per second, `seconds` the picture's length."""

    frames: int
    fps: float
    width: int
    height: int

    @property
    def seconds(self) -> float:
        """The length of the picture."""
        return self.frames / self.fps


class NotAVideo(Exception):
    """The file holds no picture that can be decoded."""


def video_facts(path: Path) -> VideoFacts:
    """Opens a video and counts its frames. Raises `NotAVideo`."""
    from av.error import FFmpegError

    try:
        with opened(path) as container:
            stream = next(iter(container.streams.video), None)
            if stream is None:
                raise NotAVideo(f"`{path}` holds no picture")
            fps = float(stream.average_rate or stream.base_rate or 24)
            # some containers do not write the count: then every packet is counted, without decoding
            frames = stream.frames or sum(1 for packet in container.demux(stream) if packet.size)
            return VideoFacts(frames, fps, stream.width, stream.height)
    except FFmpegError as error:
        raise NotAVideo(f"`{path}` is not a video that can be read") from error


def video_frames(path: Path, wanted: Sequence[int]) -> dict[int, Image.Image]:
    """The frames of those numbers, RGB; numbers past the end are missing. Raises `NotAVideo`."""
    from av.error import FFmpegError

    found: dict[int, Image.Image] = {}
    targets = set(wanted)
    try:
        with opened(path) as container:
            for number, frame in enumerate(container.decode(video=0)):
                if number in targets:
                    found[number] = frame.to_image()  # type: ignore[no-untyped-call]
                if len(found) == len(targets):
                    break
    except FFmpegError as error:
        raise NotAVideo(f"`{path}` is not a video that can be read") from error
    return found
