"""`anim import`: a film from another tool's file."""

from __future__ import annotations

import json as json_text
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from anim_compiler.whole_file import write_over
from anim_dsl.visible import escaped, json_escaped, shortened
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import FilesOrStdin
from anim_studio.cli.reports import Reporter
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.values import names_folder, plural
from anim_studio.interchange.formats import IMPORTS, Format
from anim_studio.interchange.imported import MOST_BYTES, Fate, Given, NotThisFormat, Remark, TooMuch
from anim_studio.interchange.importing import Import, UnknownFormat, as_document, format_named, imported

_STREAM = Path("-")
_MOST_TOLD = 12
_MOST_NAMES = 4
_COLOURS = {Fate.CHANGED: "yellow", Fate.LOST: "red"}


def import_(
    *files: FilesOrStdin,
    output: Annotated[
        str | Path | None, Parameter(name=["--output", "-o"], metavar="FILM", allow_leading_hyphen=True)
    ] = None,
    from_: Annotated[
        str | None, Parameter(name="--from", metavar="|".join(format.name for format in IMPORTS))
    ] = None,
    report: bool = False,
    force: bool = False,
    json: bool = False,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
) -> int:
    """Make films of other tools' files, and say what became of everything in them.

    Parameters
    ----------
    files
        The files, or `-` for standard input.
    output
        The film, a folder for it (one that is there, or that ends with `/`), or `-` for standard output; by
        the file's name in the current folder unless given.
    from_
        The format; without it, by what is in the file.
    report
        Say what became of every parameter, not only of those that changed or were lost.
    force
        Write over films that are there.
    json
        Print all that is known as one JSON list on standard output.
    quiet
        Say nothing but mistakes.
    """
    if not files:
        raise Stop(Exit.USAGE, "`import` needs a file", "write `anim import settings.txt`")
    is_folder = output is not None and names_folder(str(output))
    if len(files) > 1 and output is not None and not is_folder:
        raise Stop(Exit.USAGE, "several films need a folder", f"write `-o {output}/`")
    if json and (str(output) == "-" or (output is None and _STREAM in files)):
        hint = "write `-o` and the film's name"
        raise Stop(Exit.USAGE, "standard output cannot hold the film and `--json`", hint)
    try:
        format = None if from_ is None else format_named(from_)
    except UnknownFormat as error:
        raise Stop(Exit.USAGE, str(error), error.hint) from None
    terminal = open_terminal(read_environment().colour)
    place = None if output is None else Path(output)
    run = _Run(
        terminal, place, format, is_folder=is_folder, report=report, force=force, json=json, quiet=quiet
    )
    return run.all(files)


