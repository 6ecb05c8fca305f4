"""The statements of a film that name a model, LoRAs and pictures."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from anim_studio.interchange.deforum.files import Files
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.prompts import Prompts
from anim_studio.interchange.film_text import Block, Comment, Item, Setting, Statement, identifier, quoted
from anim_studio.interchange.imported import Fate


def model(settings: Settings, files: Files) -> list[Item]:
    """The checkpoint, or the keys of several."""
    settings.mapped("enable_checkpoint_scheduling")
    name = settings.text("sd_model_name")
    if settings.flag("enable_checkpoint_scheduling"):
        found = settings.curve("checkpoint_schedule")
        every = dict.fromkeys(_plain(word) for word in found.words)
        keys = [f"{at}: {quoted(_plain(found.words[int(at)]))}" for at, _ in found.keys]
        value = ", ".join(keys) or quoted(next(iter(every)))
        param = "checkpoint_schedule"
    else:
        every, value, param = (
            dict.fromkeys([_plain(name)] if name else []),
            quoted(_plain(name)),
            "sd_model_name",
        )
    if not every:
        return []
    settings.mapped(param)
    if all(files.here(model) for model in every):
        return [Setting("model", value)]
    says = "the file is not here; without it the built-in model draws"
    settings.say(Fate.CHANGED, param, f"the film has a comment in its place: {says}")
    return [Comment(f"model = {value}  # {says}", code=True)]


def _plain(path: str) -> str:
    """A model's file without its folders, and without the hash that the web UI shows behind it."""
    return re.sub(r"\s*\[[0-9a-f]{6,}\]$", "", PurePosixPath(path.strip().replace("\\", "/")).name)


def loras(shown: Prompts, *, without_model: bool = False) -> list[Item]:
    """The LoRAs that prompts name; comments where the model is missing that they are for."""
    items: list[Item] = []
    taken: list[str] = []
    for kind, name, weights in shown.loras:
        word = identifier(name, taken, "lora")
        taken.append(word)
        value = _weights(weights)
        block = "" if value == "1" else f" {{ weight = {value} }}"
        statement = f"lora {word} = {quoted(f'{name}.safetensors')}{block}"
        if kind == "hypernet":
            items.append(Comment(f"hypernetworks are not read here: {name}"))
        elif without_model:
            items.append(Comment(f"{statement}  # for the model that is missing", code=True))
        else:
            items.append(Statement(statement))
    return items


def _weights(weights: tuple[tuple[int, str], ...]) -> str:
    """The weight of a LoRA: each holds until the next prompt."""
    if len(weights) == 1:
        return weights[0][1]
    live = [re.search(r"\bt\b", weight) is not None for _, weight in weights]
    if not any(live):
        return ", ".join(f"{at}: {weight}" for at, weight in weights) + " with hold"
    last = len(weights) - 1
    return ", ".join(
        f"{at}: {weight}" if live[i] or i == last else f"{at}: {weight} hold"
        for i, (at, weight) in enumerate(weights)
    )


def pictures(settings: Settings, files: Files) -> list[Item]:
    """`init`, `source` and `guide`."""
    if settings.mode == "V":
        clip = files.clip()
        missing = Comment("source = clip  # the video is missing", code=True)
        return [Setting("source", clip) if clip else missing]
    if settings.mode in "23" and settings.flag("use_looper"):
        files.guides()
    settings.mapped("use_init")
    items: list[Item] = []
    if settings.mode in "23" and settings.flag("use_init"):
        items.append(files.picture("init", "init_image", "photo"))
    return [*items, *files.heads]


def grade(settings: Settings) -> Block | None:
    """The colours, where they are taken away."""
    if settings.mode not in "23":
        return None
    settings.mapped("color_force_grayscale")
    if not settings.flag("color_force_grayscale"):
        return None
    return Block("grade", (Setting("saturation", "0"),))
