"""`anim fmt`: the canonical layout of films."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_compiler.whole_file import write_over
from anim_dsl.source import Source
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import FilmsOrStdin, StdinFilename
from anim_studio.cli.reports import Reporter
from anim_studio.cli.rewrite import STDIN, STDIN_NAME, films_in, has_mark, show_diff
from anim_studio.cli.terminal import open_terminal


def fmt(
    *films: FilmsOrStdin,
    check: bool = False,
    diff: bool = False,
    stdin_filename: StdinFilename = STDIN_NAME,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
) -> int:
    """Lay films out the canonical way; every comment stays.

    Parameters
    ----------
    films
        The films, folders of films, or `-` for standard input, whose layout goes to standard output.
    check
        Write nothing; name the films that would change and end with code 1 if there are any.
    diff
        Write nothing; show what would change, with code 1 if anything would.
    quiet
        Leave out the summary.
    """
    if not films:
        raise Stop(
            Exit.USAGE, "`fmt` needs a film", "write `anim fmt FILM`, or `anim fmt -` for standard input"
        )
    environment = read_environment()
    run = _Run(environment, check=check, diff=diff, stdin_filename=stdin_filename)
    paths = films_in(films)
    for film in paths:
        try:
            run.one(film)
        except Stop as stop:
            if len(paths) == 1 or stop.code is Exit.BUG:
                raise
            run.skip(stop)
    if not quiet:
        run.summarise()
    return run.exit


class _Run:
    """What happened to the films of one command."""

    def __init__(self, environment: Environment, *, check: bool, diff: bool, stdin_filename: str) -> None:
        self.terminal = open_terminal(environment.colour)
        self.reporter = Reporter(self.terminal)
        self.cache = environment.cache
        self.check = check
        self.diff = diff
        self.stdin_filename = stdin_filename
        self.changed = 0
        self.unchanged = 0
        self.refused = 0
        self.unread = 0
        self.has_stdin = False
        self.worst = Exit.DONE

    @property
    def exit(self) -> Exit:
        """Errors count, and so does what would change where nothing is written."""
        if self.changed and (self.check or self.diff):
            return max(self.worst, Exit.FILM_ERRORS)
        return self.worst

    def one(self, film: Path) -> None:
        """Formats one film."""
        from anim_dsl.format import MisformatError, format_source
        from anim_dsl.gate import LIMIT_CODES

        source = self._read(film)
        try:
            text = format_source(source)
        except MisformatError as error:
            raise Stop(
                Exit.BUG, str(error), "this is a bug of anim, not of your film; the file is as it was"
            ) from None
        if not isinstance(text, str):
            self.reporter.tell(text)
            self.refused += 1
            is_limit = any(found.code in LIMIT_CODES for found in text)
            self.worst = max(self.worst, Exit.LIMIT if is_limit else Exit.FILM_ERRORS)
            return
        self._deliver(film, source, text)

    def skip(self, stop: Stop) -> None:
        """Says why one of several films cannot be read."""
        self.unread += 1
        self.worst = max(self.worst, stop.code)
        self.terminal.complain(stop.message, stop.hint)

    def _read(self, film: Path) -> Source:
        from anim_studio.cli.checking import load

        self.has_stdin = self.has_stdin or film == STDIN
        source = load(film, self.cache, self.stdin_filename).source
        return Source(source.name, "\ufeff" + source.text) if has_mark(film) else source

    def _deliver(self, film: Path, source: Source, text: str) -> None:
        is_same = text == source.text
        self.changed += not is_same
        self.unchanged += is_same
        if self.diff:
            show_diff(source.name, source.text, text, self.terminal)
        elif self.check:
            if not is_same:
                self.terminal.say(f"would change {source.name}")
        elif film == STDIN:
            self.terminal.out.write(text)
        elif not is_same:
            write_over(film, text.encode())

    def summarise(self) -> None:
        """How many films were laid out, on standard error; nothing for standard input alone."""
        if self.has_stdin and self.changed + self.unchanged + self.refused == 1:
            return
        would = "would change" if self.check or self.diff else "laid out"
        parts = [f"{_files(self.changed)} {would}"] if self.changed else []
        parts += [f"{_files(self.unchanged)} as it should be"] if self.unchanged else []
        parts += [f"{_files(self.refused)} left alone because of errors"] if self.refused else []
        parts += [f"{_files(self.unread)} not read"] if self.unread else []
        self.terminal.note(", ".join(parts))


def _files(count: int) -> str:
    return f"{count} file{'s' if count != 1 else ''}"
