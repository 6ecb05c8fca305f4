"""A model whose answers are known: pictures are Gaussian, and so is what it sees in noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from anim_runtime.diffusion.denoiser import Residuals
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.sampling.library import LibraryRun
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken, Told, repeated
from anim_runtime.spent import Spent

SD = {
    "_class_name": "PNDMScheduler",
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon",
    "timestep_spacing": "leading",
    "steps_offset": 1,
}
FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 3.0}

Mean = Callable[[torch.Tensor], torch.Tensor]

SIZE = (8, 8)
NOTHING = Conditioning((torch.zeros(1, 1, 1),))


def mean_of(latents: torch.Tensor) -> torch.Tensor:
    """The mean of the pictures: a wave over the latents."""
    count = latents[0].numel()
    wave = torch.sin(torch.arange(count, dtype=torch.float64) * 0.7).view(latents.shape[1:])
    return wave.to(latents.dtype)


def best(latents: torch.Tensor, ratio: float, mean: Mean = mean_of) -> torch.Tensor:
    """The picture that is most likely behind `picture + ratio * noise`; pictures deviate by 0.4."""
    spread = 0.4**2
    return (spread * latents + ratio**2 * mean(latents)) / (spread + ratio**2)


class AnalyticDenoiser:
    """Answers by the noise that `levels` says there is at each call: shares of picture and noise."""

    embeds_guidance = False
    dtype = torch.float32
    model: Any = None

    def __init__(self, *, flow: bool) -> None:
        self.flow = flow
        self.mean: Mean = mean_of
        self.levels: list[tuple[float, float]] = []
        self.calls = 0
        self.first: torch.Tensor | None = None
        self.times: list[float] = []

    def told(self, rows: Sequence[Conditioning], tokens: tuple[int, ...]) -> Told:
        return repeated(rows, tokens, self.dtype)

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        return toward

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        picture, noise = self.levels[self.calls]
        if self.calls == 0:
            self.first = latents
        self.calls += 1
        self.times.append(float(timestep))
        exact = latents.double()
        if self.flow:
            seen = best(exact / picture, noise / picture, self.mean) if picture > 0 else self.mean(exact)
            return ((exact - seen) / noise).float()
        # models of variances are shown latents of variance 1
        ratio = noise / picture
        plain: torch.Tensor = exact * (ratio**2 + 1.0) ** 0.5
        answer: torch.Tensor = (plain - best(plain, ratio, self.mean)) / ratio
        return answer.float()


class PlainCodec:
    """Pictures are their latents, four channels of which three are shown."""

    channels = 4

    def latent_size(self, height: int, width: int) -> tuple[int, int]:
        return height, width

    def encode(self, images: torch.Tensor) -> torch.Tensor:
        return torch.cat([images, images[:, :1]], dim=1)

    def decode(self, latents: torch.Tensor, height: int, width: int) -> torch.Tensor:
        self.latents = latents
        return torch.full((len(latents), 3, height, width), 0.5)


class NoPrompts:
    """No text says anything."""

    tell: Callable[[str], None] = print

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        return NOTHING

    def tokens(self, text: str) -> tuple[int, ...]:
        return (1,)

    def forget(self) -> None:
        """There is nothing to forget."""

    def rest(self) -> None:
        """There is no memory to give back."""


class Bench:
    """The engine's own loop around the analytic model."""

    def __init__(self, config: Mapping[str, Any] = SD, family: str = "") -> None:
        self.denoiser = AnalyticDenoiser(flow="FlowMatch" in str(config["_class_name"]))
        self.codec = PlainCodec()
        self.engine = DiffusionEngine(
            name="analytic",
            fingerprint="analytic",
            device=torch.device("cpu"),
            prompts=NoPrompts(),
            denoiser=self.denoiser,
            codec=self.codec,
            scheduler_config=config,
            spent=Spent(),
            family=family,
        )

    def levels(self, request: Request) -> list[tuple[float, float]]:
        """The shares of picture and noise at each call of a request's run."""
        # the engine's own run is what is measured: hence its inside, and Any
        run: Any = self.engine._run(self.codec, [request], request.taken)
        one, none = torch.ones(1, 4, 1, 1), torch.zeros(1, 4, 1, 1)
        found = [
            (float(run.under(place, one, none)[0, 0]), float(run.under(place, none, one)[0, 0]))
            for place in range(len(run.timesteps))
        ]
        if (
            request.how.sampler.startswith("DPM2")
            and " a" not in request.how.sampler
            and isinstance(run, LibraryRun)
        ):
            # of the calls half-way diffusers' class tells another noise than it takes away
            scheduler = run._scheduler
            begun = len(scheduler.timesteps) - len(found)
            middles = scheduler.sigmas_interpol
            for place in range(1, len(found), 2):
                found[place] = (1.0, float(middles[begun + place]))
        return found

    def latents(
        self, how: Sampling | Sequence[Sampling], image: torch.Tensor | None = None, strength: float = 1.0
    ) -> torch.Tensor:
        """The latents that are drawn, one row for each way of sampling."""
        ways = [how] if isinstance(how, Sampling) else list(how)
        rows = [Request(NOTHING, NOTHING, one, *SIZE, image, strength) for one in ways]
        self.denoiser.calls, self.denoiser.times = 0, []
        self.denoiser.levels = self.levels(rows[0])
        self.engine.draw(rows)
        return self.codec.latents
