"""The engine of latent diffusion models: text encoder, denoiser, noise schedule and codec in one loop."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from typing import Any

import torch

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.engine import Sampling, checked, steps_at
from anim_runtime.diffusion.noise import initial_noise, sampler_generator
from anim_runtime.diffusion.prompts import PromptEncoder
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

    @torch.inference_mode()
    def generate(
        self, positive: torch.Tensor, negative: torch.Tensor, how: Sampling, *, height: int, width: int
    ) -> torch.Tensor:
        """A picture from noise alone, in `how.steps` steps."""
        sampler = _sampler(how.sampler)
        scheduler = self._schedule(sampler, how)
        rows, columns = self._codec.latent_size(height, width)
        noise = initial_noise(how.seed, (self._codec.channels, rows, columns), self.device)
        latents = noise * scheduler.init_noise_sigma
        return self._draw(
            scheduler, scheduler.timesteps, latents, positive, negative, sampler, how, (height, width)
        )

    @torch.inference_mode()
    def diffuse(
        self,
        image: torch.Tensor,
        positive: torch.Tensor,
        negative: torch.Tensor,
        how: Sampling,
        *,
        strength: float,
    ) -> torch.Tensor:
        """A picture from a picture: noised to the level of the steps left, then drawn with those.

        No step at all leaves the picture as it is; strength 1 starts from noise alone.
        """
        height, width = image.shape[-2:]
        taken = steps_at(how.steps, strength)
        if taken <= 0:
            return image
        if taken >= how.steps:
            return self.generate(positive, negative, how, height=height, width=width)
        sampler = _sampler(how.sampler)
        scheduler = self._schedule(sampler, how)
        begin = (how.steps - taken) * scheduler.order
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(begin)
        timesteps = scheduler.timesteps[begin:]
        with self.spent.stage("encode"):
            clean = self._codec.encode(image)
        noise = initial_noise(how.seed, (clean.shape[1], clean.shape[2], clean.shape[3]), self.device)
        latents = scheduler.add_noise(clean, noise, timesteps[:1])
        return self._draw(scheduler, timesteps, latents, positive, negative, sampler, how, (height, width))

    def _schedule(self, sampler: Sampler, how: Sampling) -> Any:
        try:
            return self._schedules.take(sampler, how.steps, math.floor(how.seed))
        except ImportError as error:
            hint = f"pip install {sampler.needs}, or choose `DPM++ 2M SDE`"
            raise RenderProblem(f"the sampler `{sampler.name}` needs `{sampler.needs}`", hint) from error

    def _draw(
        self,
        scheduler: Any,
        timesteps: torch.Tensor,
        latents: torch.Tensor,
        positive: torch.Tensor,
        negative: torch.Tensor,
        sampler: Sampler,
        how: Sampling,
        size: tuple[int, int],
    ) -> torch.Tensor:
        with self.spent.stage("diffuse"):
            guide = _Guidance(self._denoiser, positive, negative, how.cfg_scale, self._dtype)
            extra = dict(sampler.step_args)
            if "generator" in inspect.signature(scheduler.step).parameters:
                extra["generator"] = sampler_generator(how.seed)
            for timestep in timesteps:
                predicted = guide(scheduler.scale_model_input(latents, timestep), timestep)
                latents = scheduler.step(predicted, timestep, latents, return_dict=False, **extra)[0]
        with self.spent.stage("decode"):
            image = self._codec.decode(latents, *size)
        return checked(image)


class _Guidance:
    """The denoiser under classifier-free guidance (Ho and Salimans 2022): one batch of two, or one."""

    def __init__(
        self,
        denoiser: Any,
        positive: torch.Tensor,
        negative: torch.Tensor,
        scale: float,
        dtype: torch.dtype,
    ) -> None:
        self._denoiser = denoiser
        self._scale = scale
        self._dtype = dtype
        texts = [positive] if scale == 1.0 else list(_equal_length(negative, positive))
        self._states = torch.cat(texts).to(dtype)

    def __call__(self, latents: torch.Tensor, timestep: torch.Tensor) -> torch.Tensor:
        batch = latents.expand(len(self._states), -1, -1, -1).to(self._dtype)
        raw = self._denoiser(batch, timestep, encoder_hidden_states=self._states, return_dict=False)[0]
        predicted: torch.Tensor = raw.float()
        if len(self._states) == 1:
            return predicted
        without, toward = predicted.chunk(2)
        return without + self._scale * (toward - without)


def _equal_length(first: torch.Tensor, second: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    # cross attention has no order over keys: a text repeated whole is attended to as the text alone
    longest = max(first.shape[1], second.shape[1])

    def longer(tensor: torch.Tensor) -> torch.Tensor:
        times = -(-longest // tensor.shape[1])
        return tensor.repeat(1, times, 1)[:, :longest]

    return longer(first), longer(second)


def _sampler(name: str) -> Sampler:
    found = find_sampler(name)
    if isinstance(found, UnknownSampler):
        raise RenderProblem(found.message, f'write `sampler = "{found.nearest}"`')
    return found
