"""Films as exporters are given them, and schedules as Deforum reads them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_dsl.schedule import evaluate
from anim_studio.cli.build import Overrides
from anim_studio.cli.load import load
from anim_studio.interchange.exported import Exported, Exporting, Folders
from anim_studio.interchange.exporting import exporting
from anim_studio.interchange.formats import EXPORTS, exporter

FORMATS = {format.name: format for format in EXPORTS}


def opened(folder: Path, text: str, *ranges: tuple[int, int]) -> Exporting:
    """The film of a text, in `folder`, as it is exported from there."""
    path = folder / "film.anim"
    path.write_text(text, encoding="utf-8")
    loaded = load(path, folder / "cache")
    assert loaded.film is not None, [found.message for found in loaded.diagnostics]
    folders = Folders(folder, folder / "out")
    given, found = exporting(loaded, loaded.film, Overrides(), ranges, folders)
    assert given is not None, [one.message for one in found]
    return given


def exported(folder: Path, text: str, to: str, *ranges: tuple[int, int]) -> Exported:
    """The film of a text in a format."""
    return exporter(FORMATS[to]).write(opened(folder, text, *ranges))


def settings_of(folder: Path, text: str, *ranges: tuple[int, int]) -> dict[str, object]:
    """The film of a text as Deforum's settings."""
    (data,) = exported(folder, text, "deforum", *ranges).files.values()
    settings: dict[str, object] = json.loads(data)
    return settings


def read(settings: dict[str, object], key: str) -> NDArray[np.float64]:
    """What Deforum reads of one of its schedules: float64[frames]."""
    values, found = evaluate(str(settings[key]), frames=int(str(settings["max_frames"])), seed=0)
    assert values is not None, [one.message for one in found]
    return np.asarray(values)
