"""Every curve of every published settings file, imported: the film's values are Deforum's, frame by frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.film import Film
from anim_compiler.world import World
from anim_dsl.format import format_source
from anim_dsl.parse import parse
from anim_dsl.schedule import evaluate
from anim_dsl.source import Source
from anim_studio.interchange.deforum import looks_like, read
from anim_studio.interchange.imported import Given

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

#: Deforum's schedule and the film's curve, in the modes where it acts
_CURVES = {
    "zoom": ("camera.zoom", "2D"),
    "angle": ("camera.angle", "2D"),
    "transform_center_x": ("camera.center_x", "2D"),
    "transform_center_y": ("camera.center_y", "2D"),
    "translation_x": ("camera.translation_x", "2D 3D"),
    "translation_y": ("camera.translation_y", "2D 3D"),
    "translation_z": ("camera.translation_z", "3D"),
    "rotation_3d_x": ("camera.rotation_3d_x", "3D"),
    "rotation_3d_y": ("camera.rotation_3d_y", "3D"),
    "rotation_3d_z": ("camera.rotation_3d_z", "3D"),
    "fov_schedule": ("camera.fov", "3D"),
    "strength_schedule": ("diffuse.strength", "2D 3D"),
    "cfg_scale_schedule": ("diffuse.cfg_scale", "2D 3D"),
    "noise_multiplier_schedule": ("diffuse.noise_multiplier", "2D 3D"),
    "noise_schedule": ("coherence.noise", "2D 3D"),
    "contrast_schedule": ("coherence.contrast", "2D 3D"),
    "amount_schedule": ("coherence.sharpen", "2D 3D"),
    "sigma_schedule": ("coherence.sharpen_radius", "2D 3D"),
    "threshold_schedule": ("coherence.sharpen_threshold", "2D 3D"),
}


def film_of(text: str) -> Film:
    """The film, which has no errors and is laid out already."""
    document, slips = parse(Source("film.anim", text))
    assert not slips
    film, found = check(document, World(Path(), Path()))
    assert film is not None, [each.message for each in found]
    assert format_source(document.source) == text
    return film


def curve_of(film: Film, name: str) -> list[float] | None:
    """A curve at every frame, also of a setting that is not written; None if it is not of this film."""
    curves = Asked(film, World(Path(), Path()))
    if name in curves.names():
        values = curves.curve(name)
    elif (found := curves.unwritten(name)) is not None:
        values = found
    else:
        return None
    return [1.0 - value for value in values.tolist()] if name == "diffuse.strength" else values.tolist()


@pytest.mark.parametrize("path", sorted((DATA / "real").glob("deforum_*")), ids=lambda path: path.stem)
def test_a_published_file_becomes_the_film_that_deforum_would_show(path: Path, tmp_path: Path) -> None:
    given = Given(path.read_bytes(), path.name, tmp_path, path.stem)
    assert looks_like(given)
    made = read(given)
    assert made.diagnostics == ()
    film = film_of(made.text)
    expected = DATA / "expected" / f"{path.stem}.json"
    if not expected.exists():
        return
    wanted: dict[str, Any] = json.loads(expected.read_text(encoding="utf-8"))
    mode = json.loads(path.read_text(encoding="utf-8"))["animation_mode"]
    compared = 0
    for name, (ours, modes) in _CURVES.items():
        if mode not in modes.split():
            continue
        curve = wanted["curves"][name]
        values = [curve["constant"]] * wanted["frames"] if isinstance(curve, dict) else curve
        found = curve_of(film, ours)
        assert found is not None, name
        assert len(found) == wanted["frames"]
        assert found[: len(values)] == pytest.approx(values, abs=1e-6), name
        compared += 1
    assert compared >= 14


_SWITCHED = {
    "steps_schedule": "diffuse.steps",
    "clipskip_schedule": "diffuse.clip_skip",
    "ancestral_eta_schedule": "diffuse.eta",
    "perspective_flip_theta": "camera.flip_theta",
    "perspective_flip_phi": "camera.flip_phi",
    "perspective_flip_gamma": "camera.flip_gamma",
    "perspective_flip_fv": "camera.flip_fov",
    "seed_schedule": "diffuse.seed",
}


@pytest.mark.parametrize("mode", ["2D", "3D"])
@pytest.mark.parametrize("flips", [False, True])
@pytest.mark.parametrize("fps", [15, 23.976])
def test_each_schedule_is_that_of_its_own_setting(mode: str, flips: bool, fps: float, tmp_path: Path) -> None:
    """Every schedule is another curve, so that none can stand for another."""
    names = {**{name: ours for name, (ours, _) in _CURVES.items()}, **_SWITCHED}
    whole = {"steps_schedule", "clipskip_schedule"}
    settings: dict[str, Any] = {
        name: f"0: (0.{i + 10}), 7: (0.{i + 10}+0.05*sin(t/{i + 3})), 'max_f-5': (0.3), 90: (t)"
        for i, name in enumerate(names)
    }
    # of these a film takes no such small values
    settings["fov_schedule"] = settings["perspective_flip_fv"] = "0: (40), 9: (60+t%7)"
    settings["steps_schedule"], settings["clipskip_schedule"] = "0: (9.5), 12: (30)", "0: (1), 9: (2.9)"
    settings["seed_schedule"] = "0: (s), 5: (s+t)"
    schedules = dict(settings)
    settings |= {f"enable_{name}_scheduling": True for name in ("steps", "clipskip", "ancestral_eta")}
    settings |= {"animation_mode": mode, "max_frames": 30, "prompts": {"0": "a"}, "seed": 9, "fps": fps}
    settings |= {"seed_behavior": "schedule", "enable_perspective_flip": flips, "sampler": "Euler a"}
    made = read(Given(json.dumps(settings).encode(), "settings.txt", tmp_path, "film"))
    film = film_of(made.text)
    for name, ours in names.items():
        does_not_act = mode not in _CURVES.get(name, ("", "2D 3D"))[1].split()
        is_lost = flips and mode == "2D" and name.startswith("translation")
        if does_not_act or is_lost or (name.startswith("perspective") and not flips):
            continue
        wanted, _ = evaluate(schedules[name], frames=30, seed=9)
        assert wanted is not None
        expected = [float(int(value)) for value in wanted] if name in whole else list(wanted)
        assert curve_of(film, ours) == pytest.approx(expected, abs=1e-9), name
