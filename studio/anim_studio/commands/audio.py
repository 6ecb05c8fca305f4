"""`anim audio`: what is heard in a track."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache
from anim_studio.cli.terminal import Terminal, open_terminal, shows_unicode
from anim_studio.cli.values import fps_option
from anim_studio.hearing.files import Wish
from anim_studio.hearing.values import offset_option, range_option

if TYPE_CHECKING:
    from anim_studio.hearing.song import Song

#: columns of the picture where there is no terminal to ask, and the most that it takes
COLUMNS, MOST_COLUMNS = 80, 160
#: what `bpm` and `beats_per_bar` of a film may be
LEAST_BPM, MOST_BPM, MOST_BEATS = 3, 1200, 32

Range = Annotated[
    tuple[float, float] | None,
    Parameter(
        converter=range_option, n_tokens=1, accepts_keys=False, metavar="A-B", allow_leading_hyphen=True
    ),
]
Rate = Annotated[
    Fraction | None, Parameter(converter=fps_option, n_tokens=1, accepts_keys=False, metavar="N")
]
Offset = Annotated[
    float | None,
    Parameter(
        converter=offset_option, n_tokens=1, accepts_keys=False, metavar="TIME", allow_leading_hyphen=True
    ),
]


def audio(
    *tracks: Annotated[Path, Parameter(name="TRACK")],
    track: Annotated[str | None, Parameter(metavar="NAME")] = None,
    bpm: Annotated[float | None, Parameter(metavar="N")] = None,
    offset: Offset = None,
    beats_per_bar: Annotated[int | None, Parameter(metavar="N")] = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="PATH")] = None,
    range: Range = None,
    click: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    labels: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    mark: Annotated[
        Literal["all", "beats", "bars", "sections"] | None, Parameter(metavar="all|beats|bars|sections")
    ] = None,
    csv: Annotated[Path | None, Parameter(metavar="FILE")] = None,
    fps: Rate = None,
    json: bool = False,
    cache: Cache = None,
) -> int:
    """Listen to tracks: tempo, beats, bars, sections, levels, and lines to put into a film.

    Parameters
    ----------
    tracks
        Sound files or videos; or films, whose tracks are heard with what the films say of them.
    track
        Only this track of a film.
    bpm
        A tempo to try instead of the one that is found.
    offset
        A moment that holds a bar's first beat, such as 0.312s.
    beats_per_bar
        Beats of a bar; 4 unless given.
    output
        Also draw a picture: a .png or .svg file.
    range
        What the pictures show, such as 30s-60s, 1:00-1:30 or 30s- to the end.
    click
        Also write a .wav file of the track with a click on every beat, higher where a bar begins.
    labels
        Also write beats, bars and sections to a label file, for Audacity and for `markers` in a film.
    mark
        What the label file holds: all (unless given), beats, bars or sections.
    csv
        Also write the curves to a table, a line a frame, for `series` in a film.
    fps
        Frames per second of that table; 24 unless given.
    json
        As JSON, an array of one object a track.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    _refuse(bpm, beats_per_bar)
    _refuse_alone("--mark", mark, "--labels song.txt", labels)
    _refuse_alone("--fps", fps, "--csv curves.csv", csv)
    wish = Wish(output, range, click, labels, mark or "all", csv, fps or Fraction(24))
    wish.refuse(tracks)
    from anim_studio.hearing.hear import heard
    from anim_studio.hearing.song import Told

    found, worst = heard(tracks, track, Told(bpm, offset or 0.0, beats_per_bar), environment, terminal)
    wish.refuse_several(found)
    if json:
        from anim_studio.hearing.as_json import as_json

        terminal.say(as_json(found))
    for number, song in enumerate(found):
        if not json:
            terminal.say() if number else None
            _tell(song, wish, terminal)
        for path in wish.write(song):
            terminal.note(f"{terminal.paint_note('✓', 'green')} {path}")
    return worst


def _refuse_alone(name: str, value: object, wanted: str, path: Path | None) -> None:
    """Raises `Stop` for an option that says how a file is written which nobody asked for."""
    if value is not None and path is None:
        raise Stop(Exit.USAGE, f"`{name}` changes nothing here", f"write `{wanted}` too")


def _refuse(bpm: float | None, beats_per_bar: int | None) -> None:
    """Raises `Stop` for a tempo or a bar that no film can have."""
    if bpm is not None and not LEAST_BPM <= bpm <= MOST_BPM:
        raise Stop(
            Exit.USAGE, f"`--bpm {bpm:g}` is no tempo", f"write a number from {LEAST_BPM} to {MOST_BPM}"
        )
    if beats_per_bar is not None and not 1 <= beats_per_bar <= MOST_BEATS:
        raise Stop(
            Exit.USAGE, f"a bar of {beats_per_bar} beats is none", f"write a number from 1 to {MOST_BEATS}"
        )


def _tell(song: Song, wish: Wish, terminal: Terminal) -> None:
    """Says what is heard, with the picture as wide as the terminal."""
    from anim_studio.draw.braille import song_lines
    from anim_studio.hearing.files import portrait_of
    from anim_studio.hearing.report import tell

    columns = min(shutil.get_terminal_size((COLUMNS, 24)).columns, MOST_COLUMNS) - 4
    picture = song_lines(
        portrait_of(song, *wish.shown(song)),
        max(columns, 20),
        plain=not shows_unicode(terminal.out),
        paint=terminal.paint,
    )
    tell(song, terminal, picture)
