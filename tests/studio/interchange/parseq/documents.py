"""Small Parseq documents, and what becomes of them: shared by these tests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.diagnostic import Severity
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.interchange.imported import Given, Imported
from anim_studio.interchange.parseq import curves, read
from anim_studio.interchange.parseq.fields import FIELDS

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "real"

#: where a film has a field, and how it reads its value
_PLACES = {
    "scale": "diffuse.cfg_scale",
    "strength": "diffuse.strength",
    "seed": "diffuse.seed",
    "noise": "coherence.noise",
    "contrast": "coherence.contrast",
    "antiblur_amount": "coherence.sharpen",
    "antiblur_sigma": "coherence.sharpen_radius",
    "antiblur_threshold": "coherence.sharpen_threshold",
    "fov": "camera.fov",
    "perspective_flip_fv": "camera.flip_fov",
}


def document(*keyframes: Mapping[str, Any], fields: str, **more: Any) -> bytes:
    """A document of 20 frames a second at 120 bpm, so that a beat is 10 frames."""
    made: dict[str, Any] = {
        "prompts": {"positive": "a forest", "negative": ""},
        "options": {"output_fps": 20, "bpm": 120, "cadence": 1},
        "managedFields": fields.split(),
        "keyframes": list(keyframes),
    }
    return json.dumps({**made, **more}).encode()


def given(data: bytes, stem: str = "film") -> Given:
    return Given(data, f"{stem}.json", Path(), stem)


def one(field: str, formula: str, *values: tuple[int, float], end: int = 40, **more: Any) -> bytes:
    """A document with one field: a formula from frame 0 on, and keys."""
    frames = sorted({0, end, *(frame for frame, _ in values)})
    keys: list[dict[str, Any]] = [{"frame": frame} for frame in frames]
    for frame, value in values:
        keys[frames.index(frame)][field] = value
    if formula:
        keys[0][f"{field}_i"] = formula
    return document(*keys, fields=field, **more)


def asked(made: Imported) -> Asked:
    """The film, checked: no error, and what its curves are."""
    with TemporaryDirectory() as folder:
        for name, data in made.beside.items():
            (Path(folder) / name).write_bytes(data)
        tree, slips = parse(Source("film", made.text))
        world = World(Path(folder), Path(folder))
        film, findings = check(tree, world)
        wrong = [(d.code, d.message) for d in (*slips, *findings) if d.severity is Severity.ERROR]
        assert film is not None, (wrong, made.text)
        assert not wrong, (wrong, made.text)
        found = Asked(film, world)
        for name in found.names():
            found.curve(name)
        return found


def proved(data: bytes) -> Imported:
    """The film of a document, each of whose managed fields is what Deforum gets, frame by frame."""
    made = read(given(data))
    assert made.text, made.diagnostics
    film = asked(made)
    ignored = {remark.what for remark in made.remarks if remark.fate.value == "ignored upstream"}
    for name, wanted in curves(given(data)).values.items():
        spec = FIELDS.get(name)
        is_drawn = name == "seed" and set(wanted) == {-1.0}
        if spec is None or spec.lost or is_drawn or (name in ignored and f"let {name}" not in made.text):
            continue
        place = f"camera.{name}" if spec.is_move else _PLACES.get(name, name)
        if place not in film.names():
            rest = 1.0 if name == "zoom" else 0.0
            assert spec.lost or set(wanted) <= {rest, spec.default}, (name, made.text)
            continue
        values = [1.0 - v for v in wanted] if name == "strength" else list(wanted)
        assert near(film.curve(place).tolist(), values), (name, made.text)
    return made


def near(found: Sequence[float], wanted: Sequence[float]) -> bool:
    return len(found) == len(wanted) and all(
        abs(a - b) <= 1e-6 * max(1.0, abs(b)) for a, b in zip(found, wanted, strict=True)
    )
