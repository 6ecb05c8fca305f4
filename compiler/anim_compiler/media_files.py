"""Videos, masks and files of times: what is behind their statements."""

from __future__ import annotations

from anim_compiler.expressions import Expressions
from anim_compiler.levels import Collected
from anim_compiler.world import Problem, World
from anim_dsl.syntax import Name, Text, Word


def read(check: Expressions, found: Collected, world: World) -> None:
    """Registers every clip and mask; files of times and curves are looked for, and said to be for later."""
    for word, statement in found.statements:
        if word == "video":
            from anim_compiler.clips import clip

            made = clip(check, statement, world)
            if made is not None:
                check.scope.clips[made.name] = made
    for word, statement in found.statements:
        if word == "mask":
            _mask(check, statement, world)
        elif word == "lyrics":
            from anim_compiler.sung import read as read_lyrics

            read_lyrics(check, statement, world)
        elif word in ("markers", "midi", "series"):
            _later(check, statement, word, world)


def _mask(check: Expressions, statement: Word, world: World) -> None:
    from anim_compiler.masks import mask

    made = mask(check, statement, world)
    if made is None:
        return
    name = made.mask.name
    check.scope.masks[name] = made.mask
    if made.still is not None:
        check.scope.stills[name] = made.still
    if made.clip is not None:
        check.scope.clips[name] = made.clip


def _later(check: Expressions, statement: Word, word: str, world: World) -> None:
    """One message for a statement that this version reads and does not do."""
    head = statement.head[0] if len(statement.head) == 1 else None
    if isinstance(head, Name):
        check.scope.missing.add(head.text)
    if not isinstance(head, Name) or not isinstance(statement.value, Text) or not statement.value.plain:
        hint = f'write `{word} NAME = "path"`'
        check.findings.error("E2011", statement.word.span, f"`{word}` needs a name and a path", hint=hint)
        return
    path = world.resolve(statement.value.plain)
    if isinstance(path, Problem):
        check.findings.error(path.code, statement.value.span, path.message, hint=path.hint)
        return
    check.findings.error(
        "E2009",
        statement.word.span,
        f"`{word}` is not in this version yet",
        hint="write its times as `let drop = 12s`, its curves as key lists",
    )
