"""Controlled pictures are those of diffusers' own pipelines, on tiny random models."""

from __future__ import annotations

from typing import Any

import diffusers
import pytest
import torch
from tests.runtime.diffusion.control import tiny_nets as tiny
from tests.runtime.diffusion.families import parts

from anim_runtime.diffusion.control.unet_net import UNION
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.diffusion.request import Hint, Request, Sampling

STEPS, SCALE, SEED = 6, 4.0, 11
#: two hints that act for different parts of the sampling
HINTS = (Hint("a", tiny.picture(1), 0.8, 0.0, 0.7), Hint("b", tiny.picture(2), 1.3, 0.3, 1.0))


def _scheduler() -> Any:
    known: Any = diffusers.DDIMScheduler
    return known.from_config(
        parts.ddim().config,
        steps_offset=1,
        set_alpha_to_one=False,
        clip_sample=False,
        timestep_spacing="leading",
    )


def _asked(hints: tuple[Hint, ...], image: torch.Tensor | None, strength: float, pooled: int) -> Request:
    positive, negative = (tiny.conditioning(seed, pooled=pooled) for seed in (5, 6))
    how = Sampling(STEPS, SCALE, "DDIM", SEED)
    return Request(positive, negative, how, 64, 64, image, strength, hints=hints)


def _theirs(made: Any, ours: Any, asked: Request, **more: Any) -> torch.Tensor:
    """The pipeline's picture from the engine's own noise."""
    noise = initial_noise(SEED, (4, 8, 8), torch.device("cpu"))

    def begun(*args: Any, **kwargs: Any) -> torch.Tensor:
        # image-to-image: where the noise comes from, and the posterior's mode, are the engine's
        timestep = args[1]
        assert asked.image is not None
        noisy: torch.Tensor = made.scheduler.add_noise(ours.encode(asked.image), noise, timestep[:1])
        return noisy

    told: dict[str, Any] = {
        "prompt_embeds": asked.positive.states,
        "negative_prompt_embeds": asked.negative.states,
    }
    if asked.positive.pooled is not None:
        told |= {
            "pooled_prompt_embeds": asked.positive.pooled,
            "negative_pooled_prompt_embeds": asked.negative.pooled,
        }
    if asked.image is None:
        told["latents"] = noise
    else:
        made.prepare_latents = begun
        told |= {"image": asked.image, "strength": asked.strength}
    made.set_progress_bar_config(disable=True)
    result = made(
        num_inference_steps=STEPS,
        guidance_scale=SCALE,
        controlnet_conditioning_scale=[hint.weight for hint in asked.hints],
        control_guidance_start=[hint.start for hint in asked.hints],
        control_guidance_end=[hint.end for hint in asked.hints],
        output_type="pt",
        **told,
        **more,
    )
    drawn: torch.Tensor = result.images
    return drawn


@pytest.mark.parametrize("from_image", [False, True])
def test_two_controls_of_stable_diffusion(from_image: bool) -> None:
    """Text to image and image to image, weights, starts and ends, under guidance."""
    unet, vae = tiny.sd1()
    nets = [tiny.unet_net(unet, 1), tiny.unet_net(unet, 2)]
    known: Any = diffusers
    kind = (
        known.StableDiffusionControlNetImg2ImgPipeline
        if from_image
        else known.StableDiffusionControlNetPipeline
    )
    pipeline = kind(
        vae=vae, text_encoder=None, tokenizer=None, unet=unet, controlnet=list(nets), scheduler=_scheduler(),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    asked = _asked(HINTS, tiny.picture(9) if from_image else None, 0.8, 0)
    pictures = [hint.picture for hint in HINTS]
    shown = {"control_image": pictures} if from_image else {"image": pictures}
    engine = tiny.engine(tiny.denoiser_of(unet), vae, [("a", "canny", nets[0]), ("b", "depth", nets[1])])
    theirs = _theirs(pipeline, engine._codec, asked, **shown)
    (drawn,) = engine.draw([asked])
    assert (drawn - theirs).abs().max() < 1e-4
    (plain,) = engine.draw([_asked((), asked.image, 0.8, 0)])
    assert (drawn - plain).abs().max() > 1e-2, "the controls must do something for this to prove anything"


def test_two_controls_of_xl() -> None:
    """Sizes and pooled vectors reach the networks."""
    unet, vae = tiny.sdxl()
    nets = [tiny.unet_net(unet, 1), tiny.unet_net(unet, 2)]
    pipeline = diffusers.StableDiffusionXLControlNetPipeline(
        vae=vae, text_encoder=None, text_encoder_2=None, tokenizer=None, tokenizer_2=None, unet=unet,
        controlnet=list(nets), scheduler=_scheduler(), add_watermarker=False,
    )  # fmt: skip
    asked = _asked(HINTS, None, 1.0, 24)
    engine = tiny.engine(tiny.denoiser_of(unet), vae, [("a", "canny", nets[0]), ("b", "depth", nets[1])])
    theirs = _theirs(pipeline, engine._codec, asked, image=[hint.picture for hint in HINTS])
    (drawn,) = engine.draw([asked])
    assert (drawn - theirs).abs().max() < 1e-4


def test_a_union_of_kinds() -> None:
    """Stable Diffusion XL's union is told which kind a hint is."""
    unet, vae = tiny.sdxl()
    torch.manual_seed(7)
    net = tiny.loud(_union(unet), 3)
    pipeline = diffusers.StableDiffusionXLControlNetUnionPipeline(
        vae=vae, text_encoder=None, text_encoder_2=None, tokenizer=None, tokenizer_2=None, unet=unet,
        controlnet=net, scheduler=_scheduler(), add_watermarker=False,
    )  # fmt: skip
    asked = _asked(HINTS[1:], None, 1.0, 24)
    engine = tiny.engine(tiny.denoiser_of(unet), vae, [("b", "depth", net)])
    theirs = _theirs(
        pipeline, engine._codec, asked, control_image=[HINTS[1].picture], control_mode=[UNION["depth"]]
    )
    (drawn,) = engine.draw([asked])
    assert (drawn - theirs).abs().max() < 1e-4


def _union(unet: Any) -> Any:
    config = unet.config
    known: Any = diffusers.ControlNetUnionModel
    return known(
        block_out_channels=config.block_out_channels,
        down_block_types=config.down_block_types,
        layers_per_block=config.layers_per_block,
        norm_num_groups=config.norm_num_groups,
        cross_attention_dim=config.cross_attention_dim,
        attention_head_dim=config.attention_head_dim,
        transformer_layers_per_block=config.transformer_layers_per_block,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=config.addition_time_embed_dim,
        projection_class_embeddings_input_dim=config.projection_class_embeddings_input_dim,
        conditioning_embedding_out_channels=tiny.CHANNELS,
        num_control_type=8,
        num_trans_channel=8,
        num_trans_head=2,
        num_trans_layer=1,
        num_proj_channel=8,
    )
