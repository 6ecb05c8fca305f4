"""Tells diagnostics, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from anim_dsl.diagnostic import Diagnostic
from anim_studio.cli.terminal import Terminal

Format: TypeAlias = Literal["full", "concise", "json"]


class Reporter:
    """Writes diagnostics to one stream; a diagnostic that two stages find is told once."""

    def __init__(self, terminal: Terminal, *, to_result: bool = False, format: Format = "full") -> None:
        self._terminal = terminal
        self._to_result = to_result
        self._format = format
        self._told: dict[Diagnostic, None] = {}

    def tell(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Prints those that were not told yet."""
        from anim_dsl.report import concise, one

        colour = self._terminal.out_colour if self._to_result else self._terminal.err_colour
        write = self._terminal.say if self._to_result else self._terminal.note
        for diagnostic in diagnostics:
            if diagnostic in self._told:
                continue
            self._told[diagnostic] = None
            if self._format == "full":
                write(one(diagnostic, colour=colour) + "\n")
            elif self._format == "concise":
                write(concise((diagnostic,)))

    @property
    def told(self) -> tuple[Diagnostic, ...]:
        """Everything told so far."""
        return tuple(self._told)
