"""Writes the film's files from its stored frames: a repeatable last step that renders nothing."""

from __future__ import annotations

import heapq
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Media, OutputSpec, Plan
from anim_runtime.encode import (
    AudioTrack,
    EncodedFile,
    EncodeError,
    Picture,
    Target,
    check_output,
    check_sound,
    write_pictures,
)
from anim_runtime.encode.handover import Lane
from anim_runtime.events import Encoded, Warned
from anim_runtime.finishing import Finish, final_size
from anim_runtime.job import Job, Tally
from anim_runtime.media import media_path
from anim_runtime.problems import RenderProblem
from anim_runtime.provenance import FrameTexts, chapters, metadata
from anim_runtime.telling import Pace
from anim_runtime.timeline import Moment, cuts_of, first_number, following, length_of, moments, rate_of

Shown: TypeAlias = Callable[[int], NDArray[np.uint16]]
"""The picture that is shown at a frame, uint16 `[H,W,3]`, RGB."""

#: frames that are kept for the files that come to them later, and for the pictures between two
_KEPT = 3


def write_outputs(job: Job, outputs: Sequence[OutputSpec], shown: Shown, tally: Tally) -> None:
    """Write the outputs, side by side, reading every frame once, and tell of each.

    One that cannot be written does not keep the others from their end. Raises RenderProblem if a file cannot
    be written or read, or the user stops.
    """
    start = time.perf_counter()
    going = [_Going(job, output) for output in outputs]
    frames, pace = _Frames(shown), Pace(job, sum(length_of(job.plan, output) for output in outputs))
    try:
        for moment, one in _in_order(job, going):
            if job.should_stop():
                hint = "run the same command again: the frames are stored, and only files are left to write"
                raise RenderProblem("stopped after all frames, while the files were written", hint, 130)
            if not one.ended:
                one.show(frames, moment)
                pace.given()
            elif all(other.ended for other in going):
                break
    except BaseException:
        for one in going:
            one.lane.abandon()
        raise
    problems: list[BaseException] = []
    for one in going:
        try:
            _tell(job, one.lane.result(), tally)
        except (RenderProblem, OSError) as problem:
            problems.append(problem)
    tally.add({"video": time.perf_counter() - start})
    if problems:
        raise problems[0]


def check_outputs(job: Job, outputs: Sequence[OutputSpec]) -> None:
    """Raise RenderProblem now for what would only show after the last frame: an ending or codec that cannot
    be written, a folder that cannot be written to, a track that holds no sound, a model that does not load.
    """
    for output in outputs:
        target = _target(job, output)
        _check_folder(target.path)
        track = _track(job, output)
        if track is not None:
            check_sound(track.path)
        if output.upscale_model is not None:
            Finish.of(job, output)


def _check_folder(path: Path) -> None:
    if path.is_dir():
        raise EncodeError(f"`{path.name}` is a folder", "give the file another name")
    folder = next((parent for parent in path.parents if parent.exists()), path.parent)
    if not folder.is_dir():
        raise EncodeError(f"`{path.parent}` cannot hold files: `{folder.name}` is none", "write elsewhere")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EncodeError(
            f"nothing may be written into `{folder}`", "change its permissions, or write elsewhere"
        )


class _Frames:
    """The latest shown frames, each made once."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._kept: OrderedDict[int, NDArray[np.uint16]] = OrderedDict()

    def at(self, frame: int) -> NDArray[np.uint16]:
        if frame not in self._kept:
            self._kept[frame] = self._shown(frame)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(frame)
        return self._kept[frame]


class _Going:
    """A file that is being written on a thread of its own."""

    def __init__(self, job: Job, output: OutputSpec) -> None:
        from anim_runtime.encode.mux import About

        plan, self.output = job.plan, output
        #: whether the writing broke off: its `result` says why
        self.ended = False
        self._plan, size, fps = plan, final_size(plan, output), rate_of(plan, output)
        end = length_of(plan, output) / fps
        self.target = _chosen(job, output, size, fps)
        says = self.target.codec_name in ("png", "jpeg", "webp") and output.metadata and self.target.sequence
        self._texts = FrameTexts(plan, job.columns) if says else None
        number = first_number(plan, output)
        told = metadata(plan, output)
        about = About(fps, size, _track(job, output), told, chapters(plan, output, end), number)
        self._finish = Finish.of(job, output)

        def write(asked: Iterator[Callable[[], Picture]]) -> EncodedFile:
            return write_pictures((make() for make in asked), self.target, about)

        self.lane: Lane[Callable[[], Picture], EncodedFile] = Lane(write)

    def show(self, frames: _Frames, moment: Moment) -> None:
        """Hands the picture of a moment over; it is made on the file's own thread."""
        later = following(self._plan, moment.frame) if moment.part else None
        pictures = [frames.at(moment.frame)] + ([] if later is None else [frames.at(later)])
        self.ended = not self.lane.put(partial(self._made, moment, pictures))

    def _made(self, moment: Moment, pictures: list[NDArray[np.uint16]]) -> Picture:
        pixels = self._finish.picture(moment, pictures)
        return Picture(pixels) if self._texts is None else Picture(pixels, self._texts.at(moment.frame))


def _in_order(job: Job, going: Sequence[_Going]) -> Iterator[tuple[Moment, _Going]]:
    """Every file's pictures, all files side by side in the order of the film's frames."""
    table = frame_table(job.plan, job.columns)
    cuts = cuts_of(job.plan, table.before, table.under)

    def line(place: int, one: _Going) -> Iterator[tuple[int, int, int, Moment]]:
        for number, moment in enumerate(moments(job.plan, one.output, cuts)):
            yield moment.frame, place, number, moment

    for _, place, _, moment in heapq.merge(*(line(place, one) for place, one in enumerate(going))):
        yield moment, going[place]


def _target(job: Job, output: OutputSpec) -> Target:
    return check_output(
        job.folder / output.path,
        output.codec,
        output.quality,
        bits=output.bits,
        loop=output.loop,
        frames=length_of(job.plan, output),
    )


def _chosen(job: Job, output: OutputSpec, size: tuple[int, int], fps: Fraction) -> Target:
    """The target, with the graphics card's encoder if that is asked for and opens."""
    target = _target(job, output)
    if output.encoder != "hardware":
        return target
    from anim_runtime.encode.hardware import on_gpu

    found = on_gpu(target, size, fps)
    if found is None:
        said = f"no graphics card here encodes `{target.codec_name}`: `{output.path}` is encoded in software"
        job.tell(Warned(at=time.time(), message=said))
    return found or target


def _tell(job: Job, written: EncodedFile, tally: Tally) -> None:
    tally.outputs.append(written.path)
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


def _track(job: Job, output: OutputSpec) -> AudioTrack | None:
    media = _sound(job.plan, output)
    if media is None:
        return None
    track = AudioTrack(media_path(media, job.root), offset=media.offset, gain_db=media.gain_db)
    return replace(track, tempo=float(Fraction(output.speed)))


def _sound(plan: Plan, output: OutputSpec) -> Media | None:
    return next((m for m in plan.media if m.kind == "audio" and m.name == output.audio), None)
