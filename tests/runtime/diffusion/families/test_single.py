"""Models in one file: read without the network, as the folder that they were written from."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.families.files import copy_json, write_comfy_file, write_xl_file

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import Engine, load_engine
from anim_runtime.diffusion.families.clip_words import CONFIGS, clip_tokenizer
from anim_runtime.diffusion.families.file_kind import architecture
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.problems import RenderProblem

HOW = Sampling(steps=2, cfg_scale=3.0, sampler="Euler", seed=5)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails."""

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("a model was looked for on the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def engine_at(path: Path, vae: Path | None = None) -> Engine:
    other = None if vae is None else ModelRef(reference=str(vae), sha256="")
    return load_engine(Setup(ModelRef(reference=str(path), sha256=""), other), "cpu")


def drawn(engine: Engine) -> torch.Tensor:
    asked = Request(engine.encode("a photo of the cat"), engine.encode("blue"), HOW, 64, 64)
    return engine.draw([asked])[0]


@pytest.mark.parametrize(("name", "write"), [("sdxl", write_xl_file), ("flux", write_comfy_file)])
def test_a_file_with_all_parts_draws_what_its_folder_draws(
    name: str,
    write: Callable[[Path, Path], Path],
    family_folder: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    folder = family_folder(name)
    file = write(folder, tmp_path / "all.safetensors")
    copy_json(folder, tmp_path / "all")
    assert torch.allclose(drawn(engine_at(file)), drawn(engine_at(folder)), atol=1e-6)


def test_a_denoiser_alone_takes_the_rest_from_its_neighbour(
    family_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = family_folder("flux")
    shutil.copytree(folder, tmp_path / "whole")
    # the same model with another transformer
    (weights,) = (folder / "transformer").glob("*.safetensors")
    shutil.copy(weights, tmp_path / "tuned.safetensors")
    copy_json(folder, tmp_path / "tuned")
    assert torch.allclose(
        drawn(engine_at(tmp_path / "tuned.safetensors")), drawn(engine_at(folder)), atol=1e-6
    )
    shutil.rmtree(tmp_path / "whole")
    with pytest.raises(RenderProblem, match="holds no VAE, and no other model here has one") as problem:
        engine_at(tmp_path / "tuned.safetensors")
    assert problem.value.exit_code == 7
    assert "anim models add" in problem.value.hint


def test_a_library_has_the_parts_that_a_file_leaves_out(
    family_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    from anim_runtime.models.collection import Library

    folder = family_folder("flux")
    models = tmp_path / "models"
    models.mkdir()
    (weights,) = (folder / "transformer").glob("*.safetensors")
    shutil.copy(weights, models / "tuned.safetensors")
    copy_json(folder, models / "tuned")
    shutil.copytree(folder, tmp_path / "elsewhere" / "whole")
    library = Library(tmp_path / "library")
    library.scan(tmp_path / "elsewhere")
    library.close()
    setup = Setup(ModelRef(reference=str(models / "tuned.safetensors"), sha256=""))
    engine = load_engine(setup, "cpu", library=tmp_path / "library")
    assert torch.allclose(drawn(engine), drawn(engine_at(folder)), atol=1e-6)


def test_the_words_of_clip_have_their_numbers() -> None:
    tokens = clip_tokenizer()
    # as OpenAI's own tokenizer has them
    assert tokens("A photo of a cat")["input_ids"] == [49406, 320, 1125, 539, 320, 2368, 49407]
    assert len(tokens) == 49408
    assert tokens.pad_token_id == 49407
    assert clip_tokenizer("!").pad_token_id == 0
    assert (
        tokens("é", add_special_tokens=False)["input_ids"]
        == tokens("É", add_special_tokens=False)["input_ids"]
    )


#: the numbers of parameters that these models are known to have
PARAMETERS = {
    ("sd1", "unet"): 859_520_964,
    ("sd1", "vae"): 83_653_863,
    ("sd1", "text_encoder"): 123_060_480,
    ("sd2", "unet"): 865_910_724,
    ("sd2", "text_encoder"): 340_387_840,
    ("sdxl", "unet"): 2_567_463_684,
    ("sdxl", "text_encoder_2"): 694_659_840,
    ("sd3", "transformer"): 2_028_328_000,
    ("flux-dev", "transformer"): 11_901_408_320,
}


@pytest.mark.parametrize("which", PARAMETERS)
def test_what_is_shipped_is_built_like_the_models(which: tuple[str, str]) -> None:
    import diffusers
    import transformers
    from accelerate import init_empty_weights  # type: ignore[import-untyped]

    folder = CONFIGS / which[0] / which[1]
    config = json.loads((folder / "config.json").read_text())
    libraries: tuple[Any, Any] = (diffusers, transformers)
    with init_empty_weights():
        if "architectures" in config:
            made = getattr(libraries[1], config["architectures"][0])
            module = made(made.config_class.from_pretrained(str(folder)))
        else:
            made = getattr(libraries[0], config["_class_name"])
            module = made.from_config(made.load_config(str(folder)))
    assert sum(weight.numel() for weight in module.parameters()) == PARAMETERS[which]


def test_every_architecture_has_all_that_its_files_may_leave_out() -> None:
    from anim_runtime.diffusion.families.blueprint import BLUEPRINTS

    folders = sorted(folder for folder in CONFIGS.iterdir() if folder.is_dir())
    assert len(folders) == 10
    for folder in folders:
        blueprint = BLUEPRINTS[json.loads((folder / "model_index.json").read_text())["_class_name"]]
        for name in (blueprint.denoiser, "vae"):
            assert (folder / name / "config.json").is_file(), folder
        assert (folder / "scheduler" / "scheduler_config.json").is_file()


def test_the_sizes_of_a_family_are_told_apart_by_their_tensors() -> None:
    from anim_compiler.models.facts import ModelFacts
    from anim_compiler.models.header import Header, Tensor

    def found(family: str, *names: str) -> str:
        header = Header({name: Tensor("F16", (1,), 0, 2) for name in names}, {}, 8)
        return architecture(ModelFacts("", family=family), header)

    prefix = "model.diffusion_model."
    assert found("flux", f"{prefix}guidance_in.in_layer.weight") == "flux-dev"
    assert found("flux", "img_in.weight") == "flux-schnell"
    assert found("sd3", "joint_blocks.37.x_block.mlp.fc1.weight") == "sd35-large"
    assert found("sd3", f"{prefix}joint_blocks.0.x_block.attn2.qkv.weight") == "sd35-medium"
    assert found("sd3", "joint_blocks.0.x_block.attn.qkv.weight") == "sd3"
    assert found("sdxl", "x") == "sdxl"


def test_a_file_says_what_itsschedule_of_is(tmp_path: Path) -> None:
    from anim_compiler.models.facts import ModelFacts
    from anim_compiler.models.header import Header, Tensor
    from anim_runtime.diffusion.families.file_kind import FileKind
    from anim_runtime.diffusion.families.single import schedule_of

    def schedule(family: str, names: tuple[str, ...] = (), **facts: Any) -> dict[str, Any]:
        header = Header({name: Tensor("F16", (1,), 0, 2) for name in names}, {}, 8)
        return schedule_of(FileKind(ModelFacts("", family=family, **facts), header, CONFIGS / family))

    assert schedule("sd2")["prediction_type"] == "v_prediction"
    assert schedule("sd2", title="v2-1_512-ema-pruned")["prediction_type"] == "epsilon"

    assert schedule("sd2", steps=1)["prediction_type"] == "epsilon"
    assert schedule("sdxl", steps=4)["timestep_spacing"] == "trailing"
    noob = schedule("sdxl", ("v_pred", "ztsnr"), prediction="v")
    assert noob["prediction_type"] == "v_prediction"
    assert noob["rescale_betas_zero_snr"] is True
