"""`anim models login`: a token for a site, kept where passwords are kept."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.terminal import open_terminal
from anim_studio.fetching.tokens import NAMES, PAGES, TokenSite, keep, origin_of_token


def login(site: Annotated[TokenSite, Parameter(name="SITE")], /) -> int:
    """Keep a token of Civitai or Hugging Face in the keyring of this machine.

    It is asked for, or read from standard input: on the command line others could see it.

    Parameters
    ----------
    site
        civitai or hf.
    """
    terminal = open_terminal(read_environment().colour)
    if sys.stdin.isatty():
        from getpass import getpass

        terminal.note(f"make a token at {PAGES[site]}, and copy it here; it is not shown")
        token = getpass("token: ", stream=terminal.err)
    else:
        token = sys.stdin.readline(4096)
    keep(site, token)
    terminal.say(f"{terminal.paint('✓', 'green')} the token of {NAMES[site]} is in the keyring")
    found = origin_of_token(site)
    if found.startswith("$"):
        terminal.note(
            f"note: `{found[1:]}` is set, and counts before it; unset {found[1:]} to use the new one"
        )
    return Exit.DONE
