"""Who colours the text of films on a terminal, if anyone; Pygments is imported for a terminal only."""

from __future__ import annotations

from collections.abc import Callable


def painter(*, colour: bool) -> Callable[[str], str] | None:
    """What colours the text of films, or None for a terminal, a file or a pipe without colours."""
    if not colour:
        return None
    from anim_studio.lexing.painted import painted

    return painted
