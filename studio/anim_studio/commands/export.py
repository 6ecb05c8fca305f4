"""`anim export`: a film in the words of another tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cyclopts import Parameter

from anim_compiler.whole_file import write_over
from anim_dsl.visible import escaped
from anim_studio.cli.as_is import write_as_is
from anim_studio.cli.choice import EVERYTHING, Choice
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import exit_of
from anim_studio.cli.options import Cache, Film
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import names_folder, plural
from anim_studio.interchange.exported import Folders
from anim_studio.interchange.formats import EXPORTS, Format, exporter

if TYPE_CHECKING:
    from anim_studio.cli.load import Loaded
    from anim_studio.interchange.exported import Exported, Exporting

To: TypeAlias = Literal["deforum", "fizznodes", "comfyui", "otio", "csv", "json"]
"""The names of `EXPORTS`, for the option parser and the shell's completion."""

_ENDINGS = {".csv": "csv", ".json": "json", ".otio": "otio"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where is written to: a folder, and in it a file of that name, else of the format's own; or standard
    output.
    """

    folder: Path = Path()
    name: Path | None = None
    is_stdout: bool = False

    @classmethod
    def of(cls, output: str | None) -> Target:
        """What `-o` says."""
        if output is None or output == "-":
            return cls(is_stdout=output == "-")
        path = Path(output)
        if names_folder(output):
            return cls(path)
        return cls(path.parent, Path(path.name))

    def paths(self, files: Mapping[str, bytes]) -> tuple[Path, ...]:
        """Where the files go: the first one by the name that was given, the others beside it."""
        first, *others = files
        return tuple(self.folder / name for name in (self.name or first, *others))


def export(
    film: Film,
    /,
    *,
    to: Annotated[To | None, Parameter(metavar="|".join(format.name for format in EXPORTS))] = None,
    # a text keeps the `/` that a folder ends with; the shell completes what may be a path
    output: Annotated[
        str | Path | None, Parameter(name=["--output", "-o"], metavar="PATH", allow_leading_hyphen=True)
    ] = None,
    choice: Choice = EVERYTHING,
    force: bool = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Write a film as another tool reads it, and say what that tool cannot.

    Parameters
    ----------
    to
        The format; without it, by the ending of `-o`.
    output
        The file, a folder for it (one that is there, or that ends with `/`), or `-` for standard output; in
        the current folder unless given.
    force
        Write over files that are there.
    quiet
        Do not say what the format cannot.
    """
    target = Target.of(None if output is None else str(output))
    format = _format(to, target)
    if choice.tier not in (None, "final"):
        hint = "leave out `--tier`, or render what it means: `anim render FILM --tier draft`"
        raise Stop(Exit.USAGE, "a tier is how pictures are made, and `export` makes none", hint)
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    loaded = choice.load(film, environment)
    given = _given(loaded, choice, Folders(target.folder.absolute(), environment.settings.out), terminal)
    if isinstance(given, Exit):
        return given
    made = exporter(format).write(given)
    _write(made.files, target, loaded, terminal, force=force)
    if not quiet:
        _tell(made, format, terminal)
    return Exit.DONE


def _given(loaded: Loaded, choice: Choice, folders: Folders, terminal: Terminal) -> Exporting | Exit:
    """The film as exporters take it; what to end with if it has errors, which are then told."""
    reporter = Reporter(terminal)
    reporter.tell(loaded.diagnostics)
    if loaded.film is None:
        return loaded.exit
    from anim_studio.interchange.exporting import exporting

    ranges = tuple(part.frames for part in choice.parts(loaded) if part.frames is not None)
    given, found = exporting(loaded, loaded.film, choice.overrides(), ranges, folders)
    reporter.tell(found)
    return max(exit_of(found), Exit.FILM_ERRORS) if given is None else given


def _format(to: str | None, target: Target) -> Format:
    """The format that is asked for. Raises `Stop` if none is."""
    name = to or _ENDINGS.get(target.name.suffix.lower() if target.name else "")
    known = {format.name: format for format in EXPORTS}
    if name is None:
        raise Stop(Exit.USAGE, "`export` needs a format", f"write `--to` and one of {', '.join(known)}")
    return known[name]


def _write(
    files: Mapping[str, bytes], target: Target, loaded: Loaded, terminal: Terminal, *, force: bool
) -> None:
    """Writes all files, or the first one to standard output. Raises `Stop` before it writes over one."""
    if target.is_stdout:
        write_as_is(next(iter(files.values())), terminal)
        return
    paths = target.paths(files)
    for path in paths:
        if path.exists() and path.samefile(loaded.path):
            raise Stop(Exit.USAGE, f"`{path}` is the film itself", "write to another name with `-o`")
        if path.is_file() and not force:
            raise Stop(Exit.USAGE, f"`{path}` is there already", "`--force` writes over it")
    for path, data in zip(paths, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_over(path, data)
    terminal.note(f"{terminal.paint_note('✓', 'green')} {escaped(str(paths[0]))}{_others(len(paths) - 1)}")


def _others(count: int) -> str:
    return f"   and {plural(count, 'file')} beside it" if count else ""


def _tell(made: Exported, format: Format, terminal: Terminal) -> None:
    """What the format does not say, a line each."""
    if not made.remarks:
        return
    terminal.note(f"what {format.name} does not have as the film has it:")
    for remark in made.remarks:
        says = f": {remark.says}" if remark.says else ""
        terminal.note(
            f"  {terminal.paint_note(remark.fate.value, 'yellow')}  {escaped(remark.what)}{escaped(says)}"
        )
