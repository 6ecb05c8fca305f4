"""ControlNets of transformers: Flux.1, Stable Diffusion 3 and Qwen-Image. They see a hint as latents."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import torch

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.control.fitting import covering, fitted
from anim_runtime.diffusion.control.moment import Moment
from anim_runtime.diffusion.denoiser import Denoiser, Residuals
from anim_runtime.diffusion.families.groups import Grouped
from anim_runtime.diffusion.families.packing import PATCH, packed
from anim_runtime.diffusion.families.steps import per_row
from anim_runtime.diffusion.told import Told

#: which mode of a union for Flux a kind is (InstantX/FLUX.1-dev-Controlnet-Union, its table)
FLUX_MODES: Final[Mapping[str, int]] = MappingProxyType(
    {"canny": 0, "lineart": 0, "softedge": 0, "scribble": 0, "tile": 1, "depth": 2, "pose": 4}
)

#: the tensors of blocks and of single blocks
Blocks = tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]


class TransformerNet(ABC):
    """What these networks share; diffusers' modules are untyped, hence Any."""

    def __init__(self, name: str, kind: str, model: Any, denoiser: Denoiser, codec: Codec) -> None:
        self.name = name
        self._kind = kind
        self._model = model
        self._denoiser: Any = denoiser
        self._codec = codec

    @abstractmethod
    def __call__(self, moment: Moment, shown: torch.Tensor) -> Residuals:
        """What it adds at weight 1."""

    def shown(self, hint: torch.Tensor, height: int, width: int, latent: tuple[int, int]) -> torch.Tensor:
        """The latents of the hint, `[B,C,h,w]`."""
        latents = self._codec.encode(covering(hint, height, width))
        dtype: torch.dtype = self._model.dtype
        return latents.to(dtype)

    def _spread(self, moment: Moment, draw: Callable[[Told], Blocks]) -> Residuals:
        """A tensor for every block of the transformer, for each group of texts of one length."""
        told = moment.told
        if not isinstance(told, Grouped):
            blocks, singles = draw(told)
        else:
            blocks, singles = draw(told.groups[0].told)
            for group in told.groups[1:]:
                other = draw(group.told)
                own = group.rows.view(-1, 1, 1)
                blocks = tuple(torch.where(own, b, a) for a, b in zip(blocks, other[0], strict=True))
                singles = tuple(torch.where(own, b, a) for a, b in zip(singles, other[1], strict=True))
        model = self._denoiser.model
        return Residuals(
            blocks=self._each(blocks, len(model.transformer_blocks)),
            single=self._each(singles, len(getattr(model, "single_transformer_blocks", ()))),
        )

    def _each(self, blocks: tuple[torch.Tensor, ...], count: int) -> tuple[torch.Tensor, ...]:
        """As diffusers spreads a few tensors over many blocks: neighbours share one."""
        if not blocks:
            return ()
        share = math.ceil(count / len(blocks))
        return tuple(blocks[place // share] for place in range(count))


class FluxNet(TransformerNet):
    """A diffusers `FluxControlNetModel`, also one that looks at pixels, and unions."""

    def shown(self, hint: torch.Tensor, height: int, width: int, latent: tuple[int, int]) -> torch.Tensor:
        """Packed latents, or the pixels of -1..1."""
        if self._model.input_hint_block is None:
            return packed(super().shown(hint, height, width, latent))
        pixels = fitted(hint, height, width, latent, 8) * 2.0 - 1.0
        dtype: torch.dtype = self._model.dtype
        return pixels.to(dtype)

    def __call__(self, moment: Moment, shown: torch.Tensor) -> Residuals:
        """What is added after the blocks with two streams and those with one."""
        latents = moment.latents
        where = self._denoiser.positions(*latents.shape[-2:], latents.device)
        mode = None
        if self._model.union:
            number = FLUX_MODES[self._kind]
            mode = torch.full((latents.shape[0], 1), number, dtype=torch.long, device=latents.device)

        def draw(told: Told) -> Blocks:
            words = told.streams[0]
            blocks, singles = self._model(
                hidden_states=packed(latents),
                controlnet_cond=shown,
                controlnet_mode=mode,
                timestep=per_row(moment.timestep, latents) / 1000.0,
                guidance=moment.guidance if self._model.config.guidance_embeds else None,
                pooled_projections=told.pooled,
                encoder_hidden_states=words,
                txt_ids=where.new_zeros((words.shape[1], 3)),
                img_ids=where,
                return_dict=False,
            )
            return tuple(blocks or ()), tuple(singles or ())

        return self._spread(moment, draw)

    def _each(self, blocks: tuple[torch.Tensor, ...], count: int) -> tuple[torch.Tensor, ...]:
        """In turn, where the network looks at pixels."""
        if self._model.input_hint_block is None or not blocks:
            return super()._each(blocks, count)
        return tuple(blocks[place % len(blocks)] for place in range(count))


class SD3Net(TransformerNet):
    """A diffusers `SD3ControlNetModel`, of Stable Diffusion 3 and 3.5."""

    def shown(self, hint: torch.Tensor, height: int, width: int, latent: tuple[int, int]) -> torch.Tensor:
        """The latents of the hint; those that are blind to the text's vector have no shift in them."""
        latents = super().shown(hint, height, width, latent)
        if not self._model.config.force_zeros_for_pooled_projection:
            return latents
        # every codec of the family stands for an autoencoder; diffusers is untyped
        codec: Any = self._codec
        known = codec.vae.config
        return latents + float(known.shift_factor or 0.0) * float(known.scaling_factor)

    def __call__(self, moment: Moment, shown: torch.Tensor) -> Residuals:
        """What is added after the blocks."""
        latents, config = moment.latents, self._model.config
        # the networks of 3.5 large have no embedding of their own for places and words
        hidden = latents if self._model.pos_embed is not None else self._denoiser.model.pos_embed(latents)

        def draw(told: Told) -> Blocks:
            assert told.pooled is not None, "the family has a vector"
            is_blind = config.force_zeros_for_pooled_projection
            (blocks,) = self._model(
                hidden_states=hidden,
                controlnet_cond=shown,
                encoder_hidden_states=told.streams[0] if self._model.context_embedder is not None else None,
                pooled_projections=torch.zeros_like(told.pooled) if is_blind else told.pooled,
                timestep=per_row(moment.timestep, latents),
                return_dict=False,
            )
            return tuple(blocks), ()

        return self._spread(moment, draw)

    def _each(self, blocks: tuple[torch.Tensor, ...], count: int) -> tuple[torch.Tensor, ...]:
        """Evenly, not in whole shares."""
        return tuple(blocks[int(place / (count / len(blocks)))] for place in range(count)) if blocks else ()


class QwenNet(TransformerNet):
    """A diffusers `QwenImageControlNetModel`.

    It is told the text even where the denoiser is not: the family's networks are used so.
    """

    def shown(self, hint: torch.Tensor, height: int, width: int, latent: tuple[int, int]) -> torch.Tensor:
        """Packed latents."""
        return packed(super().shown(hint, height, width, latent))

    def __call__(self, moment: Moment, shown: torch.Tensor) -> Residuals:
        """What is added after the blocks."""
        rows = moment.latents.shape[0] // moment.copies
        latents, told = moment.latents[-rows:], _last(moment.told, rows)
        height, width = latents.shape[-2:]
        blocks = self._model(
            hidden_states=packed(latents),
            controlnet_cond=shown[-rows:],
            timestep=per_row(moment.timestep, latents) / 1000.0,
            encoder_hidden_states=told.streams[0],
            encoder_hidden_states_mask=self._denoiser.mask(told),
            img_shapes=[[(1, height // PATCH, width // PATCH)]] * rows,
            return_dict=False,
        )
        both = tuple(torch.cat([block] * moment.copies) for block in blocks or ())
        return Residuals(blocks=self._each(both, len(self._denoiser.model.transformer_blocks)))


def _last(told: Told, rows: int) -> Told:
    """What the last rows of a batch are told."""
    counts = None if told.counts is None else tuple(count[-rows:] for count in told.counts)
    pooled = None if told.pooled is None else told.pooled[-rows:]
    return Told(tuple(stream[-rows:] for stream in told.streams), pooled, counts)
