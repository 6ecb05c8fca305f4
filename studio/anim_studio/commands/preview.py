"""`anim preview`: a short rough video of a film."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_studio.cli.choice import EVERYTHING, Choice
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.invocation import spelled
from anim_studio.cli.options import Cache, Device, Films, MaxSize, Timings
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.settings import Progress
from anim_studio.cli.stop import StopSwitch, stop_switch
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.timings import recorded
from anim_studio.cli.values import format_bytes, plural

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anim_runtime.encode.write import EncodedFile
    from anim_runtime.events import Encoded
    from anim_studio.cli.load import Loaded
    from anim_studio.previewing.making import Making

#: what GitHub takes as a picture in a comment, with some room
MOST_BYTES = 8_000_000

_ENDINGS = (".mp4", ".gif", ".webm", ".mov", ".webp")


def preview(
    *films: Films,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    gif: bool = False,
    seconds: Annotated[float, Parameter(metavar="N")] = 8.0,
    max_size: MaxSize = MOST_BYTES,
    label: bool = False,
    choice: Choice = EVERYTHING,
    device: Device = None,
    progress: Annotated[Progress | None, Parameter(metavar="bar|lines|json|none")] = None,
    json: bool = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    timings: Timings = None,
    cache: Cache = None,
) -> int:
    """Write a short rough video or GIF of a film, for a chat or a pull request.

    Of a film that is longer than `--seconds` it shows the beginnings of its scenes, or pieces of its one
    scene; `--frames` and `--scene` say what to show instead. It is a `draft` unless `--tier` says otherwise.

    Parameters
    ----------
    films
        The films, each with a file of its own.
    output
        Where it goes, .mp4, .gif or .webm; out/FILM-preview.mp4 unless given.
    gif
        Write a GIF, which plays anywhere by itself, without sound.
    seconds
        How long it may be; 8 unless given.
    label
        Write time and frame into the pictures.
    progress
        How the work is shown: a bar on a terminal, lines in a log, JSON events, or nothing.
    json
        The same as --progress json: one event a line on standard output.
    quiet
        Say nothing but errors and warnings.
    """
    if not films:
        raise Stop(Exit.USAGE, "`preview` needs a film", "write `anim preview FILM`")
    if len(films) > 1 and output is not None:
        raise Stop(Exit.USAGE, "there are several films for one file", "leave out `-o`")
    if not 0 < seconds <= 600:
        raise Stop(Exit.USAGE, f"a preview of {seconds:g} s is none", "write `--seconds` from 1 to 600")
    if output is not None and output.suffix.lower() not in _ENDINGS:
        raise Stop(
            Exit.USAGE, f"a preview cannot be written as `{output.suffix}`", "name a .mp4, .gif or .webm file"
        )
    if gif and output is not None and output.suffix.lower() != ".gif":
        raise Stop(Exit.USAGE, f"`{output}` is no GIF", "leave out `--gif`, or end the name with .gif")
    prepare_libraries()
    from anim_studio.cli.device import chosen_device
    from anim_studio.previewing.making import Making

    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    wanted = progress or environment.settings.progress
    shown: Progress = "json" if json else "none" if quiet and wanted == "auto" else wanted
    where = chosen_device(device or environment.settings.device)
    choice = replace(choice, tier=choice.tier or "draft")
    making = Making(choice, environment, terminal, where, shown)
    wish = Wish(output, gif, seconds, max_size, label, quiet)
    worst: int = Exit.DONE
    with stop_switch() as switch, recorded(timings):
        for film in films:
            code = preview_of(film, making, wish, switch)
            if switch.code is not None:
                terminal.note(f"{terminal.paint_note('stopped', 'bold yellow')}")
                terminal.note(f"  to go on: {spelled()}")
                return switch.code
            worst = max(worst, code)
    return worst


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says of the file."""

    output: Path | None
    gif: bool
    seconds: float
    most: int
    label: bool
    quiet: bool

    def path(self, loaded: Loaded, folder: Path) -> Path:
        """Where the preview of a film goes."""
        return self.output or folder / f"{loaded.stem}-preview{'.gif' if self.gif else '.mp4'}"


def preview_of(film: Path, making: Making, wish: Wish, switch: StopSwitch) -> int:
    """Writes the preview of one film; returns the exit code. Raises `Stop`."""
    from anim_studio.previewing.fitting import fitted
    from anim_studio.previewing.making import sound_of
    from anim_studio.previewing.pictures import labelled

    loaded = making.choice.load(film, making.environment)
    count = len(loaded.film.variants) if loaded.film else 0
    if count and loaded.variant is None and not wish.quiet:
        note = f"{plural(count, 'variant')}; `--variant N` picks one; this is the film without them"
        making.terminal.note(note)
    plans = making.plans(loaded, making.parts(loaded, wish.seconds))
    if isinstance(plans, Exit):
        return plans
    shots = making.shots(loaded, plans, switch)
    if isinstance(shots, int):
        return shots
    fps = Fraction(plans[0].plan.fps)

    def finish(pixels: NDArray[np.uint8], frame: int) -> NDArray[np.uint8]:
        return labelled(pixels, frame, fps) if wish.label else pixels

    path = wish.path(loaded, making.environment.settings.out)
    sound = None if path.suffix in (".gif", ".webp") else sound_of(plans, loaded, wish.most)
    written, manner = fitted(shots, path, fps, wish.most, finish, sound)
    if making.progress == "json":
        making.terminal.out.write(_event(written).model_dump_json() + "\n")
    elif not wish.quiet:
        sizes = f"{manner.size[0]}×{manner.size[1]}"
        parts = [f"{float(written.seconds):.1f} s", sizes, format_bytes(written.bytes)]
        if len(plans) > 1:
            parts.insert(0, f"{plural(len(plans), 'piece')} of {loaded.path.name}")
        _tell(path, parts, making.terminal)
    return Exit.DONE


def _event(written: EncodedFile) -> Encoded:
    from anim_runtime.events import Encoded

    path, seconds = str(written.path), float(written.seconds)
    return Encoded(
        at=time.time(),
        path=path,
        frames=written.frames,
        seconds=seconds,
        bytes=written.bytes,
        codec=written.codec,
    )


def _tell(path: Path, parts: list[str], terminal: Terminal) -> None:
    terminal.say(f"{terminal.paint('✓', 'green')} {path}   {' · '.join(parts)}")
