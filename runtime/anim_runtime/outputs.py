"""Writes the film's files from its stored frames: a repeatable last step that renders nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anim_compiler.plan import Media, OutputSpec, Plan
from anim_runtime.digests import plan_digest
from anim_runtime.encode import AudioTrack, check_output, check_sound, encode_video
from anim_runtime.events import Encoded
from anim_runtime.job import Job, Tally
from anim_runtime.media import media_path

#: `output { audio = none }`
SILENT = "none"


def write_output(
    job: Job, output: OutputSpec, shown: Callable[[int], NDArray[np.uint16]], tally: Tally
) -> None:
    """Write one output and tell of it; `shown(frame)` is the picture at a frame, uint16 `[H,W,3]`.

    Raises RenderProblem if a file cannot be written or read.
    """
    plan = job.plan
    start = time.perf_counter()
    fps = Fraction(output.fps or plan.fps)
    numbers = frame_numbers(plan, fps)
    written = encode_video(
        (to_8_bit(shown(frame)) for frame in numbers),
        job.folder / output.path,
        fps=fps,
        width=plan.width,
        height=plan.height,
        codec=output.codec,
        quality=output.quality,
        audio=_track(job, output),
        metadata={"title": plan.name, "comment": f"anim film {plan.film_sha256} plan {plan_digest(plan)}"},
    )
    tally.outputs.append(written.path)
    tally.add({"video": time.perf_counter() - start})
    job.tell(
        Encoded(
            at=time.time(),
            path=str(written.path),
            frames=written.frames,
            seconds=float(written.seconds),
            bytes=written.bytes,
            codec=written.codec,
        )
    )


def check_outputs(job: Job, outputs: Sequence[OutputSpec]) -> None:
    """Raise RenderProblem now for what would only show after the last frame: an ending or codec that
    cannot be written, a track that holds no sound.
    """
    for output in outputs:
        check_output(job.folder / output.path, output.codec, output.quality)
        track = _track(job, output)
        if track is not None:
            check_sound(track.path)


def frame_numbers(plan: Plan, fps: Fraction) -> Iterator[int]:
    """The film's frames at another rate: each instant shows the frame that stands there."""
    rate = Fraction(plan.fps)
    count = -((-plan.frames * fps) // rate)
    return (int(number * rate // fps) for number in range(int(count)))


def to_8_bit(picture: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Levels of 0..65535 to 0..255, rounded; 65535 is 255 and 0 is 0."""
    return ((picture.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _track(job: Job, output: OutputSpec) -> AudioTrack | None:
    media = _sound(job.plan, output)
    if media is None:
        return None
    return AudioTrack(media_path(media, job.root), offset=media.offset, gain_db=media.gain_db)


def _sound(plan: Plan, output: OutputSpec) -> Media | None:
    tracks = [m for m in plan.media if m.kind == "audio"]
    if output.audio is None:
        return tracks[0] if len(tracks) == 1 else None
    if output.audio == SILENT:
        return None
    return next((m for m in tracks if m.name == output.audio), None)
