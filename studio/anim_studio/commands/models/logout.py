"""`anim models logout`: a site's token is forgotten."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Exit
from anim_studio.cli.terminal import open_terminal
from anim_studio.fetching.tokens import NAMES, TokenSite, forget, origin_of_token


def logout(site: Annotated[TokenSite, Parameter(name="SITE")], /) -> int:
    """Forget the token of a site.

    Parameters
    ----------
    site
        civitai or hf.
    """
    terminal = open_terminal(read_environment().colour)
    was_there = forget(site)
    terminal.say(
        f"{terminal.paint('✓', 'green')} the token of {NAMES[site]} is out of the keyring"
        if was_there
        else f"there was no token of {NAMES[site]} in the keyring"
    )
    found = origin_of_token(site)
    if found:
        terminal.note(f"note: `{found.removeprefix('$')}` still holds one")
    return Exit.DONE
