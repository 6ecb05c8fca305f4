"""`anim check`: what is wrong with a film, without rendering anything."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_compiler.whole_file import write_over
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.gate import LIMIT_CODES
from anim_dsl.source import Source, Span
from anim_studio.cli.checking import Codes, Text, codes_of, errors, findings, load, mend
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Define, FilmsOrStdin, StdinFilename
from anim_studio.cli.reports import FOR_SERVICES, FORMATS, Format, Reporter
from anim_studio.cli.rewrite import STDIN, STDIN_NAME, films_in, has_mark, show_diff
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.cli.trust import from_top


def check(
    *films: FilmsOrStdin,
    format: Annotated[Format, Parameter(metavar="|".join(FORMATS))] = "full",
    json: bool = False,
    fix: bool = False,
    diff: bool = False,
    select: Annotated[tuple[str, ...], Parameter(metavar="CODES", n_tokens=1)] = (),
    ignore: Annotated[tuple[str, ...], Parameter(metavar="CODES", n_tokens=1)] = (),
    strict: bool = False,
    define: Define = (),
    stdin_filename: StdinFilename = STDIN_NAME,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"])] = False,
    cache: Cache = None,
) -> int:
    """Find mistakes in films, without model, GPU or audio decoding.

    Parameters
    ----------
    films
        The films to check, folders of films, or `-` for standard input.
    format
        How findings are written: for people, one a line, or for a program that reads them.
    json
        The same as --format json.
    fix
        Make every edit that is certain, then show what is left.
    diff
        Write nothing; show what `--fix` would change.
    select
        Only these warnings: codes or their beginnings, as in `W6001,W60`.
    ignore
        All warnings but these.
    strict
        Warnings count as errors.
    quiet
        Leave out the summary.
    """
    if not films:
        raise Stop(Exit.USAGE, "`check` needs a film", "write `anim check FILM`")
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    chosen: Format = "json" if json else format
    run = _Run(terminal, environment, codes_of(select, ignore), chosen, strict=strict, quiet=quiet)
    paths = films_in(films)
    for film in paths:
        try:
            text = _placed(load(film, environment.cache, stdin_filename, define), chosen)
        except Stop as stop:
            if len(paths) == 1 and chosen not in FOR_SERVICES:
                raise
            run.skip(film, stop)
            continue
        if diff:
            run.preview(text)
        elif fix:
            run.fix(text)
        else:
            run.tell(text, findings(text))
    run.finish()
    return run.worst


def _placed(text: Text, format: Format) -> Text:
    """The film called as the reader of the findings knows it."""
    if format not in FOR_SERVICES or text.path == STDIN:
        return text
    return replace(text, source=Source(from_top(text.path), text.source.text))


class _Run:
    """What one command has found so far, and what it says of it."""

    def __init__(
        self,
        terminal: Terminal,
        environment: Environment,
        codes: Codes,
        format: Format,
        *,
        strict: bool,
        quiet: bool,
    ) -> None:
        self.terminal = terminal
        self.environment = environment
        self.codes = codes
        self.strict = strict
        self.quiet = quiet
        self.format: Format = format
        self.reporter = Reporter(terminal, to_result=True, format=format)
        self.files: list[str] = []
        self.fixed = 0
        self.unread = 0
        self.is_preview = False
        self.worst = Exit.DONE
        self.started = time.perf_counter()

    def tell(self, text: Text, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Reports what is wrong with one film."""
        self.files.append(text.source.name)
        shown = self.codes.shown(diagnostics)
        self.worst = max(self.worst, self._exit(shown))
        self.reporter.tell(shown)

    def skip(self, film: Path, stop: Stop) -> None:
        """Says why a film cannot be read; to a service as what is found in its file."""
        self.unread += 1
        self.worst = max(self.worst, stop.code)
        self.terminal.complain(stop.message, stop.hint)
        if self.format in FOR_SERVICES:
            source = Source(from_top(film), "")
            self.files.append(source.name)
            hint = stop.hint
            found = Diagnostic(stop.finding, Severity.ERROR, source, Span(0, 0), stop.message, hint=hint)
            self.reporter.tell((found,))

    def _exit(self, shown: tuple[Diagnostic, ...]) -> Exit:
        if any(found.code in LIMIT_CODES for found in shown):
            return Exit.LIMIT
        warns = self.strict and any(found.severity is Severity.WARNING for found in shown)
        return Exit.FILM_ERRORS if warns or errors(shown) else Exit.DONE

    def fix(self, text: Text) -> None:
        """Mends one film, writes it if anything changed, and reports what is left."""
        mended = mend(text, self.codes)
        self.fixed += mended.fixed
        if text.path == STDIN:
            # the film is the result; what is left to say goes beside it
            self.reporter = Reporter(self.terminal, format=self.format)
            self.terminal.out.write(mended.text.source.text)
        elif mended.text.source.text != text.source.text:
            mark = "\ufeff" if has_mark(text.path) else ""
            write_over(text.path, (mark + mended.text.source.text).encode())
        self.tell(mended.text, mended.diagnostics)

    def preview(self, text: Text) -> None:
        """Shows what `--fix` would change in one film."""
        mended = mend(text, self.codes)
        self.is_preview = True
        self.fixed += mended.fixed
        self.files.append(text.source.name)
        show_diff(text.source.name, text.source.text, mended.text.source.text, self.terminal)
        if mended.fixed:
            self.worst = max(self.worst, Exit.FILM_ERRORS)
        self.worst = max(self.worst, self._exit(self.codes.shown(mended.diagnostics)))

    def finish(self) -> None:
        """The documents that can only be written at the end, or the summary."""
        if self.is_preview:
            if not self.quiet:
                self.terminal.note(_edits(self.fixed, "would be made"))
            return
        self.reporter.finish(tuple(self.files))
        if self.reporter.is_document or self.quiet:
            return
        from anim_dsl.report import summary

        took = time.perf_counter() - self.started
        sign = self.terminal.paint("✗", "red") if self.worst else self.terminal.paint("✓", "green")
        line = summary(self.reporter.told, files=len(self.files), seconds=took)
        line += f" · {self.unread} not read" if self.unread else ""
        made = f"{_edits(self.fixed, 'made')}; " if self.fixed else ""
        self.reporter.write(f"{sign} {made}{line}")


def _edits(count: int, what: str) -> str:
    return f"{count} edit{'s' if count != 1 else ''} {what}"
