"""What settings of other programs are called here; read only where an unknown name is met."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from anim_dsl.settings import ALIASES, SETTINGS
from anim_grammar.files import read_toml


def foreign(name: str) -> str:
    """The hint for a name that Deforum, Parseq, A1111 or another program has, or an empty one.

    `"max_frames"` gives "`max_frames` is Deforum's: write `length = 120f` at the top". Numbered names
    (`cn_2_weight`) are known by their first, families (`wan_…`) by their beginning.
    """
    found = _found(name)
    if found is not None:
        program, hint = found
        is_ours = any(own == name for _, own in SETTINGS)
        return hint if is_ours or program == "other programs" else f"`{name}` is {program}'s: {hint}"
    homes = [block for block, alias in ALIASES if alias == name]
    if not homes:
        return ""
    block = homes[0]
    return f"`{name}` stands in `{block} {{ }}`" if block != "film" else f"`{name}` stands at the top"


def _found(name: str) -> tuple[str, str] | None:
    """A name's row: its own, that of its first number, or that of the longest beginning."""
    table = _table()
    first = re.sub(r"[0-9]+(?![a-z])", "1", name)
    # no further than names of the table go: a name may be as long as a film
    ends = range(min(len(first), _longest()), 2, -1)
    return (
        table.get(name)
        or table.get(first)
        or next((table[f"{first[:end]}*"] for end in ends if f"{first[:end]}*" in table), None)
    )


@cache
def _longest() -> int:
    """Letters of the table's longest name."""
    return max(map(len, _table()))


@cache
def _table() -> Mapping[str, tuple[str, str]]:
    """Names of other programs: the program's name and the hint."""
    rows = read_toml("foreign").items()
    return MappingProxyType(
        {name: (program, hint) for program, names in reversed(list(rows)) for name, hint in names.items()}
    )
