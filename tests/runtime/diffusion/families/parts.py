"""The parts of tiny models: U-Nets, transformers, VAEs, text encoders, schedulers, all untyped, hence Any."""

from __future__ import annotations

from typing import Any

from tests.runtime.diffusion.families.tokens import VOCABULARY
from tests.runtime.diffusion.tiny_models import LENGTH


def _diffusers() -> Any:
    import diffusers

    return diffusers


def _transformers() -> Any:
    import transformers

    return transformers


def unet(text: int, **more: Any) -> Any:
    """Two levels of one layer, attention in the first."""
    arguments: dict[str, Any] = {
        "sample_size": 8,
        "in_channels": 4,
        "out_channels": 4,
        "layers_per_block": 1,
        "block_out_channels": (8, 16),
        "norm_num_groups": 4,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
        "cross_attention_dim": text,
        "attention_head_dim": 4,
    }
    return _diffusers().UNet2DConditionModel(**(arguments | more))


def xl_unet(text: int, pooled: int) -> Any:
    """As SDXL's: attention in the second level, several blocks deep, and an embedding of sizes and text."""
    sizes = 8
    return unet(
        text,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        transformer_layers_per_block=(1, 2),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=sizes,
        projection_class_embeddings_input_dim=6 * sizes + pooled,
    )


def vae(channels: int = 4, *, quants: bool = True, **more: Any) -> Any:
    """Eight pixels a latent."""
    return _diffusers().AutoencoderKL(
        block_out_channels=(8, 8, 8, 8),
        norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=channels,
        use_quant_conv=quants,
        use_post_quant_conv=quants,
        **more,
    )


def tiny_vae(channels: int = 4) -> Any:
    """As TAESD is: eight pixels a latent, no posterior."""
    return _diffusers().AutoencoderTiny(
        encoder_block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        latent_channels=channels,
    )


def clip(width: int, *, projection: int = 0, hidden_act: str = "quick_gelu", layers: int = 2) -> Any:
    """A text encoder, with a projection of its pooled vector if there is a width for it."""
    transformers = _transformers()
    config = transformers.CLIPTextConfig(
        vocab_size=VOCABULARY,
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        max_position_embeddings=LENGTH,
        hidden_act=hidden_act,
        projection_dim=projection or width,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    made = transformers.CLIPTextModelWithProjection if projection else transformers.CLIPTextModel
    return made(config)


def t5(width: int) -> Any:
    """An encoder of T5."""
    transformers = _transformers()
    return transformers.T5EncoderModel(
        transformers.T5Config(
            vocab_size=VOCABULARY,
            d_model=width,
            d_kv=8,
            d_ff=2 * width,
            num_layers=2,
            num_heads=2,
            feed_forward_proj="gated-gelu",
            pad_token_id=0,
            eos_token_id=1,
        )
    )


def qwen_vl() -> Any:
    """A Qwen2.5-VL, of which only the words are used."""
    transformers = _transformers()
    text = {
        "vocab_size": VOCABULARY,
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "rope_parameters": {
            "rope_type": "default",
            "mrope_section": [1, 1, 2],
            "rope_theta": 1000000.0,
        },
    }
    vision = {
        "depth": 1,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_heads": 2,
        "out_hidden_size": 16,
        "fullatt_block_indexes": [0],
    }
    config = transformers.Qwen2_5_VLConfig(text_config=text, vision_config=vision)
    return transformers.Qwen2_5_VLForConditionalGeneration(config)


def qwen3() -> Any:
    """A Qwen3 without its head."""
    transformers = _transformers()
    return transformers.Qwen3Model(
        transformers.Qwen3Config(
            vocab_size=VOCABULARY,
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=3,
            num_attention_heads=2,
            num_key_value_heads=2,
            head_dim=8,
            bos_token_id=1,
            eos_token_id=2,
        )
    )


def sd3_transformer() -> Any:
    """Two blocks, the second without an own way for the words."""
    return _diffusers().SD3Transformer2DModel(
        sample_size=16,
        patch_size=2,
        in_channels=16,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=48,
        caption_projection_dim=16,
        pooled_projection_dim=32,
        out_channels=16,
        pos_embed_max_size=16,
    )


def flux_transformer(guidance_embeds: bool) -> Any:
    """One double and one single block."""
    return _diffusers().FluxTransformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=16,
        guidance_embeds=guidance_embeds,
        axes_dims_rope=(4, 4, 8),
    )


def qwen_transformer() -> Any:
    """Two blocks."""
    return _diffusers().QwenImageTransformer2DModel(
        patch_size=2,
        in_channels=64,
        out_channels=16,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=16,
        axes_dims_rope=(4, 4, 8),
    )


def qwen_vae() -> Any:
    """Eight pixels a latent, pictures as films of one frame."""
    return _diffusers().AutoencoderKLQwenImage(
        base_dim=4,
        z_dim=16,
        dim_mult=[1, 1, 1, 1],
        num_res_blocks=1,
        temperal_downsample=[False, True, True],
        latents_mean=[0.1 * i - 0.8 for i in range(16)],
        latents_std=[1.0 + 0.1 * i for i in range(16)],
    )


def z_transformer() -> Any:
    """One layer for the words, one for the picture, two for both."""
    return _diffusers().ZImageTransformer2DModel(
        all_patch_size=(2,),
        all_f_patch_size=(1,),
        in_channels=16,
        dim=32,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=16,
        axes_dims=[4, 4, 8],
        axes_lens=[256, 64, 64],
    )


def ddim(**more: Any) -> Any:
    """The schedule of Stable Diffusion."""
    arguments: dict[str, Any] = {
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "clip_sample": False,
        "set_alpha_to_one": False,
        "steps_offset": 1,
    }
    return _diffusers().DDIMScheduler(**(arguments | more))


def flow(**more: Any) -> Any:
    """The schedule of models that flow."""
    return _diffusers().FlowMatchEulerDiscreteScheduler(**more)
