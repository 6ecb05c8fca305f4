"""ControlNets of transformers add what they add in diffusers' own pipelines, at every step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from tests.runtime.diffusion.control.tiny_nets import loud, picture
from tests.runtime.diffusion.families.judged import PACKED, SCALE, conditioning, told

from anim_runtime.diffusion.control.loading import net_of
from anim_runtime.diffusion.control.nets import ControlNets
from anim_runtime.diffusion.families.folder import folder_model
from anim_runtime.diffusion.families.packing import unpacked
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.request import Hint, Request, Sampling

STEPS = 4
HINTS = (Hint("a", picture(1), 0.8, 0.0, 0.75), Hint("b", picture(2), 1.3, 0.25, 1.0))
#: untyped: diffusers
LIBRARY: Any = diffusers
PIPELINES = {
    "sd3": ("StableDiffusion3ControlNetPipeline", "SD3ControlNetModel"),
    "flux": ("FluxControlNetPipeline", "FluxControlNetModel"),
    "qwen-image": ("QwenImageControlNetPipeline", "QwenImageControlNetModel"),
}


def _net(family: str, transformer: Any, seed: int) -> Any:
    torch.manual_seed(seed)
    known = getattr(LIBRARY, PIPELINES[family][1])
    more: dict[str, Any] = {
        "flux": {"num_single_layers": 1, "attention_head_dim": 16, "num_attention_heads": 2},
        "sd3": {"num_extra_conditioning_channels": 0},
        "qwen-image": {"attention_head_dim": 16, "num_attention_heads": 2},
    }.get(family, {})
    made = known.from_transformer(transformer, num_layers=1, **more)
    return loud(made, seed)


# several networks of Qwen-Image at once are not known to its pipeline
@pytest.mark.parametrize(
    ("family", "count"), [("sd3", 1), ("sd3", 2), ("flux", 1), ("flux", 2), ("qwen-image", 1)]
)
def test_predicts_what_the_pipeline_of_diffusers_does(
    family: str, count: int, family_folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

    # the engine takes the middle of what a VAE says, so that stills stay still
    monkeypatch.setattr(DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode())
    folder, hints = family_folder(family), HINTS[:count]
    model = folder_model(folder, torch.device("cpu"), "auto")
    nets = [_net(family, model.denoiser.model, seed) for seed in range(count)]
    pipeline = getattr(LIBRARY, PIPELINES[family][0]).from_pretrained(
        str(folder), controlnet=_several(family, nets), local_files_only=True
    )
    asked = Request(
        conditioning(family, 1),
        conditioning(family, 2),
        Sampling(STEPS, SCALE, "Euler", 1),
        64,
        64,
        hints=hints,
    )
    seen = run(family, pipeline, asked)
    assert len(seen) == STEPS
    made = [net_of(h.name, "canny", n, model.denoiser, model.codec) for h, n in zip(hints, nets, strict=True)]
    with torch.inference_mode():
        controls = ControlNets(made)
        guide = Guidance(model.denoiser, [asked], asked.signature.tokens, controls=controls)
        plain = Guidance(model.denoiser, [asked], asked.signature.tokens)
        for place, (latents, timestep, predicted) in enumerate(seen):
            ours = guide(latents, timestep, place / STEPS, (place + 1) / STEPS)
            assert torch.allclose(ours, predicted, atol=1e-4), (place, (ours - predicted).abs().max())
            without = plain(latents, timestep)
            acts = any(h.start <= place / STEPS and (place + 1) / STEPS <= h.end for h in hints)
            assert acts == (not torch.allclose(without, predicted, atol=1e-4))


def _several(family: str, nets: list[Any]) -> Any:
    if len(nets) == 1:
        return nets[0]
    if family == "qwen-image":
        return LIBRARY.QwenImageMultiControlNetModel(nets)
    return (
        LIBRARY.SD3MultiControlNetModel(nets) if family == "sd3" else LIBRARY.FluxMultiControlNetModel(nets)
    )


def run(
    family: str, pipeline: Any, asked: Request, **given: Any
) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """The latents, timesteps and guided predictions of a pipeline's steps; it is told `given` besides."""
    seen: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []
    step = pipeline.scheduler.step

    def plain(latents: torch.Tensor) -> torch.Tensor:
        return unpacked(latents, 8, 8) if family in PACKED else latents

    def recorded(predicted: torch.Tensor, timestep: torch.Tensor, latents: torch.Tensor, **more: Any) -> Any:
        seen.append((plain(latents).clone(), timestep.clone(), plain(predicted).clone()))
        return step(predicted, timestep, latents, **more)

    pipeline.scheduler.step = recorded
    pipeline.set_progress_bar_config(disable=True)
    one = len(asked.hints) == 1
    pictures, weights = [h.picture for h in asked.hints], [h.weight for h in asked.hints]
    pipeline(
        control_image=pictures[0] * 2 - 1 if one else [p * 2 - 1 for p in pictures],
        controlnet_conditioning_scale=weights[0] if one else weights,
        control_guidance_start=asked.hints[0].start if one else [h.start for h in asked.hints],
        control_guidance_end=asked.hints[0].end if one else [h.end for h in asked.hints],
        num_inference_steps=asked.how.steps,
        generator=torch.Generator().manual_seed(4),
        output_type="latent",
        height=64,
        width=64,
        **told(family, asked.positive, asked.negative),
        **given,
    )
    return seen
