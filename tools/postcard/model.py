"""The networks and the noise schedule."""

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from diffusers import DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel

TEXT_WIDTH = 128
WIDTHS = (80, 112, 128)
HEADS = 4  # few and wide: on a CPU, attention with eight narrow heads takes twice as long as the rest
STEPS = 1000
TERMINAL = 0.01  # what is left of the picture at the last step, so that no sampler divides by 0


def unet(channels: int, widths: tuple[int, ...] = WIDTHS) -> "UNet2DConditionModel":
    """A three-level U-Net over 16×16 latents."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=16, in_channels=channels, out_channels=channels, layers_per_block=1,
        block_out_channels=widths, norm_num_groups=16,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        mid_block_type="UNetMidBlock2DCrossAttn", cross_attention_dim=TEXT_WIDTH, attention_head_dim=HEADS,
    )  # fmt: skip


def text_encoder(vocabulary_size: int, length: int) -> "CLIPTextModel":
    """A two-layer CLIP text model."""
    from transformers import CLIPTextConfig, CLIPTextModel

    from tools.postcard.tokens import BOS, EOS, PAD

    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary_size, hidden_size=TEXT_WIDTH, intermediate_size=TEXT_WIDTH * 3,
            num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=length,
            projection_dim=TEXT_WIDTH, bos_token_id=BOS, eos_token_id=EOS, pad_token_id=PAD,
        )
    )  # fmt: skip


def betas() -> torch.Tensor:
    """Stable Diffusion's betas, rescaled to end in almost pure noise (arXiv 2305.08891), [1000]."""
    scaled = torch.linspace(0.00085**0.5, 0.012**0.5, STEPS, dtype=torch.float64) ** 2
    root = torch.cumprod(1 - scaled, 0).sqrt()
    first, last = root[0], root[-1]
    root = (root - last) * (first - TERMINAL) / (first - last) + TERMINAL
    bar = root**2
    return torch.cat([1 - bar[:1], 1 - bar[1:] / bar[:-1]])


def scheduler() -> "DDIMScheduler":
    """The scheduler whose config ships; every other diffusers sampler can be made from it."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        num_train_timesteps=STEPS, trained_betas=[round(float(b), 9) for b in betas()],
        prediction_type="v_prediction", timestep_spacing="trailing", clip_sample=False,
        set_alpha_to_one=True,
    )  # fmt: skip
