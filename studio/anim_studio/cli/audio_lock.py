"""Writing `FILM.audio.lock`: what was heard in a film's tracks, to be committed beside the film."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anim_studio.cli.build import Overrides, build
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import Loaded
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal
from anim_studio.cli.trust import refuse_outside
from anim_studio.cli.values import plural

if TYPE_CHECKING:
    from anim_compiler.audio.locked import Noting

#: warnings that a lock is out of date: this is their mend
_MENDED = frozenset({"W6153", "W6154"})


def write_lock(loaded: Loaded, environment: Environment, terminal: Terminal, *, quiet: bool) -> int:
    """Compiles the film and writes beside it what was read of its tracks; returns the exit code.

    Raises `Stop` for a film without sound or one of its variants, and if the lock cannot be written.
    """
    from anim_compiler.sound.lock import lock_path, lock_text
    from anim_compiler.sound.tracks import locked_place
    from anim_compiler.whole_file import write_whole

    if loaded.variant is not None:
        raise Stop(Exit.USAGE, "a lock is of the whole film, not of a variant", "leave `--variant` away")
    told = tuple(found for found in loaded.diagnostics if found.code not in _MENDED)
    noted: dict[str, Noting] = {}
    built = build(replace(loaded, diagnostics=told), environment, Reporter(terminal), Overrides(noted=noted))
    if isinstance(built, Exit):
        return built
    assert loaded.film is not None  # what was built
    if not noted:
        hint = 'write `audio song = "song.ogg"`, or leave `--audio-lock` away'
        raise Stop(Exit.USAGE, f"`{loaded.path}` has no `audio` to lock", hint)
    film, world = loaded.film, loaded.world
    tracks = {
        locked_place(world, world.root / track.path): noted[track.name].locked(track.seconds)
        for track in film.tracks
    }
    path = lock_path(world.folder, film.source.name)
    refuse_outside(loaded.path.parent / path.name)
    data = lock_text(tracks).encode()
    try:
        write_whole(path, data)
    except OSError as problem:
        reason = (problem.strerror or "it cannot be written").lower()
        raise Stop(Exit.USAGE, f"`{path.name}` cannot be written: {reason}") from problem
    if not quiet:
        size = f"{len(data) / 1000:,.0f} KB" if len(data) < 1_000_000 else f"{len(data) / 1e6:,.1f} MB"
        shown = loaded.path.parent / path.name
        terminal.say(f"{terminal.paint('✓', 'green')} {shown}   {plural(len(tracks), 'track')} · {size}")
    return Exit.DONE
