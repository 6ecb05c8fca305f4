"""The end of a workflow: what is sampled, the sampler, and the picture that is saved."""

from __future__ import annotations

from pathlib import PurePosixPath

from anim_compiler.film import Shot
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.to_comfyui.loading import Loaded
from anim_studio.interchange.to_comfyui.samplers import comfy_sampler
from anim_studio.interchange.to_comfyui.workflow import Link, Workflow
from anim_studio.interchange.to_prompts import Which

TITLES: dict[Which, str] = {"prompt": "Prompt", "negative": "Negative prompt"}
"""What the nodes of both prompts are called."""


_MOST_REPEATED = 64
"""How often ComfyUI repeats a latent at most; pictures more often."""


def latent(flow: Workflow, film: Exporting, parts: Loaded, drawn: Link | None, count: int) -> Link:
    """What is sampled: noise of the film's size, or a picture's latent, as often as there are frames."""
    if drawn is None:
        size = {"width": film.plan.width, "height": film.plan.height}
        return flow.add("EmptyLatentImage", "From noise", **size, batch_size=count), 0
    if count > _MOST_REPEATED:
        drawn = flow.add("RepeatImageBatch", "One a frame", image=drawn, amount=count), 0
    latent = flow.add("VAEEncode", "To the latent", pixels=drawn, vae=parts.vae), 0
    if count == 1 or count > _MOST_REPEATED:
        return latent
    return flow.add("RepeatLatentBatch", "One a frame", samples=latent, amount=count), 0


def sampled(
    flow: Workflow,
    film: Exporting,
    frame: int,
    parts: Loaded,
    prompts: tuple[Link, Link],
    latent: Link,
    title: str,
    *,
    is_new: bool,
) -> Workflow:
    """The sampler and what comes behind it."""
    denoise = round(_number(film, "diffuse.strength", frame), 4)
    name, scheduler = comfy_sampler(film.words["diffuse.sampler"][frame])
    sampler = flow.add(
        "KSampler",
        title,
        model=parts.model,
        positive=prompts[0],
        negative=prompts[1],
        latent_image=latent,
        seed=int(_number(film, "diffuse.seed", frame)) % 2**64,
        steps=_steps(film, frame, 1.0 if is_new else denoise),
        cfg=round(_number(film, "diffuse.cfg_scale", frame), 4),
        sampler_name=name,
        scheduler=scheduler,
        denoise=1.0 if is_new else denoise,
    )
    decoded = flow.add("VAEDecode", "To the picture", samples=(sampler, 0), vae=parts.vae)
    flow.add("SaveImage", "Save", images=(decoded, 0), filename_prefix=film.stem)
    return flow


def _steps(film: Exporting, frame: int, denoise: float) -> int:
    """The steps that are really taken: ComfyUI takes all of those that it is told, at any `denoise`."""
    return max(1, int(_number(film, "diffuse.steps", frame) * denoise + 1e-9))


def _number(film: Exporting, name: str, frame: int) -> float:
    column = film.columns.get(name)
    return float(film.plan.seed) if column is None else float(column[frame])


def shot_of(film: Exporting, frame: int) -> Shot:
    """The shot that shows a frame."""
    name = next(s.name for s in film.plan.scenes if s.start <= frame < s.end)
    return next(shot for shot in film.film.shots if shot.name == name)


def init_of(film: Exporting, shot: Shot) -> str | None:
    """The name of the picture that a shot starts from."""
    found = next((one for one in film.film.stills if one.name == shot.init), None)
    return None if found is None else PurePosixPath(found.path).name
