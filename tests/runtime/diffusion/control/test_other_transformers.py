"""ControlNets of transformers that are built otherwise: unions, those of pixels, those of 3.5 large.

Each step is compared with what diffusers' own pipeline makes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from tests.runtime.diffusion.control.test_transformers import run
from tests.runtime.diffusion.control.tiny_nets import loud, picture
from tests.runtime.diffusion.families.judged import SCALE, conditioning

from anim_runtime.diffusion.control.loading import net_of
from anim_runtime.diffusion.control.nets import ControlNets
from anim_runtime.diffusion.control.transformer_net import FLUX_MODES
from anim_runtime.diffusion.families.folder import folder_model
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.request import Hint, Request, Sampling

HINTS = (Hint("a", picture(1), 0.8),)


def _compared(family: str, kind: str, folder: Path, make: Callable[[Any], Any], **given: Any) -> None:
    """`given` is what the pipeline of diffusers is told besides."""
    model = folder_model(folder, torch.device("cpu"), "auto")
    torch.manual_seed(5)
    net = loud(make(model.denoiser.model), 5)
    name = {"flux": "FluxControlNetPipeline", "sd3": "StableDiffusion3ControlNetPipeline"}[family]
    library: Any = diffusers
    pipeline = getattr(library, name).from_pretrained(str(folder), controlnet=net, local_files_only=True)
    sampling = Sampling(3, SCALE, "Euler", 1)
    asked = Request(conditioning(family, 1), conditioning(family, 2), sampling, 64, 64, hints=HINTS)
    seen = run(family, pipeline, asked, **given)
    with torch.inference_mode():
        controls = ControlNets([net_of("a", kind, net, model.denoiser, model.codec)])
        guide = Guidance(model.denoiser, [asked], asked.signature.tokens, controls=controls)
        plain = Guidance(model.denoiser, [asked], asked.signature.tokens)
        for place, (latents, timestep, predicted) in enumerate(seen):
            ours = guide(latents, timestep, place / 3, (place + 1) / 3)
            assert torch.allclose(ours, predicted, atol=1e-4), (place, (ours - predicted).abs().max())
            assert not torch.allclose(plain(latents, timestep), predicted, atol=1e-4)


def _flux(transformer: Any, **more: Any) -> Any:
    """A network of one layer of each sort, for a tiny Flux."""
    known: Any = diffusers.FluxControlNetModel
    config = {name: value for name, value in transformer.config.items() if not name.startswith("_")}
    config = {name: value for name, value in config.items() if name != "out_channels"}
    return known(**{**config, "num_layers": 1, "num_single_layers": 1, **more})


@pytest.fixture(autouse=True)
def _middles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine takes the middle of what a VAE says, so that stills stay still."""
    from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

    monkeypatch.setattr(DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode())


@pytest.mark.parametrize("kind", ["canny", "pose"])
def test_a_union_for_flux_is_told_its_mode(kind: str, family_folder: Callable[[str], Path]) -> None:
    mode = FLUX_MODES[kind]
    _compared("flux", kind, family_folder("flux"), lambda t: _flux(t, num_mode=7), control_mode=mode)


def test_one_for_flux_that_looks_at_pixels(family_folder: Callable[[str], Path]) -> None:
    pixels = {"conditioning_embedding_channels": 4, "patch_size": 2}
    _compared("flux", "canny", family_folder("flux"), lambda t: _flux(t, **pixels))


@pytest.mark.parametrize("is_blind", [False, True])
def test_those_of_3_5_large_have_no_words_of_their_own(
    is_blind: bool, family_folder: Callable[[str], Path]
) -> None:
    known: Any = diffusers.SD3ControlNetModel

    def make(transformer: Any) -> Any:
        config = {name: value for name, value in transformer.config.items() if not name.startswith("_")}
        large = {
            "num_layers": 1,
            "joint_attention_dim": None,
            "use_pos_embed": False,
            "pos_embed_type": None,
            "force_zeros_for_pooled_projection": is_blind,
        }
        return known(**{**config, **large})

    _compared("sd3", "canny", family_folder("sd3"), make)
