"""`anim explain`: what a code, a setting, a function or any other word of the language means."""

from __future__ import annotations

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal, shows_unicode
from anim_studio.explain.layout import WIDTH, Style


def explain(*name: str) -> int:
    """Explain a diagnostic, a setting, a function or a statement.

    Parameters
    ----------
    name
        What to explain, like `E3003`, `strength`, `camera.zoom`, `smooth` or `camera`; the lists without.
    """
    from anim_studio.explain.find import close, meanings
    from anim_studio.explain.show import lines_of, overview

    terminal = open_terminal(read_environment().colour)
    style = _style(terminal)
    if not name:
        terminal.say("\n".join(overview(style)))
        return Exit.DONE
    wanted = " ".join(name)
    found = meanings(wanted)
    if not found:
        near = close(wanted)
        hint = f"did you mean `{near}`?" if near else "`anim explain` lists what can be explained"
        raise Stop(Exit.USAGE, f"nothing in the language is called `{wanted}`", hint)
    line = style.paint("\n" + ("-" if style.plain else "─") * WIDTH + "\n", "dim")
    terminal.say(
        f"{line}\n".join("\n".join(lines_of(style, meaning)) + "\n" for meaning in found).rstrip("\n")
    )
    return Exit.DONE


def _style(terminal: Terminal) -> Style:
    return Style(terminal.paint, plain=not shows_unicode(terminal.out), colour=terminal.out_colour)
