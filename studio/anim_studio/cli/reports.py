"""Tells diagnostics, each once, in the format that was asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_studio.cli.terminal import Terminal
from anim_studio.lexing.painter import painter

Format: TypeAlias = Literal["full", "concise", "json", "jsonl", "github", "gitlab", "sarif", "junit"]

FORMATS: tuple[Format, ...] = get_args(Format)
"""The names of the formats."""

_DOCUMENTS = ("json", "github", "gitlab", "sarif", "junit")  # written whole, when everything is known
#: a service reads them, which knows files by their paths in the repository
FOR_SERVICES = ("github", "gitlab", "sarif", "junit")
_FOR_PEOPLE = ("full", "concise")

MOST_SHOWN = 20
"""So many findings of one film are written out for people, errors first; the rest are counted."""


class Reporter:
    """Writes diagnostics to one stream; a diagnostic that two stages find is told once."""

    def __init__(self, terminal: Terminal, *, to_result: bool = False, format: Format = "full") -> None:
        self._colour = terminal.out_colour if to_result else terminal.err_colour
        self._stream = terminal.out if to_result else terminal.err
        self.write = terminal.say if to_result else terminal.note
        self._format = format
        self._told: dict[Diagnostic, None] = {}

    @property
    def is_document(self) -> bool:
        """Whether a program reads the output, so that nothing else may stand in it."""
        return self._format not in _FOR_PEOPLE

    def tell(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Prints those that were not told yet; a format that is one document waits for `finish`."""
        new = tuple(found for found in dict.fromkeys(diagnostics) if found not in self._told)
        self._told |= dict.fromkeys(new)
        if self._format in _DOCUMENTS:
            return
        shown = self._first(new) if self._format in _FOR_PEOPLE else new
        for diagnostic in shown:
            self.write(self._line(diagnostic))
        if len(shown) < len(new):
            self.write(f"… and {len(new) - len(shown)} more\n")

    @staticmethod
    def _first(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """The most important ones, by place as before."""
        ranks = {severity: rank for rank, severity in enumerate(Severity)}
        by_weight = sorted(range(len(diagnostics)), key=lambda at: ranks[diagnostics[at].severity])
        return tuple(diagnostics[at] for at in sorted(by_weight[:MOST_SHOWN]))

    def _line(self, diagnostic: Diagnostic) -> str:
        if self._format == "full":
            from anim_dsl.report import one

            paint = painter(colour=self._colour)
            return one(diagnostic, colour=self._colour, columns=self._columns(), paint=paint) + "\n"
        from anim_dsl.report import as_jsonl, concise

        return as_jsonl((diagnostic,)) if self._format == "jsonl" else concise((diagnostic,))

    def _columns(self) -> int | None:
        """The width of the terminal; text for a file or a pipe is not wrapped."""
        return shutil.get_terminal_size().columns if self._stream.isatty() else None

    def finish(self, files: tuple[str, ...]) -> None:
        """Prints the document of everything told, if the format is one; `files` are all that were checked."""
        told = self.told
        match self._format:
            case "json":
                from anim_dsl.report import as_json

                self.write(as_json(told))
            case "github":
                from anim_dsl.report_ci import as_github

                if told:
                    self.write(as_github(told))
            case "gitlab":
                from anim_dsl.report_ci import as_gitlab

                self.write(as_gitlab(told))
            case "sarif":
                from importlib.metadata import version

                from anim_dsl.report_sarif import as_sarif

                self.write(as_sarif(told, version=version("anim")))
            case "junit":
                from anim_dsl.report_junit import as_junit

                self.write(as_junit(told, files))
            case _:
                pass

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """Everything told so far."""
        return tuple(self._told)
