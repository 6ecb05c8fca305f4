"""The tables of formats: each is one module, which is imported when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from anim_studio.interchange.exported import Exported, Exporting
    from anim_studio.interchange.imported import Given, Imported


class Importer(Protocol):
    """What the module of a format that is read has."""

    def looks_like(self, given: Given) -> bool:
        """Whether the file is of this format; by its content, never by its name alone."""
        ...

    def read(self, given: Given) -> Imported:
        """The film. Raises `NotThisFormat`; what is wrong inside the format comes back as diagnostics."""
        ...


class Exporter(Protocol):
    """What the module of a format that is written has."""

    def write(self, film: Exporting) -> Exported:
        """The film in that format, with what it cannot say told as remarks."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A row: what `--from` and `--to` call it, its module, and what it is in a few words."""

    name: str
    module: str
    says: str


#: in the order in which a file is tried, the most telling first
IMPORTS = (
    Format(
        "a1111",
        "anim_studio.interchange.a1111",
        "`parameters` of A1111 and its like, in a picture or as text",
    ),
    Format("parseq", "anim_studio.interchange.parseq", "a Parseq manifest or document, JSON"),
    Format("deforum", "anim_studio.interchange.deforum", "Deforum's settings, `.txt` or JSON"),
    Format("comfyui", "anim_studio.interchange.comfyui", "a ComfyUI workflow, as a file or in a picture"),
    Format("animatediff", "anim_studio.interchange.animatediff", "a prompt travel of the AnimateDiff CLI"),
    Format("fizznodes", "anim_studio.interchange.fizznodes", "a batch prompt or value schedule of FizzNodes"),
)

EXPORTS = (
    Format("deforum", "anim_studio.interchange.to_deforum", "Deforum's settings, `.txt`"),
    Format("fizznodes", "anim_studio.interchange.to_fizznodes", "batch prompt and value schedules"),
    Format("comfyui", "anim_studio.interchange.to_comfyui", "an API workflow of a frame or a segment, JSON"),
    Format("otio", "anim_studio.interchange.to_otio", "a timeline with scenes and markers, OpenTimelineIO"),
    Format("csv", "anim_studio.interchange.to_csv", "every curve, a line a frame"),
    Format("json", "anim_studio.interchange.to_json", "every curve, prompt and scene, JSON"),
)


def importer(format: Format) -> Importer:
    """The module that reads a format."""
    module: Any = import_module(format.module)
    return cast(Importer, module)


def exporter(format: Format) -> Exporter:
    """The module that writes a format."""
    module: Any = import_module(format.module)
    return cast(Exporter, module)
