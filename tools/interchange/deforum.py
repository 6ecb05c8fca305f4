"""Every parameter of Deforum as tables: where it acts, what becomes of it, and what to write here."""

from __future__ import annotations

from collections.abc import Iterator

from anim_dsl.foreign import foreign
from anim_studio.interchange.deforum.param import MODES, Param
from anim_studio.interchange.deforum.params import GROUPS, RENAMED
from anim_studio.interchange.imported import Fate
from tools.reference.markdown import code, table

_HEAD = ("parameter", "acts in", "becomes", "here")


def tables() -> str:
    """A table for each part of Deforum, and one of older names."""
    parts = [f"### {name}\n\n{table(_HEAD, (_row(row) for row in rows))}" for name, rows in GROUPS.items()]
    older = table(("older name", "today"), ((code(old), code(new)) for old, new in RENAMED.items()))
    return "\n\n".join([_count(), *parts, f"### Older names\n\n{older}"])


def _count() -> str:
    """How many parameters Deforum itself has, and what becomes of how many."""
    own = [row for rows in list(GROUPS.values())[:3] for row in rows]
    shown = ", ".join(f"{sum(row.fate is fate for row in own)} {fate.value}" for fate in Fate)
    return f"Of the {len(own)} parameters of Deforum's own dictionaries: {shown}."


def _row(row: Param) -> tuple[str, str, str, str]:
    return (code(row.name), _modes(row), row.fate.value, "; ".join(_here(row)))


def _modes(row: Param) -> str:
    if row.modes == "23VI":
        return "all modes"
    return ", ".join(MODES[letter] for letter in row.modes) or "none"


def _here(row: Param) -> Iterator[str]:
    hint = foreign(row.name).removeprefix("leave it away: ").removeprefix("leave it away")
    hint = hint.partition(": ")[2] if hint.startswith(f"`{row.name}` is ") else hint
    hint = hint.removeprefix("leave it away: ")
    if hint and hint not in row.note and not (row.note and _is_of_family(row)):
        yield hint
    if row.note and (row.note not in hint or hint in row.note):
        yield row.note
    if row.switch:
        yield f"where {code(row.switch)} is on"


def _is_of_family(row: Param) -> bool:
    """Whether a hint is not the name's own, but that of all names that begin like it."""
    family = row.name[: row.name.rfind("_") + 1]
    return foreign(row.name).partition(": ")[2] == foreign(f"{family}of_no_name").partition(": ")[2]
