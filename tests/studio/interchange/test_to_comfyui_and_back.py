"""Prompts and numbers to ComfyUI and FizzNodes, and back to films."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.formats import IMPORTS, importer
from anim_studio.interchange.imported import Given

from .exporting_films import exported, opened

FORMATS = {format.name: format for format in IMPORTS}

FILM = """
    size = 512x448; fps = 24; length = 48f; seed = 77; model = "https://example.org/dream.safetensors"
    prompt { 0f: "a (cat:1.2)"; 20f: "a dog" hold; 48f: "a hill"; negative = "text"; morph = linear }
    diffuse { sampler = "DPM++ 2M SDE Karras"; steps = 23; cfg_scale = 6; strength = 1; seed_mode = fixed }
"""


def back(folder: Path, to: str) -> Exporting:
    """The film after it went out in a format and came in again."""
    name, data = next(iter(exported(folder, FILM, to).files.items()))
    given = Given(data, name, folder, "film")
    assert importer(FORMATS[to]).looks_like(given)
    found = importer(FORMATS[to]).read(given)
    assert found.text, [one.message for one in found.diagnostics]
    text = found.text if to == "comfyui" else found.text.replace("length = ", "length = 48f #")
    return opened(folder, text.replace('model = "dream', '# "'))


@pytest.mark.parametrize("to", ["fizznodes", "comfyui"])
def test_prompts_come_back_with_their_way(to: str, tmp_path: Path) -> None:
    before, after = opened(tmp_path, FILM), back(tmp_path, to)
    assert [_text(after, frame) for frame in range(48)] == [_text(before, frame) for frame in range(48)]


def test_the_samplers_numbers_come_back(tmp_path: Path) -> None:
    before, after = opened(tmp_path, FILM), back(tmp_path, "comfyui")
    for name in ("diffuse.steps", "diffuse.cfg_scale", "diffuse.strength", "diffuse.seed"):
        assert after.columns[name].tolist() == before.columns[name].tolist(), name
    assert after.words["diffuse.sampler"] == before.words["diffuse.sampler"]
    assert (after.plan.width, after.plan.height, after.plan.seed) == (512, 448, 77)


def test_the_steps_of_a_picture_that_is_drawn_over_come_back(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "photo.png")
    film = FILM.replace("strength = 1", "strength = 0.4") + 'image photo = "photo.png"; init = photo'
    name, data = next(iter(exported(tmp_path, film, "comfyui", (0, 1)).files.items()))
    text = importer(FORMATS["comfyui"]).read(Given(data, name, tmp_path, "film")).text
    (sampler,) = [node for node in json.loads(data).values() if node["class_type"] == "KSampler"]
    assert sampler["inputs"]["steps"] == 9
    assert "steps     = 23  # 9 of them are taken, as there" in text
    assert "strength  = 0.4" in text


def _text(film: Exporting, frame: int) -> str:
    from anim_studio.interchange.to_prompts import BOTH, told_at

    return " | ".join(told_at(film, which, (frame,))[0].text for which in BOTH)
