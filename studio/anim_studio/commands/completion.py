"""`anim completion`: what may be written next, for the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment, shell_name
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.terminal import Terminal, open_terminal
from anim_studio.completing.scripts import SCRIPTS, Shell, place_of


def completion(
    shell: Annotated[Shell | None, Parameter(name="bash|zsh|fish")] = None, /, *, install: bool = False
) -> int:
    """Complete commands, options, scenes, variants, settings and films on the Tab key.

    Parameters
    ----------
    shell
        The shell; $SHELL unless given.
    install
        Write the script to where the shell looks for it, instead of printing it.
    """
    terminal = open_terminal(read_environment().colour)
    chosen = shell or _own_shell()
    if not install:
        terminal.out.write(SCRIPTS[chosen])
        return Exit.DONE
    path = place_of(chosen, Path.home())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SCRIPTS[chosen], encoding="utf-8", newline="\n")
    terminal.say(f"{terminal.paint('✓', 'green')} wrote `{path}`")
    _tell(chosen, path, terminal)
    return Exit.DONE


def _own_shell() -> Shell:
    named = shell_name()
    known: dict[str, Shell] = {shell: shell for shell in SCRIPTS}
    found = known.get(named or "")
    if found is None:
        raise Stop(Exit.USAGE, "`completion` needs a shell", "write `anim completion bash`, `zsh` or `fish`")
    return found


def _tell(shell: Shell, path: Path, terminal: Terminal) -> None:
    match shell:
        case "bash":
            terminal.say("  open a new shell; without the package bash-completion, add to ~/.bashrc:")
            terminal.say(f"  source {path}")
        case "zsh":
            terminal.say("  add to ~/.zshrc, above `compinit`, and open a new shell:")
            terminal.say(f"  fpath=({path.parent} $fpath); autoload -Uz compinit; compinit")
        case "fish":
            terminal.say("  open a new shell")
