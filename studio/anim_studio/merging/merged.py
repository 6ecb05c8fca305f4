"""A merge that is checked: mistakes that neither side made are conflicts, where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.merge import Id, Marking, Merged, merge, merge_lines, path_at
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.visible import escaped

_ROUNDS = 4
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Result:
    """The merged text, the number of conflicts in it, and what is to be told; `is_open` is whether somebody
    has to look before it is a film.
    """

    text: str
    conflicts: int
    told: tuple[str, ...]
    is_open: bool


def merged(texts: tuple[str, str, str], path: Path, marking: Marking, cache: Path) -> Result:
    """The merge of base, ours and theirs, as the film at `path`."""
    try:
        return _merged(texts, path, marking, World.open(path, cache=cache))
    # a mistake of ours must not leave one side's work out of the file, as if it had never been
    except Exception as error:
        why = f"anim met something it did not expect, which is a bug of it: {type(error).__name__}: {error}"
        return _result(merge_lines(*texts, why, marking=marking), [], is_open=False)


def _merged(texts: tuple[str, str, str], path: Path, marking: Marking, world: World) -> Result:
    name = path.name
    found = merge(*texts, marking=marking)
    contested: set[tuple[Id, ...]] = set()
    new: list[Diagnostic] = []
    known = None
    for _ in range(_ROUNDS):
        if found.conflicts or found.by_lines:
            break
        if known is None:
            if found.text in texts[1:]:
                break
            known = {_said(each) for text in texts[1:] for each in _errors(text, name, world)}
        new = [each for each in _errors(found.text, name, world) if _said(each) not in known]
        paths = {place for each in new for place in _places(each, name, found.text)} - contested
        if not paths:
            break
        contested |= paths
        found = merge(*texts, marking=marking, contested=contested)
    told = [f"together the two versions have a mistake that neither has alone: {_line(each)}" for each in new]
    if new and not found.conflicts:
        told.append("no statement can be marked for it: look at the film before it is committed")
    return _result(found, told, is_open=bool(new))


def _result(found: Merged, told: list[str], *, is_open: bool) -> Result:
    lines = [f"merged line by line, because {found.by_lines}"] if found.by_lines else []
    lines += [*told, *_conflicts(found), *found.notes]
    count = len(found.conflicts)
    return Result(found.text, count, tuple(escaped(line) for line in lines), is_open or count > 0)


def _errors(text: str, name: str, world: World) -> tuple[Diagnostic, ...]:
    """What is wrong with a film before anything is heard or rendered."""
    from anim_compiler.check import check

    document, wrong = parse(Source(name, text.removeprefix("\ufeff")))
    _, more = check(document, world)
    return tuple(each for each in dict.fromkeys((*wrong, *more)) if each.severity is Severity.ERROR)


def _said(found: Diagnostic) -> tuple[str, str]:
    """A mistake as it is known again in another version, where it may have other numbers."""
    return found.code, re.sub(r"\d+(?:\.\d+)?", "0", found.message)


def _places(found: Diagnostic, name: str, text: str) -> Iterator[tuple[Id, ...]]:
    """The items that a mistake is about."""
    if found.source.name != name:
        return
    plain = text.removeprefix("\ufeff")
    for span in (found.span, *(label.span for label in found.labels if label.source is None)):
        path = path_at(plain, span.start)
        if path:
            yield path


def _line(found: Diagnostic) -> str:
    hint = f" ({found.hint})" if found.hint else ""
    return f"{found.message}{hint}"


def _conflicts(found: Merged) -> list[str]:
    """A line for each conflict, of so many as somebody reads."""
    lines = []
    for conflict in found.conflicts[:_MOST_TOLD]:
        if not conflict.what:
            continue
        if not conflict.ours or not conflict.theirs:
            side, other = ("ours", "theirs") if conflict.ours else ("theirs", "ours")
            alone = f"{side} changed it, and {other} removed it"
            lines.append(f"{conflict.what}: {alone if conflict.base else f'only {side} has it'}")
        else:
            verb = "changed" if conflict.base else "added"
            lines.append(f"{conflict.what}: both sides {verb} it")
    return lines
