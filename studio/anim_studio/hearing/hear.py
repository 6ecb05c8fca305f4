"""Listening to sound files, and to the tracks of films."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from anim_compiler.audio import AudioError, analyse, groups_for
from anim_compiler.audio.analysis import Analysis
from anim_compiler.audio.block import HOPS
from anim_dsl.nearest import nearest
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import load, unheard
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal
from anim_studio.draw.portrait import DRUMS, LEVELS, Section
from anim_studio.hearing.song import Song, Told, labels

if TYPE_CHECKING:
    from anim_compiler.film import Film, Track

TABLE: Final = (
    *LEVELS,
    *DRUMS,
    "loudness",
    "beat",
    "downbeat",
    "beat_phase",
    "bar_phase",
    "tempo",
    "section",
)
"""The features that a table has a column for."""

GROUPS: Final = frozenset({"outline"}).union(*map(groups_for, TABLE))
"""The groups of curves that `anim audio` looks at."""


def heard(
    paths: Sequence[Path], track: str | None, told: Told, environment: Environment, terminal: Terminal
) -> tuple[list[Song], Exit]:
    """What is heard in each file, and in each track of each film, with the worst exit code.

    A file that cannot be read is told, and the others are heard. Raises `Stop` for wrong usage.
    """
    if not paths:
        raise Stop(Exit.USAGE, "`audio` needs a sound file or a film", "write `anim audio song.ogg`")
    found: list[Song] = []
    worst = Exit.DONE
    for path in paths:
        try:
            if path.suffix == ".anim":
                found += _of_film(path, track, told, environment, terminal)
            elif track is not None:
                raise Stop(Exit.USAGE, f"`{path}` is no film", "`--track` chooses a track of a film")
            else:
                found.append(_of_file(path, told, environment))
        except Stop as stop:
            if len(paths) == 1:
                raise
            terminal.complain(stop.message, stop.hint)
            worst = max(worst, stop.code)
    return found, worst


def _of_file(path: Path, told: Told, environment: Environment) -> Song:
    """A sound file; whoever names it may read it, so no root is asked for."""
    if path.is_dir():
        raise Stop(Exit.USAGE, f"`{path}` is a folder", "name a sound file, a video or a film")
    if not path.exists():
        raise _missing(path)
    if not path.is_file():
        raise Stop(Exit.USAGE, f"`{path}` is a device, not a file", "name a sound file, a video or a film")
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        analysis = analyse(
            path,
            sha256=sha256,
            cache=environment.cache,
            groups=GROUPS,
            bpm=told.bpm,
            offset=told.offset,
            beats_per_bar=told.beats_per_bar or 4,
        )
    except AudioError as error:
        raise unheard(error, Exit.USAGE) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise Stop(Exit.USAGE, f"`{path}` cannot be read: {reason}") from None
    return _song(path.name, path, _from_here(path), sha256, told, analysis)


def _from_here(path: Path) -> str:
    """How a film in the working folder names a file; one elsewhere has to be copied beside it first."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return path.name


def _missing(path: Path) -> Stop:
    message = f"there is no file `{path}`"
    if path.parts[:1] in (("http:",), ("https:",)):
        return Stop(Exit.USAGE, message, "`anim audio` opens no address: download the file")
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:
        names = []
    near = nearest(path.name, names)
    return Stop(Exit.USAGE, message, f"did you mean `{path.parent / near}`?" if near else "")


def _of_film(
    path: Path, track: str | None, told: Told, environment: Environment, terminal: Terminal
) -> list[Song]:
    """The tracks of a film, with what it says of them; what the command line says goes before that."""
    from anim_compiler.listening import Listener

    loaded = load(path, environment.cache)
    if loaded.film is None:
        Reporter(terminal).tell(loaded.diagnostics)
        raise Stop(loaded.exit, f"`{path}` has errors, so its tracks are not heard", "mend them first")
    chosen = _chosen(loaded.film, track, told)
    listener = Listener(chosen, loaded.world)
    songs: list[Song] = []
    for each in chosen.tracks:
        if track is not None and each.name != track:
            continue
        try:
            analysis = listener.analysis(each, GROUPS)
        except AudioError as error:
            raise unheard(error) from None
        file = loaded.world.root / each.path
        songs.append(_song(each.name, file, each.path, each.sha256, _told(chosen, each), analysis))
    return songs


def _chosen(film: Film, track: str | None, told: Told) -> Film:
    """The film with what the command line says of its tracks, or of the one that is named."""
    names = [each.name for each in film.tracks]
    if not names:
        raise Stop(Exit.USAGE, f"`{film.name}` has no track", 'a film gets one by `audio song = "song.ogg"`')
    if track is not None and track not in names:
        near = nearest(track, names)
        hint = f"did you mean `{near}`?" if near else f"it has {', '.join(f'`{name}`' for name in names)}"
        raise Stop(Exit.USAGE, f"`{film.name}` has no track `{track}`", hint)
    tracks = tuple(_with(each, told) if track in (None, each.name) else each for each in film.tracks)
    if not told.bpm:
        return replace(film, tracks=tracks)
    # the film's own tempo would go before it
    return replace(film, tracks=tracks, tempo=replace(film.tempo, bpm=None, given=None))


def _with(track: Track, told: Told) -> Track:
    return replace(
        track,
        bpm=told.bpm or track.bpm,
        given=None if told.bpm else track.given,
        offset=told.offset or track.offset,
        beats_per_bar=told.beats_per_bar or track.beats_per_bar,
    )


def _told(film: Film, track: Track) -> Told:
    """What a film says of a track, in its own line or for the whole film."""
    from anim_compiler.song_grid import told

    says = told(film, track)
    bar = track.beats_per_bar or film.tempo.beats_per_bar
    return Told(says.bpm, track.offset, bar, has_beats=says.given is not None)


def _song(name: str, file: Path, path: str, sha256: str, told: Told, analysis: Analysis) -> Song:
    outline = analysis.groups["outline"]
    times = np.arange(outline["low"].size) / HOPS
    curves = {
        each: analysis.feature(each, times, step=1 / HOPS).astype(np.float32) for each in (*LEVELS, *DRUMS)
    }
    return Song(
        name=name,
        file=file,
        path=path,
        sha256=sha256,
        told=told,
        analysis=analysis,
        rate=HOPS,
        low=np.asarray(outline["low"], np.float32),
        high=np.asarray(outline["high"], np.float32),
        curves=curves,
        sections=_sections(analysis),
    )


def columns(song: Song, times: NDArray[np.float64], step: float) -> dict[str, list[float]]:
    """The curves of a track's table by name, at `times` seconds, frames of `step` seconds."""
    return {name: song.analysis.feature(name, times, step=step).tolist() for name in TABLE}


def _sections(analysis: Analysis) -> tuple[Section, ...]:
    """The sections of a track, lettered by likeness; together they last from its start to its end."""
    found = analysis.groups["sections"]
    starts = [*found["starts"].tolist(), analysis.duration]
    starts[0] = 0.0
    named = labels(tuple(round(number) for number in found["labels"].tolist()))
    return tuple(
        Section(label, start, end) for label, (start, end) in zip(named, pairwise(starts), strict=True)
    )
