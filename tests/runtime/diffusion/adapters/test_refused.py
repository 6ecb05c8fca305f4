"""LoRAs that cannot be used, told by name before a number of the model is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.adapters import lora_models as tiny

from anim_compiler.plan import ModelRef, NamedRef
from anim_runtime.diffusion.adapters.lora_file import check_family, open_lora
from anim_runtime.diffusion.engine import load_engine
from anim_runtime.diffusion.setup import Setup
from anim_runtime.models.library import Places
from anim_runtime.problems import RenderProblem

Q = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"


def problem(act: Callable[[], object]) -> RenderProblem:
    """What is told; always with the exit code of models, in one line, and with what to do."""
    with pytest.raises(RenderProblem) as caught:
        act()
    assert caught.value.exit_code == 7
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value


def one(path: Path, tensors: dict[str, torch.Tensor]) -> NamedRef:
    return tiny.write(tensors, path / "neon.safetensors")


def pair(name: str, inputs: int = 8, outputs: int = 8, rank: int = 2) -> dict[str, torch.Tensor]:
    return {
        f"{name}.lora_A.weight": torch.ones(rank, inputs),
        f"{name}.lora_B.weight": torch.ones(outputs, rank),
    }


def test_another_family_is_named_with_the_models(tmp_path: Path) -> None:
    block = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k"
    tensors = {
        f"{block}.lora_down.weight": torch.zeros(4, 2048),
        f"{block}.lora_up.weight": torch.zeros(640, 4),
    }
    lora = open_lora(one(tmp_path, tensors), Places())
    told = problem(lambda: check_family(lora, "sd1"))
    assert told.message == "`neon` is a LoRA for Stable Diffusion XL, and the model is Stable Diffusion 1.x"
    check_family(lora, "sdxl")
    check_family(lora, "")
    setup = Setup(ModelRef(reference="postcard", sha256=""), loras=(one(tmp_path, tensors),))
    told = problem(lambda: load_engine(setup, "cpu"))
    assert "Stable Diffusion XL" in told.message
    assert "the built-in model" in told.message


@pytest.mark.parametrize(("inputs", "outputs", "said"), [
    (9, 8, "has 8, and `unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight` 9"),
    (8, 7, "has 8, and `unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora_B.weight` 7"),
])  # fmt: skip
def test_shapes_that_do_not_fit(inputs: int, outputs: int, said: str, tmp_path: Path) -> None:
    ref = one(tmp_path, pair(f"unet.{Q}", inputs, outputs))
    assert said in problem(lambda: tiny.ours("sd1", [ref])).message


def test_matrices_that_do_not_meet(tmp_path: Path) -> None:
    tensors = pair(f"unet.{Q}") | {f"unet.{Q}.lora_B.weight": torch.ones(8, 3)}
    assert "has 2, and" in problem(lambda: tiny.ours("sd1", [one(tmp_path, tensors)])).message
    kernel = {
        "unet.conv_in.lora_A.weight": torch.ones(2, 4, 5, 5),
        "unet.conv_in.lora_B.weight": torch.ones(8, 2, 1, 1),
    }
    told = problem(lambda: tiny.ours("sd1", [one(tmp_path, kernel)]))
    assert "`conv_in` has 3 × 3, and `unet.conv_in.lora_A.weight` 5 × 5" in told.message


def test_layers_that_the_model_does_not_have(tmp_path: Path) -> None:
    strange = pair("unet.down_blocks.7.attentions.0.transformer_blocks.0.attn1.to_q")
    told = problem(lambda: tiny.ours("sd1", [one(tmp_path, strange)]))
    assert told.message.startswith("no layer of the LoRA `neon` is in the model, such as `unet.down_blocks.7")
    told = problem(lambda: tiny.ours("sd1", [one(tmp_path, strange | pair(f"unet.{Q}"))]))
    assert told.message.startswith("1 of the 2 layers of the LoRA `neon` are not in the model")
    second = pair("text_encoder_2.text_model.encoder.layers.0.self_attn.q_proj", 16, 16)
    told = problem(lambda: tiny.ours("sd1", [one(tmp_path, pair(f"unet.{Q}") | second)]))
    assert "text_encoder_2" in told.message


@pytest.mark.parametrize(("end", "kind"), [
    ("hada_w1_a", "LoHa"), ("lokr_w1", "LoKr"), ("oft_blocks", "OFT"), ("diff", "whole layers"),
    ("diff_b", "whole layers"), ("on_input", "IA3"), ("a1.weight", "GLoRA"), ("lora_B.bias", "biases"),
])  # fmt: skip
def test_other_kinds_are_refused_by_name(end: str, kind: str, tmp_path: Path) -> None:
    tensors = pair(f"unet.{Q}") | {f"unet.{Q}.{end}": torch.ones(2, 2)}
    assert kind in problem(lambda: open_lora(one(tmp_path, tensors), Places())).message


def test_dora_over_inputs_is_refused(tmp_path: Path) -> None:
    tensors = pair(f"unet.{Q}", 8, 8) | {f"unet.{Q}.dora_scale": torch.ones(1, 8)}
    assert "DoRA over inputs" in problem(lambda: tiny.ours("sd1", [one(tmp_path, tensors)])).message


@pytest.mark.parametrize(("tensors", "said"), [
    ({"emb_params": torch.zeros(2, 768)}, "is no LoRA but another file (embedding)"),
    ({"weight": torch.zeros(3)}, "is no LoRA"),
    ({}, "is no LoRA"),
    (pair(f"unet.{Q}") | {"odd\x1b[31m": torch.zeros(2)}, "which belongs to no LoRA"),
    ({f"unet.{Q}.lora_A.weight": torch.ones(2, 8)}, "is no LoRA"),
])  # fmt: skip
def test_files_that_are_no_lora(tensors: dict[str, torch.Tensor], said: str, tmp_path: Path) -> None:
    told = problem(lambda: open_lora(one(tmp_path, tensors), Places()))
    assert said in told.message
    assert "\x1b" not in told.message


@pytest.mark.parametrize("damage", ["cut", "pickle", "page", "missing"])
def test_files_that_are_none(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "neon.safetensors"
    if damage == "cut":
        one(tmp_path, pair(f"unet.{Q}"))
        path.write_bytes(path.read_bytes()[:-20])
    elif damage != "missing":
        path.write_bytes(
            b"\x80\x02}q\x00." * 9 if damage == "pickle" else b"<html><body>log in</body></html>"
        )
    ref = NamedRef(name="neon", reference=str(path), sha256="")
    told = problem(lambda: open_lora(ref, Places()))
    assert "neon.safetensors" in told.message


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("part", ["lora_A.weight", "lora_B.weight", "alpha"])
def test_numbers_that_are_none(value: float, part: str, tmp_path: Path) -> None:
    tensors = pair(f"unet.{Q}") | {f"unet.{Q}.alpha": torch.tensor(1.0)}
    tensors[f"unet.{Q}.{part}"].view(-1)[0] = value
    assert "NaN" in problem(lambda: tiny.ours("sd1", [one(tmp_path, tensors)])).message


def test_patterns_of_a_stranger_are_no_regular_expressions(tmp_path: Path) -> None:
    evil: dict[str, Any] = {"unet.lora_alpha": 2, "unet.alpha_pattern": {"(a+)+$": 3, "[": 4}}
    import json

    ref = tiny.write(
        pair(f"unet.{Q}"), tmp_path / "neon.safetensors", {"lora_adapter_metadata": json.dumps(evil)}
    )
    tiny.ours("sd1", [ref])


def test_a_lora_is_no_model_and_a_model_no_lora() -> None:
    ref = NamedRef(name="neon", reference="postcard", sha256="")
    assert "is a whole model" in problem(lambda: open_lora(ref, Places())).message


def test_any_shapes_at_all_end_in_a_sentence_or_fit(tmp_path: Path) -> None:
    from random import Random

    random, told, fine = Random(4), 0, 0
    for _ in range(60):
        tensors: dict[str, torch.Tensor] = {}
        for base in random.sample([f"unet.{Q}", "unet.conv_in", "unet.mid_block.resnets.0.conv1"], 2):
            rank, inputs = random.choice([0, 1, 2]), random.choice([4, 8, 16])
            tails: list[tuple[int, ...]] = [(), (1, 1), (3, 3), (3,)]
            shapes = {
                "lora_down.weight": (rank, inputs, *random.choice(tails)),
                "lora_up.weight": (random.choice([8, 16]), rank, *random.choice(tails[:2])),
                "alpha": random.choice([(), (1,), (2,), (0,)]),
                "lora_mid.weight": (rank, rank, *random.choice(tails)),
                "dora_scale": random.choice([(8,), (8, 1), (16, 1, 1, 1), (1, 8)]),
            }
            needed = ["lora_down.weight", "lora_up.weight"]
            extra = [part for part in list(shapes)[2:] if random.random() < 0.3]
            tensors |= {f"{base}.{part}": torch.ones(shapes[part]) for part in needed + extra}
        try:
            made, loras = tiny.ours("sd1", [one(tmp_path, tensors)])
            for pictures in (1, 2):
                loras.weigh([(0.5,)] * pictures)
                tiny.inputs("sd1", rows=pictures)(made["denoiser"])
            fine += 1
        except RenderProblem as found:
            told += found.exit_code == 7
    assert told + fine == 60
    assert told > 30
    assert fine > 0
