"""What a text in quotes is for: a prompt, a file, a model, one of some words, a colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from anim_compiler.models.facts import ModelKind
from anim_studio.lsp.at import At

Purpose: TypeAlias = Literal["prompt", "file", "import", "model", "choice", "colour", "output", "text"]

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
_VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif")
_SOUNDS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".aiff")
_WEIGHTS = (".safetensors",)

_ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "audio": (*_SOUNDS, *_VIDEOS),
        "image": _PICTURES,
        "video": _VIDEOS,
        "mask": (*_PICTURES, *_VIDEOS),
        "markers": (".txt", ".csv", ".tsv"),
        "midi": (".mid", ".midi"),
        "series": (".csv", ".json", ".tsv"),
        "lyrics": (".lrc", ".srt"),
        "lut": (".cube",),
        "font": (".ttf", ".otf"),
        "upscale_model": _WEIGHTS,
    }
)
"""What the files end with that a statement or a setting takes."""

_MODELS: Mapping[str, ModelKind] = MappingProxyType(
    {"lora": "lora", "embedding": "embedding", "model": "checkpoint", "vae": "vae", "depth": "depth"}
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a text is for; of a file what its name may end with (anything where that is empty), of a model
    which kind.
    """

    purpose: Purpose
    endings: tuple[str, ...] = ()
    model: ModelKind = "unknown"


def quoted(found: At) -> Quoted:
    """What the text is for that a place is in."""
    head, path = found.head, found.path
    if found.argument is not None and not path:
        return Quoted("text")
    if path[:1] == ("let",):
        return Quoted("prompt")
    if head == "import":
        return Quoted("import", (".anim",))
    if head == "output":
        return Quoted("output")
    if head in _ENDINGS and head == (path[0] if path else head):
        return Quoted("file", _ENDINGS[head])
    if head in ("lora", "embedding"):
        return Quoted("model", _WEIGHTS, _MODELS[head])
    return _of_setting(found)


def _of_setting(found: At) -> Quoted:
    spec = found.spec
    if spec is None:
        return Quoted("text")
    name = spec.name
    if name in ("model", "vae") or (name == "depth" and spec.type != "number"):
        kind: ModelKind = "controlnet" if spec.block == "control" else _MODELS[name]
        return Quoted("model", _WEIGHTS, kind)
    if name in ("color", "outline_color", "shadow_color"):
        return Quoted("colour")
    match spec.type:
        case "prompt":
            return Quoted("prompt")
        case "path":
            return Quoted("file", _ENDINGS.get(name, ()))
        case "image":
            return Quoted("file", _PICTURES)
        case "choice":
            return Quoted("choice")
        case _:
            return Quoted("text")
