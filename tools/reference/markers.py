"""What stands in braces in a chapter.

`{{units}}` is a table; `{{suite NAME}}` is a film of the test suite, `{{piece NAME}}` one that is only read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from tools.reference import functions, settings, standard
from tools.reference.markdown import fence

SUITE = Path(__file__).parents[2] / "tests" / "suite"
_MARKER = re.compile(r"^\{\{(\w+)(?: (\S+))?\}\}$", re.MULTILINE)
_EXPECTED = re.compile(r"^# (?:error|warning|note) \d+:\d+-\d+:\d+ .*\n", re.MULTILINE)


def filled(text: str) -> str:
    """A chapter with its markers replaced. Raises KeyError for one that is not known."""
    return _MARKER.sub(lambda match: _marker(match[1], match[2]), text)


def section(name: str) -> str:
    """A section of the suite as a fence, without its expectations. Raises KeyError for an unknown one.

    One that is only parsed, or that expects a diagnostic, is a piece of a film and not a whole one.
    """
    head = re.compile(rf"^--- {re.escape(name)} (\w+) ---\n(.*?)(?=^--- |\Z)", re.MULTILINE | re.DOTALL)
    for path in sorted(SUITE.glob("*.anim")):
        match = head.search(path.read_text(encoding="utf-8"))
        if match is not None:
            text = _EXPECTED.sub("", match[2])
            return fence(text.strip("\n"), "anim" if match[1] == "check" and text == match[2] else "anim bit")
    raise KeyError(name)


def _marker(name: str, argument: str | None) -> str:
    if argument is None:
        return _TABLES[name]()
    return section(argument) if name == "suite" else section(argument).replace("```anim\n", "```anim bit\n")


_TABLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "units": settings.units,
        "names": settings.names,
        "operators": settings.operators,
        "features": functions.features,
        "deforum": settings.deforum,
        "ops": standard.ops,
        "pipelines": standard.pipelines,
        "std": standard.standard,
    }
)
