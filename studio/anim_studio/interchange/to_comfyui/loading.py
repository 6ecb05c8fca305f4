"""The nodes at the beginning of a workflow: the model with its LoRAs, and the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anim_compiler.film import Shot, WordSchedule
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_comfyui.workflow import Link, Workflow
from anim_studio.interchange.to_texts import file_name

USUAL = "v1-5-pruned-emaonly-fp16.safetensors"
"""The checkpoint of ComfyUI's own first workflow, for films of the built-in model."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Outputs that the rest is made from."""

    model: Link
    clip: Link
    vae: Link


def loaded(flow: Workflow, film: Exporting, shot: Shot, frame: int) -> Loaded:
    """The checkpoint, its LoRAs with the weights of a frame, the layers of the text encoder that count."""
    checkpoint = flow.add("CheckpointLoaderSimple", "Model", ckpt_name=_checkpoint(film, frame))
    model, clip, vae = (checkpoint, 0), (checkpoint, 1), (checkpoint, 2)
    for lora in shot.loras:
        weight = _weight(film, lora.name, frame)
        number = flow.add(
            "LoraLoader",
            f"LoRA {lora.name}",
            model=model,
            clip=clip,
            lora_name=f"{file_name(lora)}.safetensors",
            strength_model=weight,
            strength_clip=weight,
        )
        model, clip = (number, 0), (number, 1)
    skipped = int(film.columns["diffuse.clip_skip"][frame])
    if skipped > 1:
        clip = (flow.add("CLIPSetLastLayer", "Clip skip", clip=clip, stop_at_clip_layer=-skipped), 0)
    if film.film.vae is not None:
        vae = (flow.add("VAELoader", "VAE", vae_name=film.film.vae.rsplit("/", 1)[-1]), 0)
    return Loaded(model, clip, vae)


def _checkpoint(film: Exporting, frame: int) -> str:
    model = film.film.model
    if model is None:
        return USUAL
    reference = film.words["model"][frame] if isinstance(model, WordSchedule) else model
    return reference.rsplit("/", 1)[-1]


def _weight(film: Exporting, name: str, frame: int) -> float:
    column = film.columns.get(f"lora.{name}.weight")
    weight = 1.0 if column is None else float(column[frame])
    return round(weight, 4) if np.isfinite(weight) else 0.0


def picture(flow: Workflow, film: Exporting, name: str, title: str) -> Link:
    """A picture from ComfyUI's folder `input`, cut to the film's size as the film cuts it."""
    image = flow.add("LoadImage", title, image=name)
    scaled = flow.add(
        "ImageScale",
        "To the film's size",
        image=(image, 0),
        upscale_method="lanczos",
        width=film.plan.width,
        height=film.plan.height,
        crop="center",
    )
    return scaled, 0


def remarks(film: Exporting, shot: Shot) -> Iterator[Remark]:
    """What the user has to see to before it runs."""
    if film.film.model is None:
        says = f"the model that comes with anim exists only here: choose one instead of `{USUAL}`"
        yield Remark(Fate.LOST, "model", says)
    elif shot.loras or not str(film.film.model).endswith((".safetensors", ".ckpt")):
        says = "models, LoRAs and the like are named by their files: choose those that you have"
        yield Remark(Fate.CHANGED, "model", says)
