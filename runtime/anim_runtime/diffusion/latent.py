"""The engine of latent diffusion models: text encoder, denoiser, noise schedule and codec in one loop."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.engine import alike, checked
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.noise import initial_noise, sampler_generator
from anim_runtime.diffusion.prompts import PromptEncoder
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.samplers import Sampler, Schedules, UnknownSampler, find_sampler
from anim_runtime.problems import RenderProblem
from anim_runtime.spent import Spent


class DiffusionEngine:
    """Draws with a latent diffusion model: classifier-free guidance over a `UNet2DConditionModel`.

    The denoiser and the schedulers come from diffusers without annotations: hence Any.
    """

    def __init__(
        self,
        *,
        name: str,
        fingerprint: str,
        device: torch.device,
        prompts: PromptEncoder,
        denoiser: Any,
        codec: Codec,
        scheduler_config: Mapping[str, Any],
        spent: Spent,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.device = device
        self.spent = spent
        self._prompts = prompts
        self._denoiser = denoiser
        self._dtype: torch.dtype = denoiser.dtype
        self._codec = codec
        self._schedules = Schedules(scheduler_config)

    def encode(self, text: str) -> torch.Tensor:
        """The conditioning of a prompt, encoded once for every distinct text."""
        with self.spent.stage("prompt"):
            return self._prompts.encode(text)

    def tokens(self, text: str) -> int:
        """The tokens of a prompt's conditioning, without encoding it."""
        return self._prompts.tokens(text)

    @torch.inference_mode()
    def draw(self, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        """The pictures of requests of one signature, drawn in one batch; see `Engine.draw`."""
        rows = alike(requests, pad_to)
        sampled, taken = rows[0].how, rows[0].taken
        if taken == 0:
            return [row.image for row in requests if row.image is not None]
        sampler = _sampler(sampled.sampler)
        scheduler = self._schedule(sampler, rows)
        timesteps = scheduler.timesteps
        if rows[0].from_noise:
            latents = self._noise(rows) * scheduler.init_noise_sigma
        else:
            begin = (sampled.steps - taken) * scheduler.order
            if hasattr(scheduler, "set_begin_index"):
                scheduler.set_begin_index(begin)
            timesteps = timesteps[begin:]
            latents = scheduler.add_noise(self._encoded(rows), self._noise(rows), timesteps[:1])
        latents = self._denoised(scheduler, timesteps, latents, sampler, rows)
        with self.spent.stage("decode"):
            images = self._codec.decode(latents, rows[0].height, rows[0].width)
            # a view would keep the whole batch in memory for as long as one of its pictures lives
            drawn = [images] if len(rows) == 1 else [image.clone() for image in images.chunk(len(rows))]
            return [checked(image) for image in drawn[: len(requests)]]

    def _schedule(self, sampler: Sampler, rows: Sequence[Request]) -> Any:
        """A scheduler of this batch's own, since it remembers the steps before."""
        try:
            return self._schedules.take(
                sampler, rows[0].how.steps, [math.floor(row.how.seed) for row in rows]
            )
        except ImportError as error:
            hint = f"pip install {sampler.needs}, or choose `DPM++ 2M SDE`"
            raise RenderProblem(f"the sampler `{sampler.name}` needs `{sampler.needs}`", hint) from error

    def _noise(self, rows: Sequence[Request]) -> torch.Tensor:
        """Each row's own noise, whatever else is drawn with it: float32 `[B,C,h,w]`."""
        height, width = self._codec.latent_size(rows[0].height, rows[0].width)
        shape = (self._codec.channels, height, width)
        return torch.cat([initial_noise(row.how.seed, shape, self.device) for row in rows])

    def _encoded(self, rows: Sequence[Request]) -> torch.Tensor:
        with self.spent.stage("encode"):
            return self._codec.encode(torch.cat([row.image for row in rows if row.image is not None]))

    def _denoised(
        self,
        scheduler: Any,
        timesteps: torch.Tensor,
        latents: torch.Tensor,
        sampler: Sampler,
        rows: Sequence[Request],
    ) -> torch.Tensor:
        with self.spent.stage("diffuse"):
            guide = Guidance(self._denoiser, rows, rows[0].signature.tokens, self._dtype)
            extra = dict(sampler.step_args)
            if "generator" in inspect.signature(scheduler.step).parameters:
                # a list gives every row the noise of its own generator
                extra["generator"] = [sampler_generator(row.how.seed) for row in rows]
            for timestep in timesteps:
                predicted = guide(scheduler.scale_model_input(latents, timestep), timestep)
                latents = scheduler.step(predicted, timestep, latents, return_dict=False, **extra)[0]
        return latents


def _sampler(name: str) -> Sampler:
    found = find_sampler(name)
    if isinstance(found, UnknownSampler):
        raise RenderProblem(found.message, f'write `sampler = "{found.nearest}"`')
    return found
