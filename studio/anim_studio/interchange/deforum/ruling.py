"""A Parseq document that stands in the settings: its curves, prompts and clock rule, as in Deforum."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from anim_dsl.diagnostic import Severity
from anim_studio.interchange import parseq
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.film_text import Item, checked, film_text
from anim_studio.interchange.imported import Fate, Given, NotThisFormat
from anim_studio.interchange.parseq.fields import FIELDS

#: files of the settings that are not beside the film while it is tried
_NO_FILE = "E400"
_NAMES = {"seed": "seed_schedule", "near": "near_schedule", "far": "far_schedule"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What Parseq rules, and whether Deforum's own clock stays: its rate, its length, its cadence."""

    parts: parseq.Parts
    keeps_clock: bool


def ruling(settings: Settings) -> Ruling | None:
    """What a document in `parseq_manifest` rules; None if there is none. What Deforum stops at in it is kept
    as the settings' diagnostic.
    """
    manifest = settings.text("parseq_manifest")
    if not manifest.startswith("{") or settings.mode == "I":
        return None
    name = f"{settings.source.name}: parseq_manifest"
    given = Given(manifest.encode("utf-8", "replace"), name, settings.folder, settings.stem)
    keeps_clock = not settings.flag("parseq_non_schedule_overrides")
    try:
        parts = parseq.curves(
            given,
            use_deltas=settings.flag("parseq_use_deltas"),
            axes=3 if settings.mode == "3" else 2,
            fps=max(0.1, min(240.0, settings.number("fps"))) if keeps_clock else None,
        )
    except parseq.DocumentError as error:
        settings.diagnostics.append(error.diagnostic)
        return None
    except NotThisFormat:
        return None
    return Ruling(parts, keeps_clock)


def ruled(items: Sequence[Item], found: Ruling, settings: Settings) -> str:
    """The film with what Parseq rules in place of the settings' own."""
    text = film_text(parseq.over(items, found.parts, keeps_clock=found.keeps_clock), settings.stem)
    _prove(text, found, settings.stem)
    _tell(found, settings)
    return text


def _prove(text: str, found: Ruling, stem: str) -> None:
    """ValueError if the two do not go together, which is a bug of the importers."""
    with TemporaryDirectory(prefix="anim-import-") as folder:
        for name, data in found.parts.beside.items():
            (Path(folder) / name).write_bytes(data)
        wrong = [each for each in checked(text, Path(folder), stem) if each.severity is Severity.ERROR]
    error = next((each for each in wrong if not each.code.startswith(_NO_FILE)), None)
    if error is not None:
        raise ValueError(f"the film made of `{stem}` has an error: {error.message}")


def _tell(found: Ruling, settings: Settings) -> None:
    """What became of the schedules that Parseq rules, and of what its document says."""
    parts = found.parts
    for name in parts.values:
        own = FIELDS[name].setting if name in FIELDS else ""
        settings.say(Fate.IGNORED, _NAMES.get(name, own), "Parseq's document rules it")
    if parts.prompt is not None:
        settings.say(Fate.IGNORED, "prompts", "Parseq's document rules it")
    settings.remarks += [replace(each, what=f"parseq_manifest {each.what}") for each in parts.remarks]
    if found.keeps_clock and settings.frames > parts.frames:
        says = f"Deforum repeats the last of its {parts.frames} frames; here its formulas go on"
        settings.say(Fate.CHANGED, "parseq_non_schedule_overrides", says)


def is_json(manifest: str) -> bool:
    """Whether a manifest is a document itself, not the address of one."""
    try:
        return manifest.startswith("{") and isinstance(json.loads(manifest), dict)
    except (ValueError, RecursionError):
        return False
