"""The engine of latent diffusion models: text encoder, denoiser, noise schedule and codec in one loop."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import torch

from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.engine import alike, checked, nothing
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.noise import initial_noise, sampler_generator
from anim_runtime.diffusion.parts import Parts, kept
from anim_runtime.diffusion.prompts import PromptEncoder
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.samplers import Sampler, Schedules, UnknownSampler, find_sampler
from anim_runtime.problems import RenderProblem
from anim_runtime.spent import Spent

#: latents after a step: of what the model predicts, the timestep, and the latents before
Run: TypeAlias = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]


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
        self.each_step: Callable[[], None] = nothing
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
        timesteps, parts, noise = scheduler.timesteps, None, self._noise(rows)
        if rows[0].from_noise:
            latents = noise * scheduler.init_noise_sigma
        else:
            begin = (sampled.steps - taken) * scheduler.order
            if hasattr(scheduler, "set_begin_index"):
                scheduler.set_begin_index(begin)
            timesteps, encoded = timesteps[begin:], self._encoded(rows)
            parts = Parts.of(rows, encoded, noise, scheduler.order)
            # where every step is taken there is nothing of the picture, and no noise level that it is put to
            start = begin == 0 and parts is not None
            latents = (
                noise * scheduler.init_noise_sigma
                if start
                else scheduler.add_noise(encoded, noise, timesteps[:1])
            )
        latents = self._denoised(scheduler, timesteps, latents, sampler, rows, parts)
        with self.spent.stage("decode"):
            images = self._codec.decode(latents, rows[0].height, rows[0].width)
            # a view would keep the whole batch in memory for as long as one of its pictures lives
            drawn = [images] if len(rows) == 1 else [image.clone() for image in images.chunk(len(rows))]
            wanted = zip(requests, drawn, strict=False)
            return [kept(request, checked(image)) for request, image in wanted]

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
        parts: Parts | None,
    ) -> torch.Tensor:
        with self.spent.stage("diffuse"):
            guide = Guidance(self._denoiser, rows, rows[0].signature.tokens, self._dtype)
            runs = [_run(scheduler, sampler, rows)]
            for place, timestep in enumerate(timesteps):
                self.each_step()
                if parts is not None:
                    latents = parts.waiting(scheduler, latents, place, timestep)
                    if place == parts.last > 0:
                        runs.append(self._second(sampler, rows, latents, timestep))
                predicted = guide(scheduler.scale_model_input(latents, timestep), timestep)
                made = [run(predicted, timestep, latents) for run in runs]
                latents = made[0] if parts is None or len(made) == 1 else parts.joined(*made)
        return latents if parts is None else parts.done(latents, len(timesteps))

    def _second(
        self, sampler: Sampler, rows: Sequence[Request], latents: torch.Tensor, timestep: torch.Tensor
    ) -> Run:
        """What goes on from a step as if it were the first."""
        scheduler = self._schedule(sampler, rows)
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index((rows[0].how.steps - rows[0].signature.rest) * scheduler.order)
        # it takes where it is from this; the numbers are those that the first one gives
        scheduler.scale_model_input(latents, timestep)
        return _run(scheduler, sampler, rows)


def _run(scheduler: Any, sampler: Sampler, rows: Sequence[Request]) -> Run:
    """The steps of a scheduler, with noise of their own for every row."""
    extra = dict(sampler.step_args)
    if "generator" in inspect.signature(scheduler.step).parameters:
        # a list gives every row the noise of its own generator
        extra["generator"] = [sampler_generator(row.how.seed) for row in rows]
    return lambda predicted, timestep, latents: scheduler.step(
        predicted, timestep, latents, return_dict=False, **extra
    )[0]


def _sampler(name: str) -> Sampler:
    found = find_sampler(name)
    if isinstance(found, UnknownSampler):
        raise RenderProblem(found.message, f'write `sampler = "{found.nearest}"`')
    return found
