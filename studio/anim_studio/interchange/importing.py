"""Which format a file is of, and the film that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anim_dsl.nearest import nearest
from anim_studio.interchange.formats import IMPORTS, Format, importer
from anim_studio.interchange.imported import Given, Imported, NotThisFormat, text_of
from anim_studio.interchange.picture_text import is_picture


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was read: as which format, and what became of it."""

    format: Format
    made: Imported


class UnknownFormat(Exception):
    """There is no such format; `hint` says what there is."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no format `{name}` to import from")
        names = [format.name for format in IMPORTS]
        near = nearest(name, names)
        self.hint = f"did you mean `{near}`?" if near else f"it is one of {', '.join(names)}"


def format_named(name: str) -> Format:
    """A format by its name. Raises UnknownFormat."""
    for format in IMPORTS:
        if format.name == name:
            return format
    raise UnknownFormat(name)


def imported(given: Given, format: Format | None = None) -> Import:
    """The film that a file becomes, by its content unless the format is said. Raises NotThisFormat."""
    found = format or _recognised(given)
    return Import(found, importer(found).read(given))


def _recognised(given: Given) -> Format:
    for format in IMPORTS:
        if importer(format).looks_like(given):
            return format
    raise NotThisFormat(_nothing_in(given))


def _nothing_in(given: Given) -> str:
    """Why a file is of no format, as near as can be said."""
    if not given.data.strip():
        return "it is empty"
    if given.name.lower().endswith(".anim"):
        return "it is called as films are, which need no importing"
    if is_picture(given.data):
        return "the picture carries neither `parameters` nor a workflow; many sites and editors take them out"
    text_of(given)
    return "it is none of the formats that are known here"


def as_document(given: Given, found: Import, film: Path) -> dict[str, Any]:
    """What is known of one file, for programs."""
    made = found.made
    return {
        "file": given.name,
        "format": found.format.name,
        "film": str(film) if made.text else None,
        "beside": sorted(made.beside),
        "remarks": [
            {"fate": remark.fate.value, "what": remark.what, "says": remark.says} for remark in made.remarks
        ],
        "diagnostics": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "line": each.source.place(each.span.start).line,
                "column": each.source.place(each.span.start).column,
                "message": each.message,
                "hint": each.hint,
            }
            for each in made.diagnostics
        ],
    }
