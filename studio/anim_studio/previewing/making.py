"""Renders the frames of a preview, as far as they are not there yet, and hands their pictures on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.build import Built, Overrides, build
from anim_studio.cli.choice import Choice, Part
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.jobs import silent_job
from anim_studio.cli.load import Loaded
from anim_studio.cli.reports import Reporter
from anim_studio.cli.settings import Progress
from anim_studio.cli.stop import StopSwitch
from anim_studio.cli.terminal import Terminal
from anim_studio.previewing.excerpts import excerpts
from anim_studio.previewing.pictures import Shot, shots, shown_size

if TYPE_CHECKING:
    from anim_compiler.plan import Plan
    from anim_runtime.encode import AudioTrack


DRAFT_LONGEST = 192
"""Pixels of the longer edge of a draft: more than in `anim live`, where one waits for it."""

SOUND_BYTES = 26_000
"""A second of sound in a file, measured: stereo music as AAC."""


@dataclass(frozen=True, slots=True)
class Making:
    """One preview on its way."""

    choice: Choice
    environment: Environment
    terminal: Terminal
    device: str
    progress: Progress

    def parts(self, loaded: Loaded, seconds: float) -> tuple[Part, ...]:
        """What of the film is shown: what was asked for, else as much of it as lasts so long."""
        if self.choice.frames is not None:
            return self.choice.parts(loaded)
        scenes = self.choice.scene_frames(loaded)
        fps = self.choice.fps or (loaded.film.fps if loaded.film is not None else None)
        if fps is None:
            return self.choice.parts(loaded)
        found = excerpts(scenes, fps, seconds)
        ranges = replace(self.choice, frames=found, scene=None)
        return ranges.parts(loaded)

    def plans(self, loaded: Loaded, parts: tuple[Part, ...]) -> tuple[Built, ...] | Exit:
        """The parts compiled; what to end with if the film has errors, which are then told."""
        reporter, made = Reporter(self.terminal), []
        for part in parts:
            built = build(loaded, self.environment, reporter, self._overrides(loaded, part))
            if isinstance(built, Exit):
                return built
            made.append(built)
        return tuple(made)

    def _overrides(self, loaded: Loaded, part: Part) -> Overrides:
        overrides = self.choice.overrides(part)
        if loaded.film is None or self.choice.tier != "draft" or self.choice.size is not None:
            return overrides
        from anim_compiler.tiers import small

        return replace(overrides, size=small(loaded.film.width, loaded.film.height, DRAFT_LONGEST))

    def shots(self, loaded: Loaded, plans: tuple[Built, ...], switch: StopSwitch) -> tuple[Shot, ...] | int:
        """The pictures of all plans; the exit code of a render that did not come to its end."""
        from anim_runtime.frames import Frames
        from anim_runtime.job import Tally

        found: list[Shot] = []
        for built in plans:
            code = self._render(loaded, built, switch)
            if code:
                return code
            made = Frames(silent_job(built, loaded, self.environment, self.device), Tally())
            found += shots(built.plan, made, shown_size(built.plan.width, built.plan.height))
        return tuple(found)

    def _render(self, loaded: Loaded, built: Built, switch: StopSwitch) -> int:
        from anim_compiler.timed import timed
        from anim_runtime.session import render
        from anim_studio.cli.timings import hearing
        from anim_studio.progress import open_display

        display = open_display(self.progress, self.terminal, built.plan.begin, switch)
        with display, timed("render"):
            done = render(
                built.plan,
                built.columns,
                root=loaded.world.root,
                folder=Path.cwd(),
                cache=self.environment.cache,
                device=self.device,
                emit=hearing(display.show),
                should_stop=switch,
                outputs=(),
                cap_bytes=self.environment.cap_bytes,
                library=self.environment.models,
                speed=self.environment.speed,
            )
        if switch.code is not None:
            return switch.code
        if done.exit_code and not done.unmet:
            raise Stop(Exit(done.exit_code), done.message, done.hint)
        return Exit.DONE


def sound_of(plans: tuple[Built, ...], loaded: Loaded, most: int) -> AudioTrack | None:
    """The film's track under a preview in one piece; pieces cut it up, and are silent, as is a preview of
    `most` bytes that the sound would take half of.
    """
    from anim_runtime.encode import AudioTrack
    from anim_runtime.media import media_path

    film = loaded.film
    named = None if film is None else next((out.audio for out in film.outputs if out.audio), None)
    if len(plans) != 1 or named is None:
        return None
    plan: Plan = plans[0].plan
    media = next((one for one in plan.media if one.kind == "audio" and one.name == named), None)
    if media is None:
        return None
    if SOUND_BYTES * plan.frames / Fraction(plan.fps) > most / 2:
        return None
    return AudioTrack(media_path(media, loaded.world.root), offset=media.offset, gain_db=media.gain_db)
