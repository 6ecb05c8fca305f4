"""Files that are no models, or damaged, or of a stranger's making: told in one sentence before they draw."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import save_file
from tests.runtime.diffusion.families.files import change, change_json, part

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.engine import load_engine
from anim_runtime.diffusion.setup import Setup
from anim_runtime.problems import RenderProblem


@pytest.fixture
def copy(family_folder: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """A family's folder that may be spoilt."""
    return lambda name: Path(shutil.copytree(family_folder(name), tmp_path / name))


def refused(path: Path) -> RenderProblem:
    def load() -> None:
        load_engine(Setup(ModelRef(reference=str(path), sha256="")), "cpu").encode("a cat")

    with pytest.raises(RenderProblem) as problem:
        load()
    assert problem.value.exit_code == 7
    assert problem.value.hint
    assert "\n" not in problem.value.message
    return problem.value


def spoilt_index(folder: Path, **values: object) -> str:
    change_json(folder / "model_index.json", **values)
    return refused(folder).message


def test_only_pipelines_of_the_table_are_loaded(copy: Callable[[str], Path]) -> None:
    folder = copy("sd1")
    assert "its pipeline is `EvilPipeline`" in spoilt_index(folder, _class_name="EvilPipeline")
    assert "holes only" in spoilt_index(folder, _class_name="StableDiffusionInpaintPipeline")
    assert "`\\x1b[2J`" in spoilt_index(folder, _class_name="\x1b[2J")
    assert "its pipeline is `['evil', 'Pipeline']`" in spoilt_index(folder, _class_name=["evil", "Pipeline"])


