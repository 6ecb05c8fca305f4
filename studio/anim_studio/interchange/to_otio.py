"""OpenTimelineIO: scenes as clips of the film's own video, with transitions, markers and sound.

Read by Blender, DaVinci Resolve and others, by way of OpenTimelineIO's adapters for their formats.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from typing import Any
from urllib.parse import quote

import numpy as np

from anim_compiler.film import Output, Shot, Track
from anim_compiler.naming import variant_path
from anim_compiler.plan import SceneRun
from anim_studio.cli.exits import Exit, Stop
from anim_studio.interchange.exported import Exported, Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_prompts import told_at
from anim_studio.interchange.to_texts import listed

_LONGEST_NAME = 60


def write(film: Exporting) -> Exported:
    """A timeline at exactly the film's rate. Raises `Stop` without the package `opentimelineio`."""
    otio = _library()
    made = _Timeline(otio, film)
    text: str = otio.adapters.write_to_string(made.timeline(), "otio_json")
    return Exported({f"{film.stem}.otio": f"{text}\n".encode()}, tuple(made.remarks()))


def _library() -> Any:  # Any: an optional package, whose types are not there without it
    try:
        return import_module("opentimelineio")
    except ImportError:
        hint = "run `pip install opentimelineio`, or `pip install anim[otio]`"
        raise Stop(Exit.USAGE, "timelines need the package `opentimelineio`", hint) from None


