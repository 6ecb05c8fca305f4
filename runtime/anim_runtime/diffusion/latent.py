"""The engine of latent diffusion models: text encoder, denoiser, noise schedule and codec in one loop."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from anim_compiler.models.families import FAMILIES
from anim_runtime.diffusion.codec import Codec
from anim_runtime.diffusion.denoiser import Adapters, Controls, Denoiser, Prompts
from anim_runtime.diffusion.engine import alike, nothing, unheard
from anim_runtime.diffusion.guidance import Guidance, Guide, Guides
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.diffusion.parts import Parts, kept
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.samplers import Sampler, UnknownSampler
from anim_runtime.diffusion.sampling.large import Sizes, over
from anim_runtime.diffusion.sampling.runs import Run
from anim_runtime.diffusion.sampling.schedules import Schedules
from anim_runtime.diffusion.sampling.seamless import TurnedGuide, seamless
from anim_runtime.diffusion.sampling.tiled_codec import TiledCodec
from anim_runtime.diffusion.sampling.windows import WindowGuide
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken
from anim_runtime.diffusion.verdicts import Verdicts
from anim_runtime.diffusion.widening import WideningCodec
from anim_runtime.problems import RenderProblem
from anim_runtime.spent import Spent

if TYPE_CHECKING:
    from anim_runtime.diffusion.adapters.lora_file import LoraFile
    from anim_runtime.diffusion.fast.quick import Quick


class DiffusionEngine:
    """Draws with a latent diffusion model: a denoiser of any family under classifier-free guidance.

    `family` is its name, "" if it is not known; `quick` puts denoiser and codec to work in less time and
    memory. Any: the scheduler config is JSON.
    """

    def __init__(
        self,
        *,
        name: str,
        fingerprint: str,
        device: torch.device,
        prompts: Prompts,
        denoiser: Denoiser,
        codec: Codec,
        scheduler_config: Mapping[str, Any],
        spent: Spent,
        adapters: Adapters | None = None,
        controls: Controls | None = None,
        family: str = "",
        tiling: bool = False,
        quick: Quick | None = None,
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.device = device
        self.spent = spent
        self.each_step: Callable[[], None] = nothing
        self._prompts = prompts
        self._denoiser = denoiser
        self._adapters = adapters
        self._controls = controls
        if tiling:
            seamless(denoiser.model, getattr(codec, "vae", codec))
        self._quick = quick
        self.line = "" if quick is None else quick.line
        self._said: set[str] = set()
        if quick is not None:
            self._denoiser = quick.denoiser(self._kernels, self._say_once)
            codec = quick.codec(self._say_once)
        self._codec = codec = WideningCodec(codec, self._say_once)
        self._verdicts = Verdicts()
        self._schedules = Schedules(scheduler_config, FAMILIES.get(family), device)
        #: models that count places are shown seamless pictures from everywhere
        self._guides: Guides = TurnedGuide if tiling and self._schedules.is_flow else Guidance
        self._sizes = Sizes(FAMILIES.get(family), codec, tiling=tiling)
        #: takes in one line what the user should know of how pictures are drawn
        self.tell: Callable[[str], None] = unheard
        prompts.tell = self._say_once

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        """The conditioning of a prompt, encoded once for every distinct text."""
        with self.spent.stage("prompt"):
            return self._prompts.encode(text, spoken)

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of a prompt's conditioning, stream by stream, without encoding it."""
        return self._prompts.tokens(text)

    def exchange_loras(self, files: Sequence[LoraFile]) -> None:
        """Draw under other LoRAs from now on, the model staying where it is. RenderProblem (exit code 7) if
        one cannot be taken: then those that were there stay.
        """
        if self._adapters is not None and self._adapters.exchange(files):
            self._prompts.forget()

    def settle(self) -> None:
        """Wait for the verdicts on all pictures so far; see `Engine.settle`."""
        self._verdicts.settle()

    def save(self) -> str:
        """Take less of the device's memory from now on; see `Engine.save`."""
        return "" if self._quick is None else self._quick.save()

    @torch.inference_mode()
    def draw(self, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        """The pictures of requests of one signature, drawn in one batch; see `Engine.draw`."""
        rows = alike(requests, pad_to)
        if rows[0].taken == 0:
            return [row.image for row in requests if row.image is not None]
        images = self._pictures(rows)
        # a view would keep the whole batch in memory for as long as one of its pictures lives
        drawn = [images] if len(rows) == 1 else [image.clone() for image in images.chunk(len(rows))]
        wanted = zip(requests, drawn, strict=False)
        return [kept(request, self._verdicts.of(image)) for request, image in wanted]

    def _pictures(self, rows: Sequence[Request]) -> torch.Tensor:
        """Those of a batch, float32 `[B,3,H,W]`, however large pictures are drawn."""
        size = rows[0].height, rows[0].width
        way = self._sizes.way(rows[0])
        if way == "whole":
            return self._decoded(self._codec, self._latents(self._codec, rows, self._guides), *size)
        self._say_once(self._sizes.told(way, *size))
        codec = TiledCodec(self._codec, self._sizes.native_px)
        if way == "two_stage":
            small = [self._sizes.smaller(row) for row in rows]
            first = self._decoded(
                self._codec, self._latents(self._codec, small, Guidance), small[0].height, small[0].width
            )
            rows = [over(row, image) for row, image in zip(rows, first.chunk(len(rows)), strict=True)]
            if rows[0].taken == 0:
                return torch.cat([row.image for row in rows if row.image is not None])
        windows, factor = self._sizes.windows(*codec.latent_size(*size)), codec.factor(*size)
        guides = partial(WindowGuide, windows, factor)
        return self._decoded(codec, self._latents(codec, rows, guides), *size)

    def _decoded(self, codec: Codec, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        with self.spent.stage("decode"):
            return codec.decode(latents, height, width)

    def _latents(self, codec: Codec, rows: Sequence[Request], guides: Guides) -> torch.Tensor:
        """The latents of a batch, drawn by a guide of that kind, float32 `[B,C,h,w]`."""
        run, noise, parts = self._run(codec, rows, rows[0].taken), self._noise(codec, rows), None
        if rows[0].from_noise:
            latents = run.begun(noise)
        else:
            encoded = self._encoded(codec, rows)
            parts = Parts.of(rows, encoded, noise, run.order)
            # where every step is taken there is nothing of the picture, and no noise level that it is put to
            whole = rows[0].taken == rows[0].how.steps and parts is not None
            latents = run.begun(noise) if whole else run.under(0, encoded, noise)
        with self.spent.stage("diffuse"):
            tokens = rows[0].signature.tokens
            guide = guides(self._denoiser, rows, tokens, self._adapters, self._controls)
            return self._denoised(codec, run, latents, guide, rows, parts)

    def _run(self, codec: Codec, rows: Sequence[Request], taken: int) -> Run:
        """A run of the last steps for this batch alone, since it remembers the steps before."""
        how, size = rows[0].how, codec.latent_size(rows[0].height, rows[0].width)
        shape = (len(rows), codec.channels, *size)
        seeds = [row.how.seed for row in rows]
        return self._schedules.run(self._sampler(how.sampler), how.steps, taken, how.eta, shape, seeds)

    def _noise(self, codec: Codec, rows: Sequence[Request]) -> torch.Tensor:
        """Each row's own noise, whatever else is drawn with it: float32 `[B,C,h,w]`."""
        shape = (codec.channels, *codec.latent_size(rows[0].height, rows[0].width))
        noises = [initial_noise(row.how.seed, shape, self.device) for row in rows]
        factors = [row.how.noise_multiplier for row in rows]
        return torch.cat([noise * factor for noise, factor in zip(noises, factors, strict=True)])

    def _encoded(self, codec: Codec, rows: Sequence[Request]) -> torch.Tensor:
        with self.spent.stage("encode"):
            return codec.encode(torch.cat([row.image for row in rows if row.image is not None]))

    def _denoised(
        self,
        codec: Codec,
        run: Run,
        latents: torch.Tensor,
        guide: Guide,
        rows: Sequence[Request],
        parts: Parts | None,
    ) -> torch.Tensor:
        calls = len(run.timesteps)
        rest: Run | None = None
        for place in range(calls):
            self.each_step()
            if parts is not None:
                latents = parts.waiting(run, latents, place)
                if place == parts.last > 0:
                    # what is around a hole goes on from here as if this were the first step
                    rest = self._run(codec, rows, rows[0].signature.rest)
            shown = run.shown(latents, place)
            if rest is not None and parts is not None:
                # it takes where it is from this; the numbers are those that the first one gives
                rest.shown(latents, place - parts.last)
            predicted = guide(shown, run.timesteps[place], place / calls, (place + 1) / calls)
            made = run.step(predicted, place, latents)
            if rest is not None and parts is not None:
                made = parts.joined(made, rest.step(predicted, place - parts.last, latents))
            latents = made
        return latents if parts is None else parts.done(latents, calls)

    def _sampler(self, name: str) -> Sampler:
        found = self._schedules.find(name)
        if isinstance(found, UnknownSampler):
            raise RenderProblem(found.message, f'write `sampler = "{found.nearest}"`')
        return found

    def _kernels(self) -> Hashable:
        """What decides, besides the denoiser's own inputs, which kernels it runs."""
        return None if self._adapters is None else self._adapters.kernels

    def _say_once(self, said: str) -> None:
        if said not in self._said:
            self._said.add(said)
            self.tell(said)
