"""The answer to a shell that asks what may stand at the cursor."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from anim_studio.completing.candidates import candidates
from anim_studio.completing.line import Line, split
from anim_studio.completing.values import Candidate

#: what bash takes words apart at, so that it replaces only what stands behind the last of them
_BREAKS = "=:"
_SPECIAL = re.compile(r"[^\w./=:,+@%~-]")
_IN_DOUBLE = re.compile(r'["\\$`]')
_ESCAPED = r"\\\g<0>"


def answer(words: Sequence[str]) -> int:
    """Prints candidates, one a line: the word, a tab and what it means. `words` are the shell and the line.

    bash gives the line up to the cursor as one text; zsh and fish give its words, the last being written.
    Whatever goes wrong, nothing is said: a message would stand in the middle of what is being typed.
    """
    shell, *rest = words or ("",)
    line = split("".join(rest[:1])) if shell == "bash" else Line(tuple(rest[:-1]), "".join(rest[-1:]))
    try:
        found = candidates(line)
    except Exception:
        return 0
    told = _for_bash if shell == "bash" else _with_meaning
    sys.stdout.write("".join(f"{told(one, line)}\n" for one in found))
    return 0


def _with_meaning(one: Candidate, _: Line) -> str:
    """For zsh and fish, whose lines are made of whole words."""
    return f"{one.word}\t{' '.join(one.says.split())}"


def _for_bash(one: Candidate, line: Line) -> str:
    """What bash is to put in place of the word, or of what it has not left behind already."""
    if line.quote:
        # bash closes the quote itself, behind all that is given
        word = one.word[line.before_quote :]
        return word if line.quote == "'" else _IN_DOUBLE.sub(_ESCAPED, word)
    cut = max(line.current.rfind(sign) + 1 for sign in _BREAKS)
    word = _SPECIAL.sub(_ESCAPED, one.word[cut:])
    return word if one.is_open else f"{word} "