def test_code_beside_the_weights_never_runs(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder, marker = copy("sd1"), tmp_path / "marker"
    code = f"open({str(marker)!r}, 'w')\nclass Evil: pass\n"
    for place in (folder, folder / "unet", folder / "text_encoder", folder / "tokenizer"):
        (place / "pipeline.py").write_text(code)
        (place / "modeling_evil.py").write_text(code)
    told = spoilt_index(folder, unet=["pipeline", "Evil"])
    assert "its `unet` is a `pipeline.Evil` and not a `UNet2DConditionModel`" in told
    change_json(folder / "model_index.json", unet=["diffusers", "UNet2DConditionModel"])
    evil = {"AutoModel": "modeling_evil.Evil", "AutoConfig": "modeling_evil.Evil"}
    change_json(folder / "text_encoder" / "config.json", auto_map=evil)
    auto = {"AutoTokenizer": ["modeling_evil.Evil", "modeling_evil.Evil"]}
    change_json(folder / "tokenizer" / "tokenizer_config.json", auto_map=auto)
    with suppress(RenderProblem):
        load_engine(Setup(ModelRef(reference=str(folder), sha256="")), "cpu").encode("a cat")
    assert not marker.exists()


def test_pickles_are_not_opened(copy: Callable[[str], Path], tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (open, (str(tmp_path / "marker"), "w"))

    folder = copy("sd1")
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    assert "holds no `.safetensors`, only `.bin`" in refused(folder).message
    assert not (tmp_path / "marker").exists()


def test_what_is_missing_is_named(copy: Callable[[str], Path]) -> None:
    folder = copy("sdxl")
    shutil.rmtree(folder / "text_encoder_2")
    assert "it has no folder `text_encoder_2`" in refused(folder).message
    other = copy("flux")
    shutil.rmtree(other / "tokenizer_2")
    assert "it has no folder `tokenizer_2`" in refused(other).message
    assert "it is a folder of one `UNet2DConditionModel`" in refused(other.parent / "sdxl" / "unet").message
    third = copy("sd2")
    (third / "scheduler" / "scheduler_config.json").unlink()
    assert "`scheduler/scheduler_config.json` is missing" in refused(third).message


def test_a_missing_file_of_several_is_named(copy: Callable[[str], Path]) -> None:
    folder = copy("sd1") / "unet"
    weights = dict(part(folder.parent, "unet"))
    (folder / "diffusion_pytorch_model.safetensors").unlink()
    names = sorted(weights)
    halves = {"1-of-2": names[::2], "2-of-2": names[1::2]}
    table: dict[str, str] = {}
    for which, own in halves.items():
        file = f"diffusion_pytorch_model-0000{which[0]}-of-00002.safetensors"
        save_file({name: weights[name] for name in own}, folder / file, metadata={"format": "pt"})
        table |= dict.fromkeys(own, file)
    index = {"metadata": {}, "weight_map": table}
    (folder / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
    setup = Setup(ModelRef(reference=str(folder.parent), sha256=""))
    assert load_engine(setup, "cpu").tokens("a cat") == (77,)
    (folder / "diffusion_pytorch_model-00002-of-00002.safetensors").unlink()
    assert "00002-of-00002.safetensors` is missing" in refused(folder.parent).message


def test_half_precision_files_stand_for_the_others(copy: Callable[[str], Path]) -> None:
    folder = copy("sd1")
    for name, stem in (
        ("unet", "diffusion_pytorch_model"),
        ("vae", "diffusion_pytorch_model"),
        ("text_encoder", "model"),
    ):
        halved = {key: tensor.half() for key, tensor in part(folder, name).items()}
        (folder / name / f"{stem}.safetensors").unlink()
        save_file(halved, folder / name / f"{stem}.fp16.safetensors", metadata={"format": "pt"})
    engine = load_engine(Setup(ModelRef(reference=str(folder), sha256="")), "cpu")
    assert engine.encode("a cat").states.dtype == torch.float32


def test_cut_and_strange_files_are_told_from_models(copy: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copy("sd1")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[: len(data) // 2])
    assert "is cut short" in refused(folder).message
    page = tmp_path / "page.safetensors"
    page.write_text("<!doctype html><html>log in</html>")
    assert "is a page of the web" in refused(page).message
    page.write_bytes(pickle.dumps({"a": 1}))
    assert "is a pickle" in refused(page).message


def test_weights_that_are_no_numbers_are_refused(copy: Callable[[str], Path]) -> None:
    folder = copy("sd1")
    weights = dict(part(folder, "unet"))
    weights["conv_in.bias"] = torch.full_like(weights["conv_in.bias"], float("nan"))
    change(folder, "unet", weights)
    assert "weights of its `unet` hold no numbers (NaN)" in refused(folder).message


def test_text_encoders_without_numbers_are_refused(copy: Callable[[str], Path]) -> None:
    folder = copy("sd1")
    name, first = next(iter(part(folder, "text_encoder").items()))
    change(folder, "text_encoder", {**part(folder, "text_encoder"), name: torch.full_like(first, torch.nan)})
    assert "weights of its `text_encoder` hold no numbers (NaN)" in refused(folder).message


def test_what_is_missing_is_told_before_the_largest_part_is_read(
    copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("the denoiser is read")

    monkeypatch.setattr("anim_runtime.diffusion.families.folder.denoiser_in", read)
    folder = copy("sd3")
    (folder / "scheduler" / "scheduler_config.json").unlink()
    assert "scheduler_config.json` is missing" in refused(folder).message
    other = copy("sdxl")
    shutil.rmtree(other / "vae")
    assert "`vae/config.json` is missing" in refused(other).message
    third = copy("flux")
    (weights,) = (third / "transformer").glob("*.safetensors")
    weights.unlink()
    assert "its `transformer` holds no weights" in refused(third).message


def test_weights_of_other_shapes_are_refused(copy: Callable[[str], Path]) -> None:
    folder = copy("sd1")
    change_json(folder / "unet" / "config.json", cross_attention_dim=20)
    assert "cannot be loaded" in refused(folder).message
    other = copy("sd3")
    change_json(other / "transformer" / "config.json", in_channels=4)
    assert "cannot be loaded" in refused(other).message


def test_another_kind_of_file_is_named_with_what_to_write(tmp_path: Path) -> None:
    file = tmp_path / "neon.safetensors"
    down, up = (
        "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_{}.weight".format,
        "up",
    )
    save_file({down("down"): torch.zeros(4, 768), down(up): torch.zeros(320, 4)}, file)
    problem = refused(file)
    assert "it is a LoRA for Stable Diffusion 1.x and no model" in problem.message
    assert "`lora NAME" in problem.hint
    save_file({"anything.weight": torch.zeros(2, 2)}, file)
    assert "of no family that is known here" in refused(file).message
    hole = {"model.diffusion_model.input_blocks.0.0.weight": torch.zeros(320, 9, 3, 3)}
    hole["model.diffusion_model.time_embed.0.weight"] = torch.zeros(2, 2)
    hole["model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"] = torch.zeros(
        2, 768
    )
    save_file(hole, file)
    assert "it is an inpainting model" in refused(file).message
    scaled = {"model.diffusion_model.double_blocks.0.img_attn.proj.scale_weight": torch.zeros(1)}
    save_file(scaled, file)
    assert "scaled fp8" in refused(file).message


def test_the_refiner_is_no_model_to_draw_with() -> None:
    from anim_runtime.diffusion.families.blueprint import UnknownModel
    from anim_runtime.diffusion.families.wrapping import wrapped

    config = SimpleNamespace(
        in_channels=4,
        out_channels=4,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2560,
        cross_attention_dim=1280,
    )
    with pytest.raises(UnknownModel, match="refiner of SDXL"):
        wrapped("sdxl", SimpleNamespace(config=config))
