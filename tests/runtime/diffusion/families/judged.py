"""diffusers' own pipelines as judges: what they predict at every step, and the picture in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from anim_runtime.diffusion.families.packing import unpacked
from anim_runtime.diffusion.told import Conditioning

#: the image-to-image pipeline of each family, and its scale of guidance by the film's `cfg_scale`
IMG2IMG = {
    "sd1": "StableDiffusionImg2ImgPipeline",
    "lcm": "LatentConsistencyModelImg2ImgPipeline",
    "sd2": "StableDiffusionImg2ImgPipeline",
    "sdxl": "StableDiffusionXLImg2ImgPipeline",
    "sd3": "StableDiffusion3Img2ImgPipeline",
    "flux": "FluxImg2ImgPipeline",
    "flux-schnell": "FluxImg2ImgPipeline",
    "qwen-image": "QwenImageImg2ImgPipeline",
    "z-image": "ZImageImg2ImgPipeline",
}
PACKED = ("flux", "flux-schnell", "qwen-image")
SCALE = 3.0


@dataclass(frozen=True, slots=True)
class Step:
    """What a pipeline predicts of latents `[1,C,h,w]` at a timestep, with guidance."""

    latents: torch.Tensor
    timestep: torch.Tensor
    predicted: torch.Tensor


@dataclass(frozen=True, slots=True)
class Judged:
    """A pipeline's run: its steps, the latents after the last, and its picture `[1,3,H,W]`."""

    steps: tuple[Step, ...]
    latents: torch.Tensor
    image: torch.Tensor


def judged(name: str, folder: Path, positive: Conditioning, negative: Conditioning, size: int = 64) -> Judged:
    """Runs a family's image-to-image pipeline on noise of its own, three of four steps."""
    import diffusers

    library: Any = diffusers
    pipeline = getattr(library, IMG2IMG[name]).from_pretrained(str(folder), local_files_only=True)
    if name == "lcm":
        pipeline.scheduler = library.LCMScheduler.from_config(pipeline.scheduler.config)
    pipeline.set_progress_bar_config(disable=True)
    seen: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]] = []
    step = pipeline.scheduler.step

    def recorded(predicted: torch.Tensor, timestep: torch.Tensor, latents: torch.Tensor, **more: Any) -> Any:
        made = step(predicted, timestep, latents, **more)
        seen.append((latents.clone(), timestep.clone(), predicted.clone(), made[0].clone()))
        return made

    pipeline.scheduler.step = recorded
    image = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(3))
    drawn = pipeline(
        image=image,
        strength=0.75,
        num_inference_steps=4,
        generator=torch.Generator().manual_seed(4),
        output_type="pt",
        **told(name, positive, negative),
        **({"height": size, "width": size} if name in (*PACKED, "sd3", "z-image") else {}),
    ).images
    wide = size // 8

    def plain(latents: torch.Tensor) -> torch.Tensor:
        return unpacked(latents, wide, wide) if name in PACKED else latents

    steps = tuple(Step(plain(a), t, plain(p)) for a, t, p, _ in seen)
    return Judged(steps, plain(seen[-1][3]), drawn)


def told(name: str, positive: Conditioning, negative: Conditioning) -> Mapping[str, Any]:
    """Two conditionings as the arguments of a family's pipeline."""
    if name == "z-image":
        rows = {"prompt_embeds": [positive.states[0]], "negative_prompt_embeds": [negative.states[0]]}
        return {**rows, "guidance_scale": SCALE - 1.0}
    given: dict[str, Any] = {"prompt_embeds": joined(positive), "negative_prompt_embeds": joined(negative)}
    if positive.pooled is not None:
        given |= {"pooled_prompt_embeds": positive.pooled, "negative_pooled_prompt_embeds": negative.pooled}
    if name == "lcm":
        return {"prompt_embeds": positive.states, "guidance_scale": SCALE}
    if name == "flux":
        return {
            "prompt_embeds": positive.states,
            "pooled_prompt_embeds": positive.pooled,
            "guidance_scale": SCALE,
        }
    if name in PACKED:
        return {**given, "true_cfg_scale": SCALE}
    return {**given, "guidance_scale": SCALE}


def joined(told: Conditioning) -> torch.Tensor:
    """All streams in a row, the narrower ones filled with zeros."""
    widest = max(stream.shape[2] for stream in told.streams)
    pad = torch.nn.functional.pad
    return torch.cat([pad(stream, (0, widest - stream.shape[2])) for stream in told.streams], dim=1)


#: width and tokens of each stream, and the width of the pooled vector
SHAPES: Mapping[str, tuple[tuple[tuple[int, int], ...], int]] = {
    "sd1": (((16, 77),), 0),
    "lcm": (((16, 77),), 0),
    "sd2": (((24, 77),), 0),
    "sdxl": (((40, 77),), 24),
    "sd3": (((32, 77), (48, 20)), 32),
    "flux": (((32, 30),), 16),
    "flux-schnell": (((32, 30),), 16),
    "qwen-image": (((16, 9),), 0),
    "z-image": (((16, 11),), 0),
}


def conditioning(name: str, seed: int, longer: int = 0) -> Conditioning:
    """Random numbers in the shape of a family's conditioning, `longer` by so many tokens."""
    generator = torch.Generator().manual_seed(seed)
    streams, pooled = SHAPES[name]
    made = tuple(torch.randn(1, tokens + longer, width, generator=generator) for width, tokens in streams)
    return Conditioning(made, torch.randn(1, pooled, generator=generator) if pooled else None)
