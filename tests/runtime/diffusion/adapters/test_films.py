"""LoRAs in films, from the text to the pixels, on the built-in model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled, frames_of
from tests.runtime.diffusion.adapters import lora_models as tiny
from tests.runtime.running import run

from anim_runtime.digests import store_keys
from anim_runtime.maker import where_made
from anim_runtime.store import Store

FILM = """\
size = 64x64; fps = 4; length = 1s; seed = 3
diffuse { steps = 2; strength = 1; seed = 7 }
prompt = "mountains"
"""


@pytest.fixture(scope="session")
def neon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two LoRAs for the built-in model: `neon`, and `grain` that changes its words as well."""
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextModel

    from anim_runtime.builtin import POSTCARD

    folder = tmp_path_factory.mktemp("neon")
    unet = UNet2DConditionModel.from_pretrained(POSTCARD / "unet", local_files_only=True)
    text = CLIPTextModel.from_pretrained(POSTCARD / "text_encoder", local_files_only=True)
    some = tiny.matrices(unet, tiny.layers(unet, "to_q", "to_v", "conv1"), rank=4)
    small = {name: (down * 0.2, up * 0.2) for name, (down, up) in some.items()}
    tiny.write(tiny.kohya_spelled(small, "lora_unet", 4.0), folder / "neon.safetensors")
    words = tiny.matrices(text, tiny.layers(text, "q_proj", "v_proj"), rank=2, seed=1)
    tensors = tiny.kohya_spelled(words, "lora_te", 2.0) | tiny.kohya_spelled(
        tiny.matrices(unet, tiny.layers(unet, "attn2.to_k"), rank=2, seed=2), "lora_unet", 0.5
    )
    tiny.write(tensors, folder / "grain.safetensors")
    return folder


def frames(text: str, folder: Path) -> list[NDArray[np.float64]]:
    """The frames of a film, `[H,W,3]` of 0..65535."""
    made = compiled(text, folder)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    run((made.plan, made.columns), folder)
    keys = store_keys(frames_of(made).recipes, where_made(made.plan, folder, folder, "cpu"))
    store = Store(folder)
    pictures = [store.get(key) for key in keys]
    return [picture.astype(np.float64) for picture in pictures if picture is not None]


def apart(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The mean distance of two frames, of 65535."""
    return float(np.abs(first - second).mean())


def test_a_curve_of_weights_is_seen_in_the_pixels(neon: Path) -> None:
    plain = frames(FILM, neon)
    curve = 'lora neon = "neon.safetensors" { weight = 0s: 0, 0.75s: 1 }\n'
    curved = frames(FILM + curve, neon)
    assert len(plain) == len(curved) == 4
    steady = frames(FILM + 'lora neon = "neon.safetensors" { weight = 1 }\n', neon)
    # how far each is on the way to the frame of full weight, since each has a seed of its own
    whole = [apart(*pair) for pair in zip(plain, steady, strict=True)]
    gone = [apart(a, b) / most for a, b, most in zip(plain, curved, whole, strict=True)]
    assert np.array_equal(plain[0], curved[0])
    assert np.array_equal(steady[3], curved[3])
    assert 0.0 == gone[0] < 0.2 < gone[1] < gone[2] < gone[3] == 1.0
    assert min(whole) > 100


def test_two_of_them_and_the_words_part(neon: Path) -> None:
    one, other = ('lora neon = "neon.safetensors" { weight = 0.8 }\n', 'lora grain = "grain.safetensors"\n')
    texts = (FILM, FILM + one, FILM + other, FILM + one + other)
    pictures = [frames(text, neon)[0] for text in texts]
    for place, picture in enumerate(pictures):
        assert all(apart(picture, p) > 100 for p in pictures[:place])


def test_beats_drive_a_weight(neon: Path) -> None:
    beats = FILM + 'bpm = 120\nlora neon = "neon.safetensors" { weight = every(1beat) * 0.8 }\n'
    plain, struck = frames(FILM, neon), frames(beats, neon)
    assert [apart(*pair) > 0.0 for pair in zip(plain, struck, strict=True)] == [True, False, True, False]
