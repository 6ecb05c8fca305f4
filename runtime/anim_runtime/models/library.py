"""Where a model reference leads: the built-in model, a diffusers folder, or one checkpoint file.

Light: neither torch nor diffusers is imported, so that a command can check a model before it loads one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: references that name no file
POSTCARD, NULL = "postcard", "null"

_WEIGHTS = (".safetensors", ".bin")


@dataclass(frozen=True, slots=True)
class Located:
    """A model that is here. `path` is a folder or a file; None only for `null`."""

    reference: str
    kind: Literal["postcard", "null", "folder", "file"]
    path: Path | None


@dataclass(frozen=True, slots=True)
class MissingModel:
    """A reference that leads nowhere: one sentence, and what to do."""

    reference: str
    message: str
    hint: str


def locate(reference: str, root: Path | None = None) -> Located | MissingModel:
    """The model that the reference names; relative paths start at the film's root."""
    if reference == NULL:
        return Located(reference, "null", None)
    if reference == POSTCARD:
        return _built_in()
    path = Path(reference).expanduser()
    path = path if path.is_absolute() or root is None else root / path
    if (path / "model_index.json").is_file():
        return Located(reference, "folder", path)
    if path.is_file() and path.suffix == ".safetensors":
        return Located(reference, "file", path)
    if path.is_dir():
        hint = "give the folder that holds `model_index.json`, as diffusers writes it"
        return MissingModel(reference, f"the folder `{reference}` holds no diffusers model", hint)
    if path.is_file():
        hint = "convert it to `.safetensors`; other formats can run code when they are opened"
        return MissingModel(reference, f"`{reference}` is not a `.safetensors` file", hint)
    hint = "check the path, or leave out `model` to use the built-in one"
    return MissingModel(reference, f"the model `{reference}` is not on this machine", hint)


def _built_in() -> Located | MissingModel:
    # found beside this package and not imported: the package of the built-in model imports torch
    folder = Path(__file__).resolve().parent.parent / "builtin" / "postcard"
    if not (folder / "unet").is_dir():
        return MissingModel(POSTCARD, "the built-in model is not in this installation", "install anim again")
    return Located(POSTCARD, "postcard", folder)


def digest(model: Located, cache: Path | None = None) -> str:
    """The sha256 (hex) of the model's weights and configuration, by file name and content.

    Kept in `cache/models.json` by path, size and time of change, since checkpoints are gigabytes.
    """
    if model.path is None:
        return hashlib.sha256(b"null model, version 1").hexdigest()
    files = _files(model.path)
    stamp = hashlib.sha256(
        json.dumps([[str(f), f.stat().st_size, f.stat().st_mtime_ns] for f in files]).encode()
    ).hexdigest()
    known = _known(cache)
    if stamp in known:
        return known[stamp]
    base = model.path if model.path.is_dir() else model.path.parent
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.relative_to(base).as_posix()}\0{file_sha256(file)}\n".encode())
    _remember(cache, {**known, stamp: total.hexdigest()})
    return total.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    kinds = (*_WEIGHTS, ".json", ".txt", ".model")
    return sorted(f for f in path.rglob("*") if f.suffix in kinds and f.name != "model_card.json")


def file_sha256(path: Path) -> str:
    """The sha256 (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known(cache: Path | None) -> dict[str, str]:
    try:
        found = json.loads((cache / "models.json").read_text("utf-8")) if cache else {}
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _remember(cache: Path | None, known: dict[str, str]) -> None:
    if cache is None:
        return
    from anim_compiler.whole_file import write_whole

    try:
        cache.mkdir(parents=True, exist_ok=True)
        write_whole(cache / "models.json", json.dumps(known, sort_keys=True, indent=1).encode())
    except OSError:
        return  # it is only a shortcut: without it the next run reads the files again
