"""Folders of models that other programs keep: found, looked through, and used where they are.

AUTOMATIC1111's web UI and its forks (`models/Stable-diffusion`, `models/Lora`, `embeddings`, …), ComfyUI
(`models/checkpoints`, `models/loras`, …, and `extra_model_paths.yaml`), the cache of the Hugging Face hub,
and any other folder. Nothing is moved, copied or written there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from anim_compiler.models.folders import INDEX

Layout: TypeAlias = Literal["A1111", "ComfyUI", "Hugging Face cache", "folder"]

PICKLES: Final = frozenset({".ckpt", ".pt", ".pth", ".bin"})

#: folders deeper than this hold no models: nobody nests them so
_DEEPEST: Final = 8
#: a mistaken `anim models scan /` ends before the disk does
_MOST_FILES: Final = 200_000

_COMFY: Final = ("checkpoints", "loras", "controlnet", "vae", "upscale_models", "embeddings", "unet",
                 "diffusion_models", "text_encoders", "clip")  # fmt: skip
_WEBUI: Final = ("Stable-diffusion", "Lora", "LyCORIS", "ControlNet", "VAE", "ESRGAN", "RealESRGAN")
_EXTRA: Final = "extra_model_paths.yaml"
_YAML_LINE: Final = re.compile(
    r"(?P<indent>\s*)(?P<key>[\w-]+):\s*(?P<value>[^#|>]*?)\s*(?P<block>[|>]?)\s*(?:#.*)?$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a folder: models (files and folders), pickles, which are not read, and whose it is."""

    layout: Layout
    models: tuple[Path, ...]
    pickles: tuple[Path, ...] = ()
    #: the search ended early, since the folder holds more than models can be
    is_cut: bool = False


def look_through(folder: Path) -> Found:
    """Everything in a folder that looks like a model, by its ending and its place. Raises OSError."""
    layout = layout_of(folder)
    walk = _Walk()
    for place in places(folder, layout):
        walk.through(place)
    models, pickles = (tuple(dict.fromkeys(found)) for found in (walk.models, walk.pickles))
    return Found(layout, models, pickles, is_cut=walk.files > _MOST_FILES)


def layout_of(folder: Path) -> Layout:
    """Which program keeps a folder, by the names in it."""
    if any(folder.glob("models--*--*")) or any((folder / "hub").glob("models--*--*")):
        return "Hugging Face cache"
    for base in (folder, folder / "models"):
        names = {entry.name for entry in base.iterdir() if entry.is_dir()} if base.is_dir() else set()
        if names & set(_WEBUI):
            return "A1111"
        if "checkpoints" in names or len(names & set(_COMFY)) >= 2:
            return "ComfyUI"
    return "folder"


def places(folder: Path, layout: Layout) -> Iterator[Path]:
    """The folders to look through for a layout; that itself where the layout says nothing."""
    if layout == "A1111" and (folder / "models").is_dir():
        yield from (folder / name for name in ("models", "embeddings") if (folder / name).is_dir())
    elif layout == "ComfyUI" and (folder / "models").is_dir():
        yield folder / "models"
        yield from extra_paths(folder / _EXTRA)
    elif layout == "Hugging Face cache":
        hub = folder / "hub" if any((folder / "hub").glob("models--*--*")) else folder
        yield from sorted(hub.glob("models--*--*/snapshots/*"))
    else:
        yield folder


def extra_paths(path: Path) -> Iterator[Path]:
    """The folders that ComfyUI's `extra_model_paths.yaml` names and that are there.

    Of YAML it takes what that file is made of: sections of `key: value`, and `|` blocks of a path a line.
    """
    try:
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    except (OSError, ValueError):
        return
    base, block_indent = path.parent, -1
    for line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        if block_indent >= 0 and indent > block_indent:
            yield from _there(base, text)
            continue
        block_indent = -1
        found = _YAML_LINE.fullmatch(line)
        if found is None:
            continue
        if not found["indent"]:
            base = path.parent
        value = found["value"].strip("'\"")
        if found["key"] == "base_path" and value:
            base = path.parent / Path(value).expanduser()
        elif found["block"]:
            block_indent = indent
        elif value and found["key"] != "is_default":
            yield from _there(base, value)


def _there(base: Path, text: str) -> Iterator[Path]:
    place = base / Path(text).expanduser()
    if place.is_dir():
        yield place


def _is_part(files: list[str]) -> bool:
    """Whether a folder is one part of a model, as diffusers and transformers write it: with its settings."""
    return "config.json" in files and any(
        name.startswith(("diffusion_pytorch_model", "model")) and name.endswith(".safetensors")
        for name in files
    )


class _Walk:
    """A walk through folders, each once, whatever links lead to it."""

    def __init__(self) -> None:
        self.models: list[Path] = []
        self.pickles: list[Path] = []
        self.files = 0
        self._seen: set[tuple[int, int]] = set()

    def through(self, place: Path) -> None:
        """Notes what lies below a folder, in order."""
        start = len(place.parts)
        if not self._is_new(place):
            return
        # people link the folders of one program into another's
        for root, folders, files in os.walk(place, followlinks=True):
            here = Path(root)
            self.files += len(files)
            if self.files > _MOST_FILES:
                return
            is_model = INDEX in files or _is_part(files)
            if is_model or len(here.parts) - start >= _DEEPEST:
                folders.clear()
            folders[:] = [
                name for name in sorted(folders) if not name.startswith(".") and self._is_new(here / name)
            ]
            if is_model:
                self.models.append(here)
                continue
            for name in sorted(files):
                self._note(here / name)

    def _note(self, path: Path) -> None:
        suffix = path.suffix.lower()
        if path.name.startswith(".") or suffix not in (".safetensors", *PICKLES) or not path.is_file():
            return
        (self.models if suffix == ".safetensors" else self.pickles).append(path)

    def _is_new(self, folder: Path) -> bool:
        try:
            told = folder.stat()
        except OSError:
            return False
        before = len(self._seen)
        self._seen.add((told.st_dev, told.st_ino))
        return len(self._seen) > before
