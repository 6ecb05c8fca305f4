"""Folders of models by the JSON in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from anim_compiler.models.folders import folder_facts


def made(folder: Path, files: dict[str, object]) -> Path:
    for name, told in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return folder


def unet(width: int) -> dict[str, object]:
    return {"_class_name": "UNet2DConditionModel", "cross_attention_dim": width}


@pytest.mark.parametrize(
    ("pipeline", "width", "family"),
    [
        ("StableDiffusionPipeline", 768, "sd1"),
        ("StableDiffusionPipeline", 1024, "sd2"),
        ("StableDiffusionPipeline", 32, "sd1"),
        ("StableDiffusionXLPipeline", 2048, "sdxl"),
        ("StableDiffusion3Pipeline", 0, "sd3"),
        ("FluxPipeline", 0, "flux"),
        ("Flux2Pipeline", 0, ""),
        ("QwenImagePipeline", 0, "qwen-image"),
        ("ZImagePipeline", 0, "z-image"),
        ("KandinskyPipeline", 0, ""),
    ],
)
def test_a_pipeline_tells_its_family(pipeline: str, width: int, family: str, tmp_path: Path) -> None:
    files = {"model_index.json": {"_class_name": pipeline}, "unet/config.json": unet(width)}
    found = folder_facts(made(tmp_path, files))
    assert found is not None
    assert (found.kind, found.family, found.layout) == ("checkpoint", family, "diffusers")


def test_a_scheduler_tells_what_is_predicted(tmp_path: Path) -> None:
    files = {
        "model_index.json": {"_class_name": "StableDiffusionPipeline"},
        "scheduler/scheduler_config.json": {"prediction_type": "v_prediction"},
    }
    found = folder_facts(made(tmp_path, files))
    assert found is not None
    assert found.prediction == "v"


@pytest.mark.parametrize(
    ("part", "config", "told"),
    [
        ("transformer", {"guidance_embeds": True}, "embedded"),
        ("transformer", {"guidance_embeds": False}, ""),
        ("unet", {"time_cond_proj_dim": 256}, "embedded"),
        ("unet", {"time_cond_proj_dim": None}, ""),
    ],
)
def test_a_denoiser_tells_whether_it_embeds_guidance(
    part: str, config: dict[str, object], told: str, tmp_path: Path
) -> None:
    files = {"model_index.json": {"_class_name": "FluxPipeline"}, f"{part}/config.json": config}
    found = folder_facts(made(tmp_path, files))
    assert found is not None
    assert found.guidance == told


@pytest.mark.parametrize(
    ("config", "kind", "family"),
    [
        ({"_class_name": "ControlNetModel", "cross_attention_dim": 2048}, "controlnet", "sdxl"),
        ({"_class_name": "FluxControlNetModel"}, "controlnet", "flux"),
        ({"_class_name": "AutoencoderKL"}, "vae", ""),
        ({"_class_name": "AutoencoderKLQwenImage"}, "vae", "qwen-image"),
        ({"_class_name": "AutoencoderTiny"}, "vae", ""),
        (unet(768), "unet", "sd1"),
        ({"_class_name": "SD3Transformer2DModel"}, "unet", "sd3"),
        ({"architectures": ["DepthAnythingForDepthEstimation"]}, "depth", ""),
        ({"architectures": ["CLIPTextModel"]}, "text encoder", ""),
    ],
)
def test_a_part_tells_what_it_is(config: dict[str, object], kind: str, family: str, tmp_path: Path) -> None:
    found = folder_facts(made(tmp_path / "canny", {"config.json": config}))
    assert found is not None
    assert (found.kind, found.family) == (kind, family)
    assert found.control == ("canny" if kind == "controlnet" else "")


@pytest.mark.parametrize("text", ["", "[", "[]", "7", '{"architectures": 7}', '{"architectures": []}', "{}"])
def test_a_folder_of_something_else_is_no_model(text: str, tmp_path: Path) -> None:
    assert folder_facts(made(tmp_path, {"config.json": text})) is None
    assert folder_facts(tmp_path / "none") is None
