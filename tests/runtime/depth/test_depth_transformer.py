"""Depth models of transformers from a folder: tiny ones with random numbers, and folders that hold none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers import (
    DepthAnythingConfig,
    DepthAnythingForDepthEstimation,
    Dinov2Config,
    DPTConfig,
    DPTForDepthEstimation,
)

from anim_runtime.depth.library import folder, loaded
from anim_runtime.depth.transformer import look_of, space_of
from anim_runtime.problems import RenderProblem

torch.set_num_threads(1)

CPU = torch.device("cpu")
NECK = {"neck_hidden_sizes": [8, 8, 8, 8], "fusion_hidden_size": 8}
TINY = {"hidden_size": 16, "num_hidden_layers": 4, "num_attention_heads": 2}


def dpt(path: Path, *, safe: bool = True) -> None:
    torch.manual_seed(1)
    config = DPTConfig(
        **TINY, **NECK, intermediate_size=32, image_size=32, patch_size=16, backbone_out_indices=[0, 1, 2, 3],
        reassemble_factors=[4, 2, 1, 0.5],
    )  # fmt: skip
    model = DPTForDepthEstimation(config)
    model.save_pretrained(path)
    says = {"size": {"height": 32, "width": 32}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    (path / "preprocessor_config.json").write_text(json.dumps(says))
    if not safe:
        (path / "model.safetensors").unlink()
        torch.save(model.state_dict(), path / "pytorch_model.bin")


def depth_anything(path: Path, kind: str) -> None:
    torch.manual_seed(1)
    backbone = Dinov2Config(
        **TINY, image_size=28, patch_size=14, out_indices=[1, 2, 3, 4], apply_layernorm=True,
        reshape_hidden_states=False,
    )  # fmt: skip
    config = DepthAnythingConfig(
        backbone_config=backbone, **NECK, patch_size=14, reassemble_hidden_size=16, head_hidden_size=8,
        depth_estimation_type=kind, max_depth=10,
    )  # fmt: skip
    DepthAnythingForDepthEstimation(config).save_pretrained(path)
    says = {"size": {"height": 56, "width": 56}, "keep_aspect_ratio": True, "ensure_multiple_of": 14}
    (path / "preprocessor_config.json").write_text(json.dumps(says))


@torch.inference_mode()
def test_a_relative_model_gives_disparities(tmp_path: Path) -> None:
    dpt(tmp_path / "dpt")
    found = loaded("dpt", tmp_path, CPU)
    assert found.space == "disparity"
    image = torch.rand(1, 3, 40, 64, generator=torch.Generator().manual_seed(1))
    values = found(image)
    assert values.shape == (1, 1, 32, 32)
    assert torch.isfinite(values).all()
    assert torch.equal(found(image), values)
    # what it is shown is the picture: another one gives other values
    assert not torch.equal(found(1 - image), values)


@torch.inference_mode()
@pytest.mark.parametrize(("kind", "space"), [("relative", "disparity"), ("metric", "distance")])
def test_depth_anything_sees_the_whole_picture_in_its_shape(tmp_path: Path, kind: str, space: str) -> None:
    depth_anything(tmp_path / kind, kind)
    found = loaded(kind, tmp_path, CPU)
    assert found.space == space
    assert found(torch.rand(1, 3, 60, 120)).shape == (1, 1, 56, 112)


def test_a_model_that_is_not_here_is_said_with_its_own_exit_code(tmp_path: Path) -> None:
    for reference in ("models/none", "hf:nobody/nothing", "nobody/nothing"):
        with pytest.raises(RenderProblem, match="is not on this machine") as caught:
            folder(reference, tmp_path)
        assert caught.value.exit_code == 7
        assert "fetch it" in caught.value.hint


def test_pickled_models_are_refused(tmp_path: Path) -> None:
    dpt(tmp_path / "dpt", safe=False)
    with pytest.raises(RenderProblem, match="pickled") as caught:
        folder("dpt", tmp_path)
    assert caught.value.exit_code == 7
    assert "safetensors" in caught.value.hint


def test_folders_of_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RenderProblem, match="holds no depth model"):
        folder("empty", tmp_path)
    (tmp_path / "bert").mkdir()
    (tmp_path / "bert" / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "bert" / "model.safetensors").write_bytes(b"no model")
    with pytest.raises(RenderProblem, match="cannot be loaded") as caught:
        loaded("bert", tmp_path, CPU)
    assert caught.value.exit_code == 7


@pytest.mark.parametrize(
    "says", [{"image_mean": [0.5]}, {"image_std": [0.5, 0, 0.5]}, {"image_mean": "grey"}]
)
def test_a_model_that_says_what_cannot_be_is_refused(tmp_path: Path, says: dict[str, object]) -> None:
    dpt(tmp_path / "dpt")
    (tmp_path / "dpt" / "preprocessor_config.json").write_text(json.dumps({"do_normalize": True, **says}))
    with pytest.raises(RenderProblem, match="cannot be loaded") as caught:
        loaded("dpt", tmp_path, CPU)
    assert caught.value.exit_code == 7


def test_code_of_the_model_is_never_run(tmp_path: Path) -> None:
    dpt(tmp_path / "dpt")
    ran = tmp_path / "ran"
    config = json.loads((tmp_path / "dpt" / "config.json").read_text())
    own = dict.fromkeys(("AutoConfig", "AutoModelForDepthEstimation"), "own.Own")
    config |= {"model_type": "own", "auto_map": own}
    (tmp_path / "dpt" / "config.json").write_text(json.dumps(config))
    (tmp_path / "dpt" / "own.py").write_text(f"open({str(ran)!r}, 'w')\nclass Own: pass\n")
    with pytest.raises(RenderProblem, match="cannot be loaded"):
        loaded("dpt", tmp_path, CPU)
    assert not ran.exists()


def test_how_a_model_looks_is_read_from_its_files() -> None:
    look = look_of({"model_type": "zoedepth"}, {"size": {"height": 384, "width": 512}, "size_divisor": 32})
    assert (look.short, look.multiple, look.square) == (384, 32, False)
    assert look.size(480, 640) == (384, 512)
    assert look.size(100, 5000) == (384, 960)
    assert look_of({"model_type": "dpt", "backbone_config": {"model_type": "beit"}}, {}).square
    plain = look_of({"model_type": "glpn"}, {"do_normalize": False, "size_divisor": 32})
    assert (plain.mean, plain.spread) == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def test_what_the_values_are_is_read_from_its_files() -> None:
    assert space_of({"model_type": "zoedepth"}) == space_of({"model_type": "glpn"}) == "distance"
    assert space_of({"model_type": "dpt"}) == "disparity"
