"""`anim review`: what a branch changes in films, for its pull request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli.choice import EVERYTHING
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Device
from anim_studio.cli.quiet import prepare_libraries
from anim_studio.cli.settings import PictureTier
from anim_studio.cli.stop import stop_switch
from anim_studio.cli.terminal import open_terminal
from anim_studio.cli.trust import refuse_outside
from anim_studio.cli.values import bytes_option, plural

if TYPE_CHECKING:
    from anim_studio.reviewing.changed import Branch
    from anim_studio.reviewing.one import Reviewed, Wanted

#: a comment is looked at over a telephone too
MOST_BYTES = 2_000_000
COMMENT = "comment.md"
_OURS = re.compile(r"\d{2,}-[A-Za-z0-9._-]+(-curves\.png|\.gif)")

_MaxSize: TypeAlias = Annotated[
    int,
    Parameter(
        converter=bytes_option,
        n_tokens=1,
        accepts_keys=False,
        metavar="SIZE",
        help="The largest that a preview may be; `2MB` unless given.",
    ),
]


def review(
    base: Annotated[str, Parameter(name="BASE")],
    /,
    *films: Annotated[Path, Parameter(name="FILM")],
    output: Annotated[Path | None, Parameter(name=["--output", "-o"], metavar="DIR")] = None,
    url: Annotated[str, Parameter(metavar="URL")] = "",
    tier: Annotated[PictureTier | None, Parameter(name="--preview", metavar="draft|camera|final")] = None,
    seconds: Annotated[float, Parameter(metavar="N")] = 3.0,
    max_size: _MaxSize = MOST_BYTES,
    device: Device = None,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Write a comment for a pull request: what changed in each film, its curves, and a short preview.

    The work tree is compared with the commit in which it left BASE. Films are reviewed whose text changed,
    and those that read a file which did: something imported, a picture, a track.

    Parameters
    ----------
    base
        The branch, tag or commit that the changes go to, such as `main`.
    films
        Only these films, or folders of them.
    output
        The folder for comment.md and the pictures; `review` unless given.
    url
        Where the folder can be seen: with a `/` at its end, pictures are shown from there; else it is linked.
    tier
        What previews are drawn by: `draft` unless given, or `camera` where the film's model is not here.
    seconds
        How long a preview may be; 3 unless given, 0 for none.
    quiet
        Say nothing but errors.
    """
    if not 0 <= seconds <= 60:
        raise Stop(Exit.USAGE, f"a preview of {seconds:g} s is none", "write `--seconds` from 0 to 60")
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    from anim_studio.reviewing.changed import branch

    here = Path.cwd()
    found = branch(base, here, films, environment.cache)
    folder = output or Path("review")
    if found.films:
        prepare_libraries()
    from anim_compiler.whole_file import write_over
    from anim_studio.cli.device import chosen_device
    from anim_studio.reviewing.body import body
    from anim_studio.reviewing.one import Wanted

    refuse_outside(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        refuse_outside(path)
    _clear(folder)
    where = device or environment.settings.device
    if where != "auto":
        chosen_device(where)  # told before anything is compared
    with stop_switch() as switch:
        wanted = Wanted(folder, EVERYTHING, environment, terminal, switch, where, tier, seconds, max_size)
        done = _each(found, wanted, quiet=quiet)
    if switch.code is not None:
        return switch.code
    path = folder / COMMENT
    write_over(path, body(found, done, url).encode())
    if not quiet:
        terminal.say(f"{terminal.paint('✓', 'green')} {escaped(str(path))}   {plural(len(done), 'film')}")
    errors: list[int] = [Exit.FILM_ERRORS] if any(one.has_errors for one in done) else []
    return max((*errors, *(one.code for one in done)), default=Exit.DONE)


def _each(found: Branch, wanted: Wanted, *, quiet: bool) -> list[Reviewed]:
    """The films one after the other, each told of as it is done; a stop leaves the others out."""
    done: list[Reviewed] = []
    for number, changed in enumerate(found.films, 1):
        one = wanted.of(found, changed, number)
        if wanted.switch.code is not None:
            break
        done.append(one)
        if not quiet:
            says = one.problem or (one.told.summary if one.told is not None else "")
            wanted.terminal.note(f"{escaped(str(changed.path))}: {escaped(says)}")
    return done


def _clear(folder: Path) -> None:
    """Takes away the pictures of an earlier comment in the folder: numbers go to other films now."""
    from anim_studio.reviewing.body import MARK

    comment = folder / COMMENT
    if not comment.is_file() or not comment.read_bytes().startswith(MARK.encode()):
        return
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name):
            path.unlink()
