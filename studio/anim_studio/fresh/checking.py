"""`anim compile --check` over films and folders."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anim_dsl.diagnostic import Severity
from anim_studio.cli.build import build
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.load import exit_of
from anim_studio.cli.reports import Reporter
from anim_studio.cli.rewrite import real_films
from anim_studio.fresh.plans import Compared, as_json, compared, compared_lock, plan_beside, tell

if TYPE_CHECKING:
    from anim_dsl.diagnostic import Diagnostic
    from anim_studio.cli.choice import Choice
    from anim_studio.cli.environment import Environment
    from anim_studio.cli.load import Loaded
    from anim_studio.cli.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Checking:
    """What is asked of the plans of films; `audio_lock` asks of their locks alone."""

    choice: Choice
    output: Path | None
    environment: Environment
    terminal: Terminal
    audio_lock: bool

    def of(self, films: Iterable[Path], quiet: bool, *, json: bool) -> int:
        """Tells of every film; returns the worst exit code."""
        rows: list[Compared] = []
        worst: int = Exit.DONE
        for film, is_found in _each(films):
            try:
                found, code = self._film(film, is_found=is_found)
            except Stop as stop:
                self.terminal.complain(stop.message, stop.hint)
                found, code = (Compared(film, film, "errors", (stop.message,)),), stop.code
            rows += found
            worst = max(worst, code, *(row.exit for row in found))
        if json:
            self.terminal.say(as_json(rows))
        elif rows or not quiet:
            tell(rows, self.terminal, quiet=quiet)
        return worst

    def _film(self, film: Path, *, is_found: bool) -> tuple[tuple[Compared, ...], int]:
        """The files of one film; of one that was found in a folder those that are there."""
        from anim_compiler.sound.lock import lock_path
        from anim_studio.commands.compile import plan_paths

        loaded = self.choice.load(film, self.environment)
        has_lock = lock_path(film.parent, film.name).is_file()
        paths = plan_paths(self.choice, loaded, self.output, Path())
        places = [(part, path if self.output else plan_beside(film, path.name)) for part, path in paths]
        wanted = [] if self.audio_lock else [row for row in places if row[1].is_file() or not is_found]
        if not wanted and not has_lock and (is_found or not self._needs_lock(loaded)):
            return (), Exit.DONE
        rows: list[Compared] = []
        told: list[Diagnostic] = []
        for part, path in wanted or places[:1]:
            # one that only collects: warnings are for `anim check`
            heard = Reporter(self.terminal, format="json")
            built = build(loaded, self.environment, heard, self.choice.overrides(part))
            told += heard.told
            if isinstance(built, Exit):
                Reporter(self.terminal).tell(one for one in told if one.severity is Severity.ERROR)
                return (Compared(film, path, "errors"),), max(exit_of(told), Exit.FILM_ERRORS)
            if wanted:
                rows.append(compared(film, path, built, _mend(film, path)))
        lock = compared_lock(film, told, is_wanted=self._needs_lock(loaded))
        return (*rows, *((lock,) if lock is not None else ())), Exit.DONE

    def _needs_lock(self, loaded: Loaded) -> bool:
        """Whether locks were asked for, and the film has something to lock."""
        return self.audio_lock and loaded.film is not None and bool(loaded.film.tracks)


def _each(films: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Every film, with whether it was found in a folder. Raises `Stop` for a folder without films."""
    for film in films:
        if film.is_dir():
            yield from ((found, True) for found in real_films((film,)))
        else:
            yield film, False


def _mend(film: Path, path: Path) -> str:
    """The command that writes a plan, with the options that this one was asked with."""
    from anim_studio.cli.invocation import invocation

    kept = _options(invocation().own)
    return shlex.join(("anim", "compile", str(film), *kept, "-o", str(path)))


def _options(words: tuple[str, ...]) -> tuple[str, ...]:
    """What is said of the film on a command line: options with their values, and no films."""
    plain = {"--check", "--json", "--quiet", "-q", "--audio-lock"}
    kept: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            break
        if not word.startswith("-") or word in plain:
            continue
        is_short = word[1:2] != "-"
        name = word[:2] if is_short else word.partition("=")[0]
        # the value stands behind it, or in the same word: `--size=64x64`, `-oPATH`
        value = () if word != name else (next(rest, ""),)
        if name not in ("-o", "--output", "--timings", "--cache"):
            kept += (word, *value)
    return tuple(kept)
