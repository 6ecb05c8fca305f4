"""`docs/import.md`: written by hand, but for the tables between its marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from anim_studio.interchange.formats import IMPORTS
from tools.interchange import deforum
from tools.reference.markdown import code, table

PAGE = Path(__file__).parents[2] / "docs" / "import.md"
_MARKS = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page() -> str:
    """The page as it should be. Raises KeyError for a mark that is not known."""
    return _MARKS.sub(
        lambda match: f"{match[1]}\n{_TABLES[match[2]]()}\n\n{match[3]}", PAGE.read_text(encoding="utf-8")
    )


def formats() -> str:
    """The formats, in the order in which a file is tried."""
    return table(("`--from`", "what it is"), ((code(each.name), each.says) for each in IMPORTS))


_TABLES: Mapping[str, Callable[[], str]] = MappingProxyType({"formats": formats, "deforum": deforum.tables})
