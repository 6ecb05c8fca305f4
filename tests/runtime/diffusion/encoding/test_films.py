"""Prompts in films, from the text to the pixels, on the built-in model, and engines that remember texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tests.compiler.film_texts import compiled, frames_of
from tests.runtime.running import run

from anim_compiler.plan import ModelRef, NamedRef
from anim_runtime.diffusion.engine import load_engine
from anim_runtime.diffusion.setup import Setup
from anim_runtime.digests import store_keys
from anim_runtime.maker import where_made
from anim_runtime.problems import RenderProblem
from anim_runtime.store import Store

FILM = (
    "size = 64x64; fps = 4; length = {length}s; seed = 3\ndiffuse {{ steps = 2; strength = 1; seed = 7 }}\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an embedding of two tokens for the built-in model: those of `a mountain`."""
    from transformers import PreTrainedTokenizerFast

    from anim_runtime.builtin import POSTCARD

    here = tmp_path_factory.mktemp("films")
    tokenizer = PreTrainedTokenizerFast.from_pretrained(str(POSTCARD / "tokenizer"))
    weights = load_file(POSTCARD / "text_encoder" / "model.safetensors")
    (table,) = (tensor for name, tensor in weights.items() if name.endswith("token_embedding.weight"))
    ids = tokenizer("a mountain", add_special_tokens=False)["input_ids"]
    save_file({"emb_params": table[ids].float()}, here / "neon.safetensors")
    return here


def frames(text: str, here: Path, length: float = 0.25) -> list[NDArray[np.uint16]]:
    """The frames of a film, `[H,W,3]`."""
    made = compiled(FILM.format(length=length) + text, here)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    run((made.plan, made.columns), here)
    keys = store_keys(frames_of(made).recipes, where_made(made.plan, here, here, "cpu"))
    store = Store(here)
    return [picture for key in keys if (picture := store.get(key)) is not None]


def test_an_embedding_draws_what_its_vectors_mean(folder: Path) -> None:
    embedding = 'embedding neon = "neon.safetensors"\n'
    told, plain = (
        frames(said, folder) for said in (f'{embedding}prompt = "neon, sea"', 'prompt = "a mountain, sea"')
    )
    assert len(told) == 1
    assert np.array_equal(told[0], plain[0])
    weighed = frames(f'{embedding}prompt = "(neon:0.3), sea"', folder)
    assert np.array_equal(weighed[0], frames('prompt = "(a mountain:0.3), sea"', folder)[0])
    assert not np.array_equal(weighed[0], told[0])


def test_layers_are_left_out_frame_by_frame(folder: Path) -> None:
    prompt = 'prompt = "mountains"\n'
    plain = frames(prompt, folder, 0.5)
    changing = frames(prompt + "diffuse.clip_skip = 0s: 1, 0.25s: 2", folder, 0.5)
    assert np.array_equal(changing[0], plain[0])
    assert not np.array_equal(changing[1], plain[1])


def test_an_embedding_for_another_model_ends_the_render_before_it_begins(folder: Path) -> None:
    save_file({"emb_params": torch.ones(1, 768)}, folder / "wide.safetensors")
    ref = NamedRef(name="wide", reference="wide.safetensors", sha256="")
    with pytest.raises(RenderProblem, match="its vectors have 768 numbers, and the text encoder reads 128"):
        load_engine(Setup(ModelRef(reference="postcard", sha256=""), embeddings=(ref,)), "cpu", root=folder)


def test_a_render_again_never_loads_the_large_encoder(
    family_folder: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import transformers

    setup = Setup(ModelRef(reference=str(family_folder("z-image")), sha256=""))
    told = load_engine(setup, "cpu", cache=tmp_path).encode("a red cat")

    def load(*_: Any, **__: Any) -> Any:
        raise AssertionError("the text encoder is loaded again")

    monkeypatch.setattr(transformers.Qwen3Model, "from_pretrained", load)
    again = load_engine(setup, "cpu", cache=tmp_path)
    assert torch.equal(again.encode("a red cat").states, told.states)
    with pytest.raises(RenderProblem, match="is loaded again"):
        again.encode("a blue dog")


def test_an_engine_tells_what_it_does_not_read(family_folder: Callable[[str], Path]) -> None:
    engine = load_engine(Setup(ModelRef(reference=str(family_folder("z-image")), sha256="")), "cpu")
    said: list[str] = []
    engine.tell = said.append
    for _ in range(2):
        engine.encode("red cat " * 300)
    assert len(said) == 1
    assert "is too long for the model" in said[0]
