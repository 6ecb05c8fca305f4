"""`anim explain`: what a code, a setting, a function or any other word of the language means, and what the
compiler makes of a film.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter, Token

from anim_dsl.visible import json_escaped
from anim_studio.cli.choice import Choice
from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache, Define
from anim_studio.cli.terminal import Terminal, open_terminal, shows_unicode
from anim_studio.cli.variants import VariantName
from anim_studio.explain.layout import WIDTH, Style

if TYPE_CHECKING:
    from anim_compiler.explain_passes import Step
    from anim_studio.explain.passes import Subject


def _flag_or_word(_: object, tokens: Sequence[Token]) -> bool | str:
    """`--passes` as a flag, or with the name of a pass: `--passes=fuse`."""
    token = tokens[0]
    return True if token.implicit_value is True or not token.value else token.value


def explain(
    *name: str,
    passes: Annotated[bool | str, Parameter(converter=_flag_or_word, metavar="[PASS]")] = False,
    format: Annotated[Literal["text", "json"], Parameter(metavar="text|json")] = "text",
    json: bool = False,
    variant: VariantName = None,
    define: Define = (),
    cache: Cache = None,
) -> int:
    """Explain a diagnostic, a setting, a function or a statement; or what becomes of a film.

    Parameters
    ----------
    name
        What to explain, like `E3003`, `strength`, `camera.zoom`, `smooth` or `camera`; the lists without.
    passes
        What each pass of the compiler does to this film, and what it saves; `--passes=fuse` shows the lines
        that one of them changes.
    format
        How the passes are told.
    json
        The same as --format json.
    """
    environment = read_environment(cache=cache)
    terminal = open_terminal(environment.colour)
    style = Style(terminal.paint, plain=not shows_unicode(terminal.out), colour=terminal.out_colour)
    if isinstance(passes, str) and not name:
        # the film stands behind the flag: `anim explain --passes film.anim`
        name, passes = (passes,), True
    if passes is False:
        return _words(name, style, terminal)
    if len(name) != 1:
        raise Stop(Exit.USAGE, "`--passes` needs one film", "write `anim explain film.anim --passes`")
    found = _passes(Path(name[0]), Choice(variant=variant, define=define), cache, terminal)
    if isinstance(found, Exit):
        return found
    _tell(*found, passes if isinstance(passes, str) else "", "json" if json else format, style, terminal)
    return Exit.DONE


def _words(name: tuple[str, ...], style: Style, terminal: Terminal) -> int:
    """Words of the language; all that there are without any."""
    from anim_studio.explain.find import close, meanings
    from anim_studio.explain.show import lines_of, overview

    if not name:
        terminal.say("\n".join(overview(style)))
        return Exit.DONE
    wanted = " ".join(name)
    found = meanings(wanted)
    if not found:
        near = close(wanted)
        hint = f"did you mean `{near}`?" if near else "`anim explain` lists what can be explained"
        if wanted.endswith(".anim"):
            hint = f"`anim explain {wanted} --passes` says what the compiler makes of a film"
        raise Stop(Exit.USAGE, f"nothing in the language is called `{wanted}`", hint)
    line = style.paint("\n" + ("-" if style.plain else "─") * WIDTH + "\n", "dim")
    terminal.say(
        f"{line}\n".join("\n".join(lines_of(style, meaning)) + "\n" for meaning in found).rstrip("\n")
    )
    return Exit.DONE


def _passes(
    film: Path, choice: Choice, cache: Path | None, terminal: Terminal
) -> tuple[Subject, tuple[Step, ...]] | Exit:
    """A film and the steps of its compilation; what to end with if it has errors, which are told."""
    from anim_studio.cli.reports import Reporter

    environment = read_environment(cache=cache)
    loaded = choice.load(film, environment)
    reporter = Reporter(terminal)
    if loaded.film is None or loaded.has_errors:
        reporter.tell(loaded.diagnostics)
        return max(loaded.exit, Exit.FILM_ERRORS)
    from anim_compiler.compile import staged
    from anim_compiler.explain_passes import explained
    from anim_studio.explain.passes import Subject

    made = staged(loaded.film, loaded.world)
    reporter.tell((*loaded.diagnostics, *made.diagnostics))
    if not made.graphs:
        return Exit.FILM_ERRORS
    checked = loaded.film
    names = tuple(shot.name for shot in checked.shots)
    subject = Subject(film.name, checked.frames, checked.width, checked.height, names)
    return subject, explained(made.graphs, checked.width, checked.height)


def _tell(
    film: Subject, steps: tuple[Step, ...], only: str, format: str, style: Style, terminal: Terminal
) -> None:
    from anim_studio.explain.passes import as_json, detail, table

    names = [step.name for step in steps]
    if only and only not in names:
        said = ", ".join(f"`{name}`" for name in names)
        raise Stop(Exit.USAGE, f"there is no pass called `{only}`", f"the passes are {said}")
    if format == "json":
        import json

        terminal.say(json_escaped(json.dumps(as_json(film, steps, only), indent=1, ensure_ascii=False)))
        return
    if not only:
        terminal.say("\n".join(table(style, film, steps)))
        return
    place = names.index(only)
    before = steps[place - 1] if place else None
    terminal.say("\n".join(detail(style, film, before, steps[place])))
