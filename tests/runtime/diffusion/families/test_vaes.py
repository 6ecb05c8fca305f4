"""Autoencoders: a film's own in the model's place, tiny ones, and those that overflow."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tests.runtime.diffusion.families import parts
from tests.runtime.diffusion.families.files import original_vae

from anim_compiler.plan import ModelRef, Precision
from anim_runtime.diffusion.codec import VaeCodec
from anim_runtime.diffusion.engine import load_engine
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.precision import formats
from anim_runtime.diffusion.loading import load_parts, quiet
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.widening import WideningCodec
from anim_runtime.models.library import Places
from anim_runtime.problems import RenderProblem

CPU = torch.device("cpu")


def loaded(model: Path, vae: Path | None = None, precision: Precision = "auto") -> Loaded:
    other = None if vae is None else ModelRef(reference=str(vae), sha256="")
    setup = Setup(ModelRef(reference=str(model), sha256=""), other, precision=precision)
    places = Places()
    with quiet():
        return load_parts(setup, CPU, places.find(str(model)), model, places)


def picture(seed: int = 1) -> torch.Tensor:
    return torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(seed))


def made(vae: Any, folder: Path) -> Path:
    vae.save_pretrained(folder)
    return folder


def test_a_tiny_autoencoder_stands_for_the_models_own(
    family_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    torch.manual_seed(1)
    vae = parts.tiny_vae()
    codec = loaded(family_folder("sd1"), made(vae, tmp_path / "taesd")).codec
    image = picture()
    with torch.no_grad():
        latents = vae.eval().encode(image * 2.0 - 1.0).latents
        back = (vae.decode(latents).sample / 2.0 + 0.5).clamp(0.0, 1.0)
        assert torch.allclose(codec.encode(image), latents, atol=1e-6)
        assert torch.allclose(codec.decode(latents, 32, 48), back, atol=1e-6)
        save_file(vae.state_dict(), tmp_path / "one.safetensors")
        assert torch.equal(
            loaded(family_folder("sd1"), tmp_path / "one.safetensors").codec.encode(image),
            codec.encode(image),
        )


def test_a_vae_that_does_not_suit_is_told_before_the_model_is_read(
    family_folder: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: Any, **__: Any) -> Any:
        raise AssertionError("the model is read")

    monkeypatch.setattr("anim_runtime.diffusion.families.folder.denoiser_in", read)
    sixteen = made(parts.vae(16), tmp_path / "sixteen")
    with pytest.raises(RenderProblem, match=r"the VAE `.*` cannot be loaded: its latents have 16 channels"):
        loaded(family_folder("flux"), sixteen)
    with pytest.raises(RenderProblem, match="the model is read"):
        loaded(family_folder("flux"), made(parts.vae(4), tmp_path / "four"))


def test_a_vae_comes_from_a_folder_a_model_or_a_file(
    family_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    torch.manual_seed(2)
    other = made(parts.vae(scaling_factor=0.5), tmp_path / "other")
    model = family_folder("sd1")
    image = picture()
    with torch.no_grad():
        own = loaded(model).codec.encode(image)
        new = loaded(model, other).codec.encode(image)
        assert not torch.allclose(own, new, atol=1e-3)
        whole = shutil.copytree(model, tmp_path / "whole")
        shutil.rmtree(whole / "vae")
        shutil.copytree(other, whole / "vae")
        assert torch.equal(loaded(model, whole).codec.encode(image), new)
        for prefix in ("first_stage_model.", ""):
            names = {name.removeprefix("first_stage_model."): t for name, t in original_vae(whole).items()}
            weights = {prefix + name: tensor.contiguous() for name, tensor in names.items()}
            save_file(weights, tmp_path / "one.safetensors")
            (tmp_path / "one").mkdir(exist_ok=True)
            shutil.copy(other / "config.json", tmp_path / "one" / "config.json")
            assert torch.allclose(loaded(model, tmp_path / "one.safetensors").codec.encode(image), new)


def test_a_vae_of_another_kind_is_refused(family_folder: Callable[[str], Path], tmp_path: Path) -> None:
    sixteen = made(parts.vae(16), tmp_path / "sixteen")
    with pytest.raises(RenderProblem, match="its latents have 16 channels, and the model draws 4") as problem:
        loaded(family_folder("sdxl"), sixteen)
    assert problem.value.exit_code == 7
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(RenderProblem, match="it holds no VAE"):
        loaded(family_folder("sdxl"), tmp_path / "a.safetensors")
    save_file({"0.weight": torch.zeros(64, 3, 3, 3)}, tmp_path / "half.safetensors")
    with pytest.raises(RenderProblem, match="it is half of a tiny VAE"):
        loaded(family_folder("sdxl"), tmp_path / "half.safetensors")
    with pytest.raises(RenderProblem, match="built-in model has an autoencoder of its own"):
        load_engine(
            Setup(ModelRef(reference="postcard", sha256=""), ModelRef(reference=str(sixteen), sha256="")),
            "cpu",
        )


class Overflowing(torch.nn.Module):
    """An autoencoder that leaves the range of float16 where a latent or a pixel is large, and no other."""

    config = SimpleNamespace(block_out_channels=(8, 8, 8, 8), scaling_factor=1.0, latent_channels=4)

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(1e4, dtype=torch.float16))

    @property
    def dtype(self) -> torch.dtype:
        return self.weight.dtype

    def decode(self, latents: torch.Tensor, return_dict: bool) -> tuple[torch.Tensor]:
        large = latents * self.weight
        return (torch.nn.functional.interpolate(large[:, :3] / self.weight, scale_factor=8),)

    def encode(self, images: torch.Tensor) -> SimpleNamespace:
        large = images.repeat(1, 2, 1, 1)[:, :4] * self.weight
        return SimpleNamespace(latents=torch.nn.functional.avg_pool2d(large / self.weight, 8))


def test_one_that_overflows_in_half_precision_goes_on_in_full() -> None:
    vae, said = Overflowing(), list[str]()
    codec = WideningCodec(VaeCodec(vae), said.append)
    latents = torch.rand(1, 4, 2, 2)
    with torch.inference_mode():
        codec.decode(latents, 16, 16)
        assert vae.dtype == torch.float16
        assert said == []
        # not before a later picture
        drawn = codec.decode(latents * 100.0, 16, 16)
        assert torch.equal(drawn, VaeCodec(Overflowing().float()).decode(latents * 100.0, 16, 16))
    assert vae.dtype == torch.float32
    assert said == ["the model's VAE overflows float16: it goes on in float32"]


def test_one_that_overflows_while_it_encodes_goes_on_in_full() -> None:
    vae = Overflowing()
    with torch.inference_mode():
        latents = WideningCodec(VaeCodec(vae), lambda said: None).encode(torch.full((1, 3, 16, 16), 20.0))
    assert bool(torch.isfinite(latents).all())
    assert vae.dtype == torch.float32


def test_latents_that_are_no_numbers_are_not_the_autoencoders_fault() -> None:
    vae = Overflowing()
    with torch.inference_mode():
        WideningCodec(VaeCodec(vae), lambda said: None).decode(torch.full((1, 4, 2, 2), torch.nan), 16, 16)
    assert vae.dtype == torch.float16


def test_numbers_have_the_format_that_the_family_holds() -> None:
    card = torch.device("cuda")
    assert formats("sdxl", "auto", CPU).denoiser == torch.float32
    assert formats("sdxl", "auto", card).denoiser == torch.float16
    assert formats("sdxl", "auto", card).vae(force_upcast=True) == torch.float32
    assert formats("sdxl", "auto", card).vae(force_upcast=False) == torch.float16
    assert formats("flux", "auto", card).denoiser == torch.bfloat16
    assert formats("flux", "auto", card).vae(force_upcast=True) == torch.bfloat16
    assert formats("postcard", "auto", card).denoiser == torch.float32
    assert formats("flux", "float16", card).text("T5EncoderModel") == torch.bfloat16
    assert formats("flux", "float16", card).text("CLIPTextModel") == torch.float16
    assert formats("sd1", "bfloat16", CPU).denoiser == torch.bfloat16


def test_older_cards_have_no_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: including_emulation)
    card = torch.device("cuda")
    assert formats("flux", "auto", card).denoiser == torch.float16
    assert formats("qwen-image", "auto", card).denoiser == torch.float32
    assert formats("sdxl", "auto", card).denoiser == torch.float16


@pytest.mark.parametrize("name", ["sd1", "sdxl", "sd3", "flux", "qwen-image", "z-image"])
def test_half_precision_draws_nearly_the_same(name: str, family_folder: Callable[[str], Path]) -> None:
    how = Sampling(steps=2, cfg_scale=2.0, sampler="Euler", seed=1)
    drawn = []
    for precision in ("float32", "bfloat16"):
        setup = Setup(ModelRef(reference=str(family_folder(name)), sha256=""), precision=precision)
        engine = load_engine(setup, "cpu")
        asked = Request(engine.encode("a cat"), engine.encode("blue"), how, 64, 64)
        drawn.append(engine.draw([asked])[0])
    assert drawn[1].dtype == torch.float32
    assert not torch.equal(*drawn)
    assert float((drawn[0] - drawn[1]).abs().mean()) < 0.02
