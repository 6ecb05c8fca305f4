"""Where a model reference leads: the built-in model, a diffusers folder, or one file of weights.

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

#: what comes with the program: its folder, and what every such folder holds
BUILT_IN = {POSTCARD: ("postcard", "unet"), "postcard-canny": ("postcard_canny", "config.json")}

#: what diffusers and peft call the one file of a LoRA's folder
LORA_FILES = ("pytorch_lora_weights.safetensors", "adapter_model.safetensors")

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


@dataclass(frozen=True, slots=True)
class Places:
    """Where models are looked for: below the film's `root`, then in the user's `library` (its folder).
    `cache` is where digests are kept that were made already.
    """

    root: Path | None = None
    library: Path | None = None
    cache: Path | None = None

    def find(self, reference: str, sha256: str = "") -> Located:
        """The model that a reference names. RenderProblem (exit code 7) if it is not here, or if its content
        is not that which the plan or the film's lock holds it to by `sha256`.
        """
        from anim_runtime.problems import RenderProblem

        found = locate(reference, self.root, self.library, sha256)
        if isinstance(found, MissingModel):
            raise RenderProblem(found.message, found.hint, exit_code=7)
        # without a cache nobody knows the digest but by reading gigabytes; what is built in was installed
        if sha256 and self.cache is not None and found.kind in ("folder", "file"):
            actual = digest(found, self.cache)
            if actual != sha256:
                # `anim models sync` fetches what a path is to be into the library
                kept = _elsewhere(reference, self.library, sha256)
                if isinstance(kept, Located) and digest(kept, self.cache) == sha256:
                    return kept
                message = (
                    f"the model `{reference}` is not the one that the film was compiled with: its sha256 "
                    f"begins with {actual[:10]}, not {sha256[:10]}"
                )
                hint = "fetch that with `anim models sync FILM`, or hold to this: `anim models lock FILM`"
                raise RenderProblem(message, hint, exit_code=7)
        return found


def locate(
    reference: str, root: Path | None = None, library: Path | None = None, sha256: str = ""
) -> Located | MissingModel:
    """The model that the reference names; relative paths start at the film's root.

    What is no path is looked for in the user's library, whose folder is `library`, by reference, name, title
    or the beginning of its digest, and `hf:…` in the cache of the Hugging Face hub as well. Of several that a
    reference leads to it is the one with that `sha256`, if one has it.
    """
    if reference == NULL:
        return Located(reference, "null", None)
    if reference in BUILT_IN:
        return _built_in(reference)
    if is_address(reference):
        return _elsewhere(reference, library, sha256)
    path = Path(reference).expanduser()
    path = path if path.is_absolute() or root is None else root / path
    found = _at(reference, path)
    if isinstance(found, Located) or path.exists():
        return found
    kept = _elsewhere(reference, library, sha256)
    # a near name of the library helps more than advice on paths
    return kept if isinstance(kept, Located) or kept.hint.startswith("did you") else found


def is_address(reference: str) -> bool:
    """Whether it names a place to fetch from, and no path."""
    return reference.startswith(("hf:", "civitai:", "https:", "urn:", "air:", "sha256:"))


def _at(reference: str, path: Path) -> Located | MissingModel:
    """What lies at a path."""
    if any((path / name).is_file() for name in ("model_index.json", "config.json", *LORA_FILES)):
        return Located(reference, "folder", path)
    if path.is_file() and path.suffix.lower() == ".safetensors":
        return Located(reference, "file", path)
    if path.is_dir():
        files = list(path.glob("*.safetensors"))
        if len(files) == 1 and files[0].is_file():
            # a repository of a LoRA holds its file alone
            return Located(reference, "file", files[0])
        hint = "give the folder that holds `model_index.json` or `config.json`, as diffusers writes it"
        return MissingModel(reference, f"the folder `{reference}` holds no diffusers model", hint)
    if path.is_file():
        hint = f"convert it: `anim models add {reference} --allow-pickle`; it can run code when it is opened"
        return MissingModel(reference, f"`{reference}` is not a `.safetensors` file", hint)
    hint = (
        "check the path, fetch what the film's lock names with `anim models sync FILM`, or leave out `model` "
        "to use the built-in one"
    )
    return MissingModel(reference, f"the model `{reference}` is not on this machine", hint)


def _elsewhere(reference: str, library: Path | None, sha256: str) -> Located | MissingModel:
    """What the library or the hub's cache has under a reference."""
    # sqlite is only loaded for films that name such a model
    import sqlite3

    from anim_runtime.models.collection import Library

    near = ""
    if library is not None:
        kept = Library(library)
        try:
            entry = kept.one(reference, sha256)
            near = "" if entry is not None else kept.nearest(reference)
        except (sqlite3.Error, OSError) as problem:
            hint = f"look at `{library}`: `anim models where` shows where models are kept"
            return MissingModel(reference, f"the library of models cannot be read: {problem}", hint)
        finally:
            kept.close()
        if entry is not None:
            return _at(reference, entry.path)
    if reference.startswith("hf:"):
        from anim_runtime.models.hub_cache import in_hub_cache

        path = in_hub_cache(reference)
        found = None if path is None else _at(reference, path)
        if isinstance(found, Located):
            return found
    if near:
        message = f"the model `{reference}` is not on this machine"
        return MissingModel(reference, message, f"did you mean `{near}`, which is in your library?")
    hint = (
        f"fetch it: `anim models add {reference}`, or all that a film's lock names: `anim models sync FILM`"
    )
    return MissingModel(reference, f"the model `{reference}` is not on this machine", hint)


def _built_in(reference: str) -> Located | MissingModel:
    # found beside this package and not imported: the package of the built-in model imports torch
    name, holds = BUILT_IN[reference]
    folder = Path(__file__).resolve().parent.parent / "builtin" / name
    if not (folder / holds).exists():
        message = f"the built-in model `{reference}` is not in this installation"
        return MissingModel(reference, message, "install anim again")
    return Located(reference, "postcard" if reference == POSTCARD else "folder", folder)


def digest(model: Located, cache: Path | None = None) -> str:
    """The sha256 (hex) of a file's content; of a folder's weights and configuration by file name and content.

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
    found = file_sha256(model.path) if model.path.is_file() else _folder_digest(model.path, files)
    _remember(cache, {**known, stamp: found})
    return found


def _folder_digest(folder: Path, files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        line = f"{file.relative_to(folder).as_posix()}\0{file_sha256(file)}\n"
        total.update(line.encode("utf-8", "surrogateescape"))
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
