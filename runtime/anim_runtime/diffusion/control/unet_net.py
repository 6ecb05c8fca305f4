"""ControlNets of U-Nets: Stable Diffusion 1, 2 and XL, the built-in model, and unions of several kinds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import torch
from torch import nn

from anim_runtime.diffusion.control.fitting import fitted
from anim_runtime.diffusion.control.moment import Moment
from anim_runtime.diffusion.denoiser import Denoiser, Residuals

#: which input of a union for Stable Diffusion XL a kind goes to (xinsir/controlnet-union-sdxl-1.0, its table)
UNION: Final[Mapping[str, int]] = MappingProxyType(
    {"pose": 0, "depth": 1, "softedge": 2, "scribble": 2, "canny": 3, "lineart": 3, "normal": 4, "tile": 6}
)


class UNetNet:
    """A diffusers `ControlNetModel` or `ControlNetUnionModel`; untyped, hence Any."""

    def __init__(self, name: str, kind: str, model: Any, denoiser: Denoiser) -> None:
        self.name = name
        self._kind = kind
        self._model = model
        self._denoiser: Any = denoiser
        embedding: Any = model.controlnet_cond_embedding
        # several controls may share a network
        if not isinstance(embedding, Remembering):
            embedding = model.controlnet_cond_embedding = Remembering(embedding)
        #: pixels of the hint to a latent
        layers: Any = embedding.module
        self._px = 2 ** (len(layers.blocks) // 2)
        self._types = int(getattr(model.config, "num_control_type", 0) or 0)
        self._takes_sizes = model.config.addition_embed_type == "text_time"

    def shown(self, hint: torch.Tensor, height: int, width: int, latent: tuple[int, int]) -> torch.Tensor:
        """The hint, 0..1, as many px to a latent as its first layers take."""
        dtype: torch.dtype = self._model.dtype
        return fitted(hint, height, width, latent, self._px).to(dtype)

    def __call__(self, moment: Moment, shown: torch.Tensor) -> Residuals:
        """What is added at the U-Net's skips and in its middle."""
        given: dict[str, Any] = {}
        if self._takes_sizes:
            given["added_cond_kwargs"] = self._denoiser.added(moment.latents, moment.told)
        cond: Any = shown
        if self._types:
            index = UNION[self._kind]
            chosen = torch.zeros((shown.shape[0], self._types), dtype=shown.dtype, device=shown.device)
            chosen[:, index] = 1.0
            cond, given = [shown], {**given, "control_type": chosen, "control_type_idx": [index]}
        down, mid = self._model(
            moment.latents,
            moment.timestep,
            encoder_hidden_states=moment.told.streams[0],
            controlnet_cond=cond,
            return_dict=False,
            **given,
        )
        return Residuals(down=tuple(down), mid=mid)


class Remembering(nn.Module):
    """A module that keeps what it made of the last tensors: a hint is the same at every step of a picture."""

    #: as many as there may be controls that share a network
    MOST = 4

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module
        self._made: list[tuple[torch.Tensor, torch.Tensor]] = []

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """What the module makes of a tensor."""
        for known, found in self._made:
            if known is given:
                return found
        made: torch.Tensor = self.module(given)
        self._made = [*self._made[-self.MOST + 1 :], (given, made)]
        return made
