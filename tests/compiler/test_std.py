"""The standard library: every template and function of `std:` checks clean and does what it says."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import checked
from tests.compiler.statement_files import BASE, clean, stage

from anim_compiler.asking import curve
from anim_compiler.functions.registry import Array
from anim_compiler.world import World

STD = sorted(
    (p for p in resources.files("anim_grammar").joinpath("std").iterdir() if p.name.endswith(".anim")),
    key=lambda p: p.name,
)
PIPELINES = {"2d", "3d", "morph", "video"}
MODULES = [p for p in STD if p.name.removesuffix(".anim") not in PIPELINES]
FRAMES = 96


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def column(module: str, body: str, name: str, folder: Path) -> Array:
    """A curve of a four-second film at 24 frames a second that imports one module as `std`."""
    text = f'{BASE}import "std:{module}" as std\n{body}'
    film = clean(text, folder)
    values = curve(film, name, World(folder, folder))
    assert len(values) == FRAMES
    return values


def let(module: str, expression: str, folder: Path) -> Array:
    """What an expression is at every frame."""
    return column(module, f"let x = {expression}\ncamera 2d {{ angle = 1deg * x }}", "x", folder)


AT = np.arange(FRAMES) / 24.0
U = np.arange(FRAMES) / FRAMES


# --- what is there ---


def test_every_module_is_here() -> None:
    names = {p.name.removesuffix(".anim") for p in STD}
    assert names == PIPELINES | {"orbit", "shake", "whip", "push", "spiral", "eight", "music", "ease"}


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.name)
def test_the_example_of_every_module_is_right(module: Path, folder: Path) -> None:
    """The indented lines of a module's first comment are a part of a film."""
    head = module.read_text(encoding="utf-8").split("\n\n", 1)[0]
    example = "\n".join(line[4:] for line in head.splitlines() if line.startswith("#   "))
    assert f'import "std:{module.name.removesuffix(".anim")}"' in example
    clean(BASE + example.replace("song.mp3", "song.ogg"), folder)


def test_modules_can_be_imported_together_without_names(folder: Path) -> None:
    imports = "\n".join(f'import "std:{p.name.removesuffix(".anim")}"' for p in MODULES)
    film, found = checked(f"{BASE}{imports}\ncamera 2d {{ use shake(); zoom = pump(hill(u)) }}", folder)
    assert film is not None, [d.message for d in found]


