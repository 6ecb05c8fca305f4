"""Where a depth model is on this machine: a folder as transformers writes it. Nothing is ever fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from anim_compiler.film import DEPTH_MODEL
from anim_compiler.plan import Plan
from anim_runtime.depth.protocol import Estimator
from anim_runtime.models.library import Located, digest
from anim_runtime.problems import RenderProblem

_HUB = re.compile(r"[\w.-]+/[\w.-]+")
_MISSING = 7
_READS = frozenset({"depth", "depth_range"})


def folder(reference: str, root: Path | None, library: Path | None = None) -> Path:
    """The folder of a model: below the film's root, or a name that is in the user's `library` of models or in
    this machine's Hugging Face cache.

    RenderProblem (exit code 7) if it is not here, is no depth model, or is pickled.
    """
    name = reference.removeprefix("hf:")
    path = None if name != reference else (Path(name) if root is None else root / name)
    if path is None or not path.is_dir():
        path = _kept(reference, library) or (_cached(name) if _HUB.fullmatch(name) else None)
    if path is None:
        hint = f"fetch it with `anim models add hf:{name}`, or write its folder (below the film's root)"
        raise RenderProblem(f"the depth model `{reference}` is not on this machine", hint, _MISSING)
    _checked(reference, path)
    return path


def _kept(reference: str, library: Path | None) -> Path | None:
    """The folder of a model in the user's library."""
    from anim_runtime.models.library import locate

    found = None if library is None else locate(reference, library=library)
    return found.path if isinstance(found, Located) and found.kind == "folder" else None


def _cached(name: str) -> Path | None:
    """The folder of a repository in the cache of the Hugging Face hub."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json")
    return Path(found).parent if isinstance(found, str) else None


def _checked(reference: str, path: Path) -> None:
    if not (path / "config.json").is_file():
        hint = "give the folder that holds `config.json`, as transformers writes it"
        raise RenderProblem(f"the folder `{reference}` holds no depth model", hint, _MISSING)
    if not any(path.glob("*.safetensors")):
        hint = "take the `.safetensors` file of the same model, or convert it"
        pickled = any(path.glob("*.bin")) or any(path.glob("*.pt*"))
        says = "is pickled, which can run code when it is opened" if pickled else "has no `.safetensors` file"
        raise RenderProblem(f"the depth model `{reference}` {says}", hint, _MISSING)


def read_json(path: Path) -> dict[str, Any]:  # Any: it is JSON
    """A JSON object, empty if the file is not there or holds none; ValueError if it is no JSON."""
    found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=2)
def loaded(reference: str, root: Path | None, device: torch.device, library: Path | None = None) -> Estimator:
    """The estimator of a model; RenderProblem (exit code 7) if it is not here or cannot be read."""
    path = folder(reference, root, library)
    # transformers takes seconds to import
    from anim_runtime.depth.transformer import load

    return load(reference, path, device)


def fingerprint(plan: Plan, root: Path | None, cache: Path | None = None, library: Path | None = None) -> str:
    """What the depth models of a plan are, by their files: part of what may change a picture's bits."""
    found = (Located(name, "folder", folder(name, root, library)) for name in sorted(set(_models(plan))))
    return "".join(f" depth {digest(model, cache)}" for model in found)


def _models(plan: Plan) -> Iterator[str]:
    for scene in plan.scenes:
        for template in scene.templates.values():
            for node in template.nodes:
                method = node.args.get("method")
                if node.op in _READS and isinstance(method, str) and method.startswith(DEPTH_MODEL):
                    yield method.removeprefix(DEPTH_MODEL)
