"""Films to Deforum's settings and back, and published settings to films and back."""

import json
from pathlib import Path

import numpy as np
import pytest

from anim_dsl.schedule import evaluate
from anim_studio.interchange.deforum import read as imported
from anim_studio.interchange.imported import Given

from .exporting_films import settings_of

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "real"

#: what acts in each mode, by Deforum's names
ACTING = {
    "2D": "angle zoom translation_x translation_y transform_center_x transform_center_y",
    "3D": "translation_x translation_y translation_z rotation_3d_x rotation_3d_y rotation_3d_z fov_schedule",
}
ALWAYS = "noise_schedule strength_schedule contrast_schedule cfg_scale_schedule amount_schedule"


def film_of(data: bytes, folder: Path) -> str:
    found = imported(Given(data, "settings.txt", folder, "film"))
    assert found.text, [one.message for one in found.diagnostics]
    return found.text


def values(schedule: object, frames: int) -> np.ndarray | None:
    read, _ = evaluate(str(schedule), frames=frames, seed=0)
    return None if read is None else np.asarray(read)


@pytest.mark.parametrize("path", sorted(REAL.glob("deforum_*")), ids=lambda path: path.stem[:10])
def test_published_settings_come_back_with_the_values_that_they_had(path: Path, tmp_path) -> None:
    text = path.read_text(encoding="utf-8-sig")
    made = settings_of(tmp_path, film_of(path.read_bytes(), tmp_path))
    frames = int(str(made["max_frames"]))
    compared = 0
    for key in f"{ALWAYS} {ACTING[_written(text, 'animation_mode')]}".split():
        meant = values(_written(text, key), frames)
        if meant is None:
            continue
        meant = np.clip(meant, 0.0, 1.0) if key == "strength_schedule" else meant
        np.testing.assert_allclose(values(made[key], frames), meant, atol=1e-6, err_msg=key)
        compared += 1
    assert compared >= 8


def _written(text: str, key: str) -> str:
    """A setting as it stands in the file, which need not be JSON to the letter."""
    _, found, rest = text.partition(f'"{key}": ')
    return json.JSONDecoder(strict=False).raw_decode(rest)[0] if found else "0:"


FILMS = {
    "poses in 2d": """
        camera 2d { zoom = 1 + 0.1*sine(1s); angle = 0s: 0deg, 2s: 40deg with ease; truck = 20px per s }
    """,
    "poses in 3d": """
        camera 3d { dolly = 0s: 0, 2s: 60; pan = 5deg * sine(2s); roll = 1deg per s; zoom = 1.05 per s }
    """,
    "moves a frame": """
        camera 3d { motion = per_frame; translation_z = 0: (1.75), 12: (t/5); rotation_3d_y = 0: (0.3) }
    """,
    "sampling": """
        diffuse { strength = 0.3 + 0.2*u; cfg_scale = 0s: 4 hold, 1s: 9; noise_multiplier = 1.02
          steps = 0s: 12, 2s: 24; seed_mode = ladder; clip_skip = 2 }
        coherence { noise = 2%; noise_type = perlin; sharpen = 0.1; color = lab; cadence = 3 }
        camera 2d { zoom = 1.02 per s; border = wrap }
    """,
}
HEAD = """
    fps = 12; length = 24f; size = 512x448; seed = 5
    prompt { 0f: "a (b:1.2)"; 9f: "c"; negative = "d" }
"""


@pytest.mark.parametrize("name", FILMS)
def test_a_film_comes_back_with_the_values_that_were_written(name: str, tmp_path) -> None:
    first = settings_of(tmp_path, f"{HEAD}\n{FILMS[name]}")
    text = film_of(json.dumps(first).encode(), tmp_path)
    second = settings_of(tmp_path, text)
    for key, value in first.items():
        meant = values(value, 24) if isinstance(value, str) and ":" in value else None
        if meant is not None:
            np.testing.assert_allclose(values(second[key], 24), meant, atol=1e-6, err_msg=key)
        elif key != "batch_name":
            assert second[key] == value, key