@pytest.mark.parametrize("module", MODULES, ids=lambda p: p.name)
def test_every_definition_is_explained(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.startswith(f"# std:{module.name.removesuffix('.anim')}: ")
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(template|def) ", line):
            assert lines[number - 1].startswith("# "), line


# --- cameras ---


def test_around_is_once_around(folder: Path) -> None:
    values = column("orbit", "camera 3d { use std.around() }", "camera.orbit", folder)
    assert np.allclose(values, 90.0 * AT)
    part = column(
        "orbit", "camera 3d { use std.around(turn = 90deg, height = 10deg) }", "camera.orbit", folder
    )
    assert np.allclose(part, 22.5 * AT)


def test_swing_goes_to_and_fro(folder: Path) -> None:
    values = column(
        "orbit", "camera 3d { use std.swing(angle = 20deg, period = 4s) }", "camera.orbit", folder
    )
    assert np.allclose(values, 20 * np.sin(2 * np.pi * AT / 4), atol=1e-9)


@pytest.mark.parametrize("axes", [2, 3])
def test_shake_is_small_and_comes_again(axes: int, folder: Path) -> None:
    body = f"camera {axes}d {{ use std.shake(amount = 2deg) }}"
    values = column("shake", body, "camera.roll", folder)
    assert 0.5 < np.abs(values).max() <= 2.0
    assert np.array_equal(values, column("shake", body, "camera.roll", folder))
    other = column("shake", body.replace("2deg", "2deg, seed = 1"), "camera.roll", folder)
    assert not np.allclose(values, other)


def test_shake_is_added_to_what_is_there(folder: Path) -> None:
    still = column("shake", "camera 2d { use std.shake() }", "camera.roll", folder)
    moved = column("shake", "camera 2d { roll = 10deg; use std.shake() }", "camera.roll", folder)
    assert np.allclose(moved - still, 10.0)


def test_handheld_moves_each_axis_on_its_own(folder: Path) -> None:
    body = "camera 3d { use std.handheld(amount = 1deg) }"
    pan, tilt, roll = (column("shake", body, f"camera.{n}", folder) for n in ("pan", "tilt", "roll"))
    assert np.abs(pan).max() <= 1.0
    assert np.abs(roll).max() <= 0.5
    assert abs(np.corrcoef(pan, tilt)[0, 1]) < 0.9


def test_drift_is_in_the_units_of_its_camera(folder: Path) -> None:
    flat = column("shake", "camera 2d { use std.drift() }", "camera.truck", folder)
    deep = column("shake", "camera 3d { use std.drift() }", "camera.truck", folder)
    assert np.allclose(flat, deep)
    assert 0.5 < np.abs(flat).max() <= 10.0


def test_a_jolt_dies_away(folder: Path) -> None:
    body = "camera 2d { use std.jolt(every(2s), amount = 3deg, length = 500ms) }"
    values = np.abs(column("shake", body, "camera.roll", folder))
    assert values[:6].max() > 0.1
    assert values[18:46].max() < 0.15


def test_a_whip_turns_fast_and_stays(folder: Path) -> None:
    values = column(
        "whip", "camera 3d { use std.whip(at = 2s, angle = 60deg, length = 500ms) }", "camera.pan", folder
    )
    assert np.allclose(values[:49], 0.0)
    assert np.allclose(values[60:], 60.0)
    assert (np.diff(values) >= -1e-9).all()


def test_a_glance_comes_back(folder: Path) -> None:
    values = column("whip", "camera 3d { use std.glance(at = 1s, hold = 1s) }", "camera.pan", folder)
    assert np.allclose(values[[0, 24, 36, 48, 54, 95]][[0, 1, 5]], 0.0)
    assert np.allclose(values[30:55], 30.0)


def test_a_push_is_slow_and_goes_all_the_way(folder: Path) -> None:
    values = column("push", "camera 3d { use std.push(distance = 80) }", "camera.dolly", folder)
    assert values[0] == 0
    assert values[48] == pytest.approx(40.0)
    assert values[-1] == pytest.approx(80.0, abs=0.5)


def test_grow_multiplies_the_zoom(folder: Path) -> None:
    values = column("push", "camera 2d { zoom = 2; use std.grow(to = 1.5) }", "camera.zoom", folder)
    assert values[0] == pytest.approx(2.0)
    assert values[-1] == pytest.approx(3.0, abs=0.01)


def test_a_punch_is_over_soon(folder: Path) -> None:
    body = "camera 2d { use std.punch(every(2s), amount = 0.1, length = 500ms) }"
    values = column("push", body, "camera.zoom", folder)
    assert values[0] == pytest.approx(1.1)
    assert values[12] < 1.01
    assert values[48] == pytest.approx(1.1, abs=0.001)


def test_vertigo_keeps_the_subjects_size(folder: Path) -> None:
    body = "camera 3d { use std.vertigo(distance = 100, subject = 200) }"
    dolly, zoom = (column("push", body, f"camera.{n}", folder) for n in ("dolly", "zoom"))
    # in every frame the subject is as far away as it was in the one before
    grown = zoom[1:] / zoom[:-1] * 200.0 / (200.0 - np.diff(dolly))
    assert np.allclose(grown, 1.0, atol=1e-4)
    assert np.isclose(grown.prod(), 1.0, atol=5e-3)
    assert dolly[-1] == pytest.approx(100.0, abs=0.1)


@pytest.mark.parametrize("axes", [2, 3])
def test_a_spiral_grows_evenly(axes: int, folder: Path) -> None:
    body = f"camera {axes}d {{ use std.spiral(turns = 2, to = 8) }}"
    zoom = column("spiral", body, "camera.zoom", folder)
    assert np.allclose(zoom[1:] / zoom[:-1], 8 ** (1 / FRAMES))
    assert np.allclose(column("spiral", body, "camera.roll", folder), 720.0 * U)


def test_a_helix_flies_on_a_circle(folder: Path) -> None:
    body = "camera 3d { use std.helix(turns = 1, radius = 20, distance = 100) }"
    x, y, z = (column("spiral", body, f"camera.{n}", folder) for n in ("truck", "pedestal", "dolly"))
    assert np.allclose(np.hypot(x, y - 20), 20.0)
    assert np.allclose(z, 100.0 * U)


@pytest.mark.parametrize("axes", [2, 3])
def test_an_eight_closes(axes: int, folder: Path) -> None:
    body = f"camera {axes}d {{ use std.eight(width = 40, height = 15, period = 4s) }}"
    x, y = (column("eight", body, f"camera.{n}", folder) for n in ("truck", "pedestal"))
    assert (x.max(), y.max()) == pytest.approx((40.0, 15.0), abs=0.2)
    assert np.allclose(x, 40 * np.sin(2 * np.pi * U), atol=1e-9)
    assert np.allclose(y, 15 * np.sin(4 * np.pi * U), atol=1e-9)


# --- functions ---


def test_pump_and_duck_rest_at_one(folder: Path) -> None:
    assert np.allclose(let("music", "std.pump(u)", folder), 1 + 0.2 * U)
    assert np.allclose(let("music", "std.duck(u, 0.25)", folder), 1 - 0.25 * U)


def test_a_hit_is_one_and_fades(folder: Path) -> None:
    values = let("music", "std.hit(every(2s), 500ms)", folder)
    assert values[0] == values[48] == 1
    assert values[12] == pytest.approx(0.05, abs=0.01)


def test_breathing_needs_no_music(folder: Path) -> None:
    values = let("music", "std.breathe(2s, 0.1)", folder)
    assert np.allclose(values, 1 + 0.1 * np.sin(np.pi * AT), atol=1e-9)


def test_a_gate_has_soft_edges(folder: Path) -> None:
    values = let("music", "std.gate(u)", folder)
    assert values[:40].max() < 0.01
    assert values[56:].min() > 0.99


def test_a_meter_falls_slowly(folder: Path) -> None:
    values = let("music", "std.meter(pulse(2s, 0.1s), 1s)", folder)
    assert values[2] > 0.8
    assert 0.05 < values[20] < values[8] < values[4]


@pytest.mark.parametrize(
    "expression", ["std.on_beat(0.5)", "std.on_bar()", "std.meter(bass)", "std.pump(bass)"]
)
def test_functions_of_a_track(expression: str, folder: Path) -> None:
    body = f'audio song = "song.ogg"\ncamera 2d {{ zoom = 1 + {expression} * 0.1 }}'
    clean(f'{BASE}import "std:music" as std\n{body}', folder)


def test_shapes(folder: Path) -> None:
    assert np.allclose(let("ease", "std.there_and_back(u)", folder), 1 - np.abs(2 * U - 1))
    assert np.allclose(let("ease", "std.hill(u)", folder), 4 * U * (1 - U))
    assert np.allclose(let("ease", "std.smoother(u)", folder), U**3 * (U * (U * 6 - 15) + 10))


def test_fades_are_as_long_as_they_say(folder: Path) -> None:
    assert np.allclose(let("ease", "std.fade_in(1s)", folder), np.clip(AT, 0, 1))
    assert np.allclose(let("ease", "std.fade_out(2s)", folder), np.clip((4 - AT) / 2, 0, 1))
    assert np.allclose(let("ease", "std.fade(1s)", folder), np.clip(AT, 0, 1) * np.clip(4 - AT, 0, 1))
