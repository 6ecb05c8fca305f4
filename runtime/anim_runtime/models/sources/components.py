"""Which files of a repository are fetched: settings, vocabularies and weights of the parts that are known."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from anim_runtime.models.net.forms import Form
from anim_runtime.models.net.problems import NetProblem
from anim_runtime.models.sources.hub_api import Sibling
from anim_runtime.models.sources.naming import TAKEN

INDEX: Final = "model_index.json"
PART: Final = "config.json"
"""What a folder holds that is one part alone: a ControlNet, a VAE, an estimator of depth or poses."""

PARTS: Final = frozenset(
    {
        *("unet", "transformer", "vae", "text_encoder", "text_encoder_2", "text_encoder_3"),
        *("tokenizer", "tokenizer_2", "tokenizer_3", "scheduler", "controlnet"),
    }
)
"""Folders of a diffusers model that are used. `safety_checker` and the like are not."""

LIBRARIES: Final = frozenset({"diffusers", "transformers"})
"""The libraries whose classes `model_index.json` may name."""

#: the weights of one part alone, as diffusers and transformers name them
_ALONE: Final = re.compile(r"(?:diffusion_pytorch_model|model)(?:\.\w+)?(?:-\d{5}-of-\d{5})?\.safetensors")
_BESIDE: Final = frozenset({PART, "preprocessor_config.json"})
_VARIANT: Final = re.compile(r"\.(fp16|bf16|fp32|non_ema|ema_only|fp8)\b")
_SHARD: Final = re.compile(r"-\d{5}-of-\d{5}$")
_SETTINGS: Final = (".json", ".txt", ".model")
_MOST_FILES: Final = 400


def checked_index(text: bytes, repository: str) -> None:
    """Raises `NetProblem` for a `model_index.json` that wants any code but that of the known libraries."""
    try:
        index = json.loads(text)
    except (ValueError, RecursionError):
        index = None
    if not isinstance(index, dict) or not str(index.get("_class_name", "")):
        raise NetProblem("wrong", f"`{INDEX}` of `{repository}` is none")
    for name, row in index.items():
        if name.startswith("_") or not isinstance(row, list) or len(row) != 2 or row[0] is None:
            continue
        is_known = row[0] in LIBRARIES and isinstance(row[1], str) and re.fullmatch(r"[A-Za-z]\w*", row[1])
        if name in PARTS and not is_known:
            hint = "only models whose parts are classes of diffusers and transformers are used"
            says = f"`{name}` of `{repository}` is of the library `{str(row[0])[:60]}`, whose code is not run"
            raise NetProblem("refused", says, hint)


def checked_part(text: bytes, repository: str) -> None:
    """Raises `NetProblem` for a `config.json` that is none, or that brings code of its own."""
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise NetProblem("wrong", f"`{PART}` of `{repository}` is none")
    if config.get("auto_map") or config.get("custom_pipelines"):
        hint = "only models whose parts are classes of diffusers and transformers are used"
        raise NetProblem("refused", f"`{repository}` wants code of its own, which is not run", hint)


def part_files(files: Sequence[Sibling], variant: str) -> tuple[Sibling, ...]:
    """The files of a repository that is one part alone; none if it is something else."""
    weights = [f for f in files if _ALONE.fullmatch(f.path)]
    beside = [f for f in files if f.path in _BESIDE]
    if not weights or all(f.path != PART for f in beside):
        return ()
    own = _of_variant(weights, variant)
    indices = [f for f in files if f.path.endswith(".index.json") and is_plain_path(f.path)]
    return (*beside, *own, *(f for f in indices if _is_index_of(f.path, own)))


def chosen_files(files: Sequence[Sibling], variant: str, repository: str) -> tuple[Sibling, ...]:
    """The files of a diffusers folder that are fetched; weights of `variant` where there are any.

    Raises `NetProblem` if a part has no safe weights, or is none.
    """
    names = {file.path for file in files}
    settings = [f for f in files if _is_setting(f.path)]
    parts = {path.split("/")[0] for path in names if "/" in path} & PARTS
    weights: list[Sibling] = []
    for part in sorted(parts):
        own = [f for f in files if _is_weight_of(f.path, part)]
        if not own and any(
            p.startswith(f"{part}/") and p.endswith((".bin", ".ckpt", ".pt", ".msgpack")) for p in names
        ):
            hint = "files of other formats can run code when they are opened"
            raise NetProblem("refused", f"`{part}` of `{repository}` has no `.safetensors` weights", hint)
        weights += _of_variant(own, variant)
    taken = (*settings, *weights)
    if len(taken) > _MOST_FILES:
        raise NetProblem("limit", f"`{repository}` has {len(taken)} files, more than any model")
    # the index of shards goes with the shards; one of another variant would name files that are not here
    return tuple(f for f in taken if not f.path.endswith(".index.json") or _is_index_of(f.path, weights))


def form_of(path: str) -> Form:
    """What a file of a folder must look like."""
    match PurePosixPath(path).suffix:
        case ".json":
            return "json"
        case ".txt":
            return "text"
        case ".safetensors":
            return "safetensors"
        case _:
            return "bytes"


def is_plain_path(path: str) -> bool:
    """Whether a path of a repository may become one of any disk's: no way out, nothing hidden, no device."""
    return bool(re.fullmatch(r"[\w. ()+/-]+", path)) and all(map(_is_plain_part, path.split("/")))


def _is_plain_part(part: str) -> bool:
    is_taken = part.partition(".")[0].rstrip().lower() in TAKEN
    return bool(part) and not part.startswith(".") and not part.endswith((".", " ")) and not is_taken


def _is_setting(path: str) -> bool:
    place = PurePosixPath(path)
    if place.suffix not in _SETTINGS or not is_plain_path(path):
        return False
    return path == INDEX or (len(place.parts) == 2 and place.parts[0] in PARTS)


def _is_weight_of(path: str, part: str) -> bool:
    place = PurePosixPath(path)
    return place.suffix == ".safetensors" and place.parts[:-1] == (part,) and is_plain_path(path)


def _of_variant(weights: Sequence[Sibling], variant: str) -> list[Sibling]:
    """Of the weights of one part: those of the variant, else the plain ones, else whatever is there."""
    by_variant: dict[str, list[Sibling]] = {}
    for file in weights:
        found = _VARIANT.search(PurePosixPath(file.path).name)
        by_variant.setdefault(found[1] if found else "", []).append(file)
    for name in (variant, "", *sorted(by_variant)):
        if by_variant.get(name):
            return _unsharded(by_variant[name])
    return []


def _unsharded(weights: list[Sibling]) -> list[Sibling]:
    """One file instead of its shards, where both are there."""
    whole = [f for f in weights if not _SHARD.search(_plain(f.path))]
    return whole[:1] if whole else weights


def _plain(path: str) -> str:
    """A weight file's path without variant and ending."""
    return _VARIANT.sub("", path).removesuffix(".safetensors")


def _is_index_of(path: str, weights: Sequence[Sibling]) -> bool:
    stem = path.removesuffix(".index.json")
    has_variant = _VARIANT.search(PurePosixPath(stem).name)
    folder = path.rpartition("/")[0]
    shards = [f for f in weights if _SHARD.search(_plain(f.path)) and f.path.rpartition("/")[0] == folder]
    if not shards or ".safetensors" not in path:
        return False
    of_shards = _VARIANT.search(PurePosixPath(shards[0].path).name)
    return (has_variant and has_variant[1]) == (of_shards and of_shards[1])