class _Timeline:
    """One film on its way to a timeline."""

    def __init__(self, otio: Any, film: Exporting) -> None:  # Any: as above
        self._otio = otio
        self._film = film
        self._output = _shown(film)
        self._rate = float(film.fps)

    def timeline(self) -> Any:  # Any: as above
        """Scenes on a video track, the sound below it; what belongs to the film as metadata `anim`."""
        schema, plan = self._otio.schema, self._film.plan
        timeline = schema.Timeline(name=plan.name)
        timeline.metadata["anim"] = {
            "version": plan.version,
            "fps": plan.fps,
            "width": plan.width,
            "height": plan.height,
            "seed": plan.seed,
            "film_sha256": plan.film_sha256,
        }
        video = schema.Track(name="film", kind=schema.TrackKind.Video)
        for item in self._scenes():
            video.append(item)
        timeline.tracks.append(video)
        track = _heard(self._film)
        if track is not None:
            timeline.tracks.append(self._sound(track))
        timeline.tracks.markers.extend(self._marks())
        return timeline

    def _scenes(self) -> Iterator[Any]:
        """Clips in order, each after the transition that leads to it."""
        shots = {shot.name: shot for shot in self._film.film.shots}
        prompts = self._prompts()
        for first, end in self._ranges():
            begun = False
            for scene in self._film.plan.scenes:
                start, stop = max(first, scene.start), min(end, scene.end)
                if start >= stop:
                    continue
                if begun and shots[scene.name].transition.seconds:
                    yield self._transition(shots[scene.name])
                yield self._clip(scene, start, stop, prompts)
                begun = True

    def _clip(self, scene: SceneRun, start: int, stop: int, prompts: dict[int, str]) -> Any:
        schema = self._otio.schema
        clip = schema.Clip(
            name=scene.name,
            media_reference=self._media(),
            source_range=self._range(start, stop - start),
            metadata={"anim": {"scene": scene.name, "start": scene.start, "end": scene.end}},
        )
        for frame, text in prompts.items():
            if start <= frame < stop:
                clip.markers.append(self._marker(text, frame, 1, schema.MarkerColor.CYAN, {"prompt": text}))
        return clip

    def _media(self) -> Any:
        """The film's video, or its sequence of pictures, as it lies from the timeline's file."""
        schema, whole = self._otio.schema, self._range(0, self._film.plan.frames)
        if self._output is None:
            return schema.MissingReference(available_range=whole)
        path = self._film.at(variant_path(self._output.path, self._film.film.variant))
        head, found, rest = path.partition("{frame")
        if not found:
            return schema.ExternalReference(target_url=quote(path), available_range=whole)
        digits, _, suffix = rest.partition("}")
        base, _, prefix = head.rpartition("/")
        return schema.ImageSequenceReference(
            target_url_base=f"{quote(base)}/" if base else "",
            name_prefix=prefix,
            name_suffix=suffix,
            start_frame=0,
            frame_step=1,
            rate=self._rate,
            frame_zero_padding=int(digits.strip(":0") or 0),
            available_range=whole,
        )

    def _transition(self, shot: Shot) -> Any:
        """How a scene begins; of a dip half belongs to the scene before."""
        how, types = shot.transition, self._otio.schema.TransitionTypes
        frames = math.ceil(how.seconds * self._film.fps)
        before = frames // 2 if how.kind == "dip" else 0
        dissolves = how.kind in ("crossfade", "morph")
        return self._otio.schema.Transition(
            name=how.kind,
            transition_type=types.SMPTE_Dissolve if dissolves else types.Custom,
            in_offset=self._time(before),
            out_offset=self._time(frames - before),
            metadata={"anim": {"kind": how.kind, "seconds": str(how.seconds)}},
        )

    def _sound(self, track: Track) -> Any:
        """The track that is heard, from the second of the file that stands at the film's first frame."""
        schema, fps = self._otio.schema, self._film.fps
        sound = schema.Track(name=track.name, kind=schema.TrackKind.Audio)
        for first, end in self._ranges():
            begin = track.start * fps + first
            left = (
                end - first if track.seconds is None else min(end - first, float(track.seconds * fps - begin))
            )
            if begin < 0:
                gap = min(-begin, Fraction(end - first))
                sound.append(schema.Gap(source_range=self._range(0, float(gap))))
                begin, left = Fraction(0), left - float(gap)
            if left <= 0:
                continue
            media = schema.ExternalReference(target_url=quote(self._film.at(track.path)))
            if track.seconds is not None:
                media.available_range = self._range(0, float(track.seconds * fps))
            sound.append(
                schema.Clip(
                    name=track.name,
                    media_reference=media,
                    source_range=self._range(float(begin), left),
                    metadata={"anim": {"gain_db": track.gain_db}},
                )
            )
        return sound

    def _marks(self) -> Iterator[Any]:
        """The film's `markers`, where they stand in what is shown."""
        colour = self._otio.schema.MarkerColor.GREEN
        for markers in self._film.film.markers:
            for mark in markers.marks:
                seconds = Fraction(0) if mark.end is None else mark.end - mark.start
                place = self._placed(float(mark.start * self._film.fps))
                if place is not None:
                    says = {"markers": markers.name, "label": mark.label}
                    frames = float(seconds * self._film.fps)
                    yield self._marker(mark.label or markers.name, place, frames, colour, says)

    def _placed(self, frame: float) -> float | None:
        """Where a frame of the film stands in what is shown; None if it is not."""
        before = 0
        for first, end in self._ranges():
            if first <= frame < end:
                return before + frame - first
            before += end - first
        return None

    def _prompts(self) -> dict[int, str]:
        """The keys of the prompt in the film: frames at which another text begins."""
        places = self._film.columns["prompt.from"][: self._film.plan.frames]
        frames = [0, *(np.flatnonzero(np.diff(places)) + 1).tolist()]
        said = zip(frames, told_at(self._film, "prompt", frames), strict=True)
        return {frame: listed(one.a) for frame, one in said}

    def _ranges(self) -> tuple[tuple[int, int], ...]:
        return self._film.ranges or ((0, self._film.plan.frames),)

    def _marker(self, name: str, frame: float, frames: float, colour: str, says: dict[str, str]) -> Any:
        name = " ".join(name.split())
        short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
        return self._otio.schema.Marker(
            name=short, marked_range=self._range(frame, frames), color=colour, metadata={"anim": says}
        )

    def _time(self, frames: float) -> Any:
        return self._otio.opentime.RationalTime(frames, self._rate)

    def _range(self, start: float, frames: float) -> Any:
        return self._otio.opentime.TimeRange(self._time(start), self._time(frames))

    def remarks(self) -> Iterator[Remark]:
        """What the timeline does not say."""
        film, output = self._film, self._output
        if output is None:
            yield Remark(
                Fate.LOST, "media", "the film has no `output` at its own speed: link the clips by hand"
            )
        if any(shot.transition.seconds for shot in film.film.shots):
            says = (
                "they are in the film's pictures already; a dissolve of the film with itself changes nothing"
            )
            yield Remark(Fate.CHANGED, "transitions", says)
        track = _heard(film)
        if track is not None and track.gain_db:
            yield Remark(
                Fate.LOST, f"audio `{track.name}`", f"its gain of {track.gain_db:g} dB: set it in the editor"
            )


def _shown(film: Exporting) -> Output | None:
    """The first output that shows the film as it is, at its own speed; a video before pictures."""
    found = [one for one in film.film.outputs if one.speed == 1]
    return next((one for one in found if "{frame" not in one.path), found[0] if found else None)


def _heard(film: Exporting) -> Track | None:
    """The track that the first output with sound has."""
    name = next((spec.audio for spec in film.plan.outputs if spec.audio), None)
    return next((one for one in film.film.tracks if one.name == name), None)