class _Run:
    """The files of one command, one after the other."""

    def __init__(
        self,
        terminal: Terminal,
        output: Path | None,
        format: Format | None,
        *,
        is_folder: bool,
        report: bool,
        force: bool,
        json: bool,
        quiet: bool,
    ) -> None:
        self._terminal = terminal
        self._output, self._is_folder = output, is_folder
        self._format = format
        self._report, self._force, self._json, self._quiet = report, force, json, quiet
        self._reporter = Reporter(terminal)
        self._exit = Exit.DONE
        self._from: dict[Path, Path] = {}
        self._told: list[dict[str, Any]] = []

    def all(self, files: tuple[Path, ...]) -> int:
        """Imports every file; one that cannot be does not keep the others from it."""
        for file in files:
            try:
                self._one(file)
            except Stop as stop:
                if len(files) == 1:
                    raise
                self._terminal.complain(stop.message, stop.hint)
                self._exit = max(self._exit, stop.code)
        if self._json:
            self._terminal.say(json_escaped(json_text.dumps(self._told, indent=2, ensure_ascii=False)))
        return self._exit

    def _one(self, file: Path) -> None:
        film = self._film(file)
        given = _given(file, film)
        try:
            found = imported(given, self._format)
        except TooMuch as error:
            hint = "import a part of it: fewer keys, shorter texts"
            raise Stop(Exit.LIMIT, f"`{given.name}` is too much for one film: {error}", hint) from None
        except NotThisFormat as error:
            message = f"`{given.name}` cannot be imported: {error}"
            raise Stop(Exit.FILM_ERRORS, message, _hint(self._format)) from None
        self._reporter.tell(found.made.diagnostics)
        if found.made.text:
            self._write(found, film, file)
        if self._json:
            self._told.append(as_document(given, found, film))
        if not found.made.text:
            self._exit = max(self._exit, Exit.FILM_ERRORS)
            if not found.made.diagnostics:
                raise Stop(Exit.FILM_ERRORS, f"there is no film in `{given.name}`")
            return
        if not self._quiet and not self._json:
            self._tell(found, film)

    def _film(self, file: Path) -> Path:
        """Where the film goes; `-` is standard output."""
        if self._output is None:
            return _STREAM if file == _STREAM else Path(f"{_stem(file)}.anim")
        if self._is_folder:
            return self._output / f"{_stem(file)}.anim"
        return self._output

    def _write(self, found: Import, film: Path, file: Path) -> None:
        """The film and the files beside it. Raises `Stop` before it writes over one."""
        if film == _STREAM:
            self._terminal.out.write(found.made.text)
            self._terminal.out.flush()
            for name in found.made.beside:
                self._terminal.note(f"`{escaped(name)}`, which the film reads, is written with `-o` only")
            return
        files: Mapping[Path, bytes] = {
            film: found.made.text.encode(),
            **{film.with_name(name): data for name, data in found.made.beside.items()},
        }
        if film in self._from:
            message = f"`{film}` was just written, of `{self._from[film]}`"
            raise Stop(Exit.USAGE, message, "import this one by itself, and name its film with `-o`")
        for path in files:
            if path.exists() and file != _STREAM and path.samefile(file):
                raise Stop(Exit.USAGE, f"`{path}` is what is imported", "write to another name with `-o`")
            if path.exists() and not self._force:
                raise Stop(Exit.USAGE, f"`{path}` is there already", "`--force` writes over it")
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_over(path, data)
        self._from[film] = file

    def _tell(self, found: Import, film: Path) -> None:
        """The film's name, how much became what, and what changed or was lost."""
        note, paint = self._terminal.note, self._terminal.paint_note
        remarks = found.made.remarks
        counts = Counter(remark.fate for remark in remarks)
        shown = ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate if counts[fate])
        name = "the film" if film == _STREAM else str(film)
        beside = len(found.made.beside)
        others = f", and {plural(beside, 'file')} beside it" if beside else ""
        note(f"{paint('✓', 'green')} {escaped(name)}{others}   from {found.format.says}")
        note(f"  {shown}" if shown else "")
        told = remarks if self._report else _telling(remarks)
        most = len(told) if self._report else _MOST_TOLD
        for fate in Fate:
            for remark in [each for each in told[:most] if each.fate is fate]:
                note(_line(self._terminal, remark))
        if len(told) > most:
            note(f"  … and {len(told) - most} more")
        if not self._report and remarks:
            note("  `--report` says what became of everything")


def _line(terminal: Terminal, remark: Remark) -> str:
    word = f"{remark.fate.value:<16}"
    shown = terminal.paint_note(word, _COLOURS.get(remark.fate, "dim"))
    says = f": {shortened(escaped(remark.says))}" if remark.says else ""
    return f"  {shown}  {shortened(escaped(remark.what))}{says}"


def _telling(remarks: tuple[Remark, ...]) -> list[Remark]:
    """What a user should know at once: what means something else now, then what is lost; each reason once,
    with all that it is the reason for.
    """
    found: dict[tuple[Fate, str], list[str]] = {}
    for fate in (Fate.CHANGED, Fate.LOST):
        for remark in remarks:
            if remark.fate is fate and not remark.says.startswith("see `"):
                found.setdefault((fate, remark.says or remark.what), []).append(remark.what)
    return [
        Remark(fate, _names(names), "" if says in names else says) for (fate, says), names in found.items()
    ]


def _names(names: list[str]) -> str:
    """The first few, and how many more there are."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _given(file: Path, film: Path) -> Given:
    """The file's bytes. Raises `Stop`."""
    folder = (Path() if film == _STREAM else film.parent).absolute()
    stem = _stem(file) if film == _STREAM else film.stem
    if file == _STREAM:
        return Given(
            _within(sys.stdin.buffer.read(MOST_BYTES + 1), "standard input"), "<stdin>", folder, stem
        )
    try:
        if file.is_dir():
            raise Stop(Exit.USAGE, f"`{file}` is a folder", "name the files in it")
        if not file.exists():
            raise Stop(Exit.USAGE, f"there is no file `{file}`", "paths count from the current folder")
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Stop(Exit.USAGE, f"`{file}` cannot be read: {error.strerror or error}") from None
    return Given(_within(data, str(file)), file.name, folder, stem)


def _within(data: bytes, name: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise Stop(Exit.LIMIT, f"`{name}` is larger than {MOST_BYTES >> 20} MiB", "it is no settings file")
    return data


def _stem(file: Path) -> str:
    return "film" if file == _STREAM else file.stem.strip(". ") or "film"


def _hint(format: Format | None) -> str:
    if format is not None:
        return "leave `--from` away, and the format is found by what is in the file"
    return f"`--from` names a format: {', '.join(each.name for each in IMPORTS)}"
