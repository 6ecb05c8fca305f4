"""`anim diff`: what changed in a film, told of the film and not of its text."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from anim_dsl.visible import escaped
from anim_studio.cli.choice import EVERYTHING, Choice
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache
from anim_studio.cli.reports import Reporter
from anim_studio.cli.rewrite import show_diff
from anim_studio.cli.terminal import Terminal, open_terminal

if TYPE_CHECKING:
    from anim_studio.diffing.sides import Read
    from anim_studio.diffing.told import Told


def diff(
    *films: Annotated[str, Parameter(name="FILM|REVISION")],
    format: Annotated[Literal["text", "json", "markdown"], Parameter(metavar="text|json|markdown")] = "text",
    json: bool = False,
    picture: Annotated[Path | None, Parameter(metavar="PATH")] = None,
    exit_code: Annotated[bool, Parameter(name="--exit-code")] = False,
    git: bool = False,
    textconv: bool = False,
    choice: Choice = EVERYTHING,
    cache: Cache = None,
) -> int:
    """Say what changed in a film: its curves, prompts, scenes and media, and how much of it re-renders.

    Parameters
    ----------
    films
        Two films; or one, which is compared with git's HEAD; or a revision (HEAD~1, main..HEAD) and a film.
    format
        For people, for programs, or for a pull request.
    json
        The same as --format json.
    picture
        A .png or .svg file: the curves that changed, both versions over each other.
    exit_code
        End with code 1 if the films differ, as `git diff --exit-code` does.
    git
        Be a git diff driver: take git's seven arguments. See docs/git.md.
    textconv
        Compare nothing: list what one film says, a setting or key a line, for git's textconv.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    if textconv:
        return _listed(films, terminal)
    if picture is not None and picture.suffix not in (".png", ".svg"):
        raise Stop(Exit.USAGE, f"a chart cannot be written as `{picture.suffix}`", "name a .png or .svg file")
    run = _Run(environment, terminal, choice)
    if git:
        return run.driven(films)
    with ExitStack() as stack:
        told = run.compared(run.read(films, stack))
        run.tell(told, "json" if json else format)
        if picture is not None:
            run.draw(told, picture)
    if told.has_errors:
        return Exit.FILM_ERRORS
    return Exit.FILM_ERRORS if exit_code and told.is_different else Exit.DONE


def _listed(films: tuple[str, ...], terminal: Terminal) -> int:
    """Writes a film as `git diff` compares it: its settings and keys, or its text if it has syntax errors."""
    from anim_dsl.listing import listing
    from anim_dsl.source import Source
    from anim_studio.merging.handed import read

    if len(films) != 1:
        raise Stop(Exit.USAGE, "`--textconv` takes one film", "write `anim diff --textconv FILM`")
    text = read(Path(films[0]))
    told = listing(Source(films[0], text))
    lines = (text.replace("\r\n", "\n") if told is None else told).split("\n")
    terminal.out.write("\n".join(escaped(line) for line in lines))
    return Exit.DONE


@dataclass(frozen=True, slots=True)
class _Run:
    """One comparison."""

    environment: Environment
    terminal: Terminal
    choice: Choice

    def read(self, words: tuple[str, ...], stack: ExitStack) -> tuple[Read, Read]:
        """Both films' texts; what a revision holds is there as long as the stack is open."""
        from anim_studio.diffing.places import places
        from anim_studio.diffing.sides import reading

        first, second = places(words)
        before = stack.enter_context(reading(first, self.environment))
        after = stack.enter_context(reading(second, self.environment))
        if before.source is None and after.source is None:
            raise Stop(Exit.USAGE, f"there is no `{before.label}` and no `{after.label}`")
        return before, after

    def compared(self, films: tuple[Read, Read]) -> Told:
        """The films checked, compiled with the same options, and compared."""
        from anim_studio.diffing.comparing import compared

        return compared(films, self.choice, self.environment)

    def tell(self, told: Told, format: str) -> None:
        """Writes the result in a format; what was not as it was asked for, on standard error."""
        for one in (told.before, told.after):
            for path in one.read.borrowed:
                self.terminal.note(f"`{path}` is not in `{one.read.label}`: the work tree's is taken")
        if format == "json":
            from anim_studio.diffing.as_json import as_json

            self.terminal.say(as_json(told))
        elif format == "markdown":
            from anim_studio.diffing.as_markdown import as_markdown

            self.terminal.say(as_markdown(told))
        else:
            self._text(told, self.terminal)

    def _text(self, told: Told, terminal: Terminal) -> None:
        from anim_studio.diffing.as_text import as_text

        columns = shutil.get_terminal_size().columns
        for one in (told.before, told.after):
            if one.errors:
                terminal.note(f"{one.read.label}:")
                Reporter(terminal).tell(one.errors)
        for line in as_text(told, terminal, columns):
            terminal.say(line)
        if told.has_errors:
            before, after = (one.read.source for one in (told.before, told.after))
            texts = ["" if source is None else source.text for source in (before, after)]
            show_diff(told.after.read.label, texts[0], texts[1], terminal)

    def draw(self, told: Told, path: Path) -> None:
        """Writes the picture of the changed curves, if there are any."""
        from anim_studio.diffing.picture import draw

        labels = (told.before.read.label, told.after.read.label)
        count = 0 if told.difference is None else draw(told.difference, labels, path)
        if count:
            self.terminal.note(f"{self.terminal.paint_note('✓', 'green')} {escaped(str(path))}")
        else:
            why = "the films cannot be compared" if told.has_errors else "no curve changed"
            self.terminal.note(f"{why}, so `{escaped(str(path))}` is not written")

    def driven(self, words: tuple[str, ...]) -> int:
        """Called by git for one film. Git stops at another code than 0, so what is wrong is only told."""
        from anim_studio.diffing import driver

        colour = self.environment.colour
        terminal = open_terminal(driver.is_paged() or None if colour is None else colour)
        handed = driver.handed(words)
        if handed is None:
            terminal.say(f"{words[0]}: it has conflicts, which git shows without `--ext-diff`")
            return Exit.DONE
        try:
            with ExitStack() as stack:
                films = [stack.enter_context(driver.reading(handed, i, self.environment)) for i in (0, 1)]
                self._text(self.compared((films[0], films[1])), terminal)
        except Stop as stop:
            terminal.complain(stop.message, stop.hint)
        return Exit.DONE
