"""Files of weights: which of a folder's are meant, and whether they are whole, before anything is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import torch

from anim_compiler.models.header import HeaderProblem, read_header
from anim_runtime.diffusion.families.blueprint import UnknownModel

#: how diffusers and transformers call their weights
STEMS: Final = ("diffusion_pytorch_model", "model")
#: what may stand between the name and its ending: as they are, or in half precision
_VARIANTS: Final = ("", "fp16", "bf16")


def variant(folder: Path) -> str | None:
    """The variant that a part's folder holds in safetensors, None for the plain one.

    UnknownModel if there are no weights, only pickles, or files that are cut short.
    """
    for word in _VARIANTS:
        files = _files(folder, word)
        if files:
            whole(files)
            return word or None
    part = folder.name
    if not folder.is_dir():
        raise UnknownModel(f"it has no folder `{part}`", "the model is not here as a whole: fetch it again")
    if any(folder.glob("*.bin")):
        hint = "convert it: `anim models add FOLDER --allow-pickle`; such files can run code when opened"
        raise UnknownModel(f"its `{part}` holds no `.safetensors`, only `.bin`", hint)
    raise UnknownModel(f"its `{part}` holds no weights", "the model is not here as a whole: fetch it again")


def whole(files: Iterable[Path]) -> None:
    """UnknownModel if one of the files is not there, or is no whole safetensors file."""
    for file in files:
        if not file.is_file():
            hint = "the model is not here as a whole: fetch it again"
            raise UnknownModel(f"its file `{file.parent.name}/{file.name}` is missing", hint)
        found = read_header(file)
        if isinstance(found, HeaderProblem):
            raise UnknownModel(f"its file `{file.name}` {found.message}", "fetch it again")


def _files(folder: Path, word: str) -> list[Path]:
    """The files of a variant, one or several; none if it is not there."""
    ending = f".{word}.safetensors" if word else ".safetensors"
    for stem in STEMS:
        if (folder / f"{stem}{ending}").is_file():
            return [folder / f"{stem}{ending}"]
        middle = f".safetensors.index.{word}.json" if word else ".safetensors.index.json"
        index = folder / f"{stem}{middle}"
        if index.is_file():
            names = {str(name) for name in json_of(index).get("weight_map", {}).values()}
            # a name with a folder in it could lead anywhere
            return [folder / Path(name).name for name in sorted(names)]
    return []


def json_of(path: Path) -> dict[str, Any]:
    """A JSON object; UnknownModel if the file is none."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        hint = "the model is not here as a whole: fetch it again"
        raise UnknownModel(f"its file `{path.parent.name}/{path.name}` is missing or no JSON", hint)
    return found


def numbers(part: str, module: torch.nn.Module) -> None:
    """UnknownModel if a weight is NaN or infinite: such a model draws nothing."""
    ends = [torch.stack(p.detach().aminmax()).float() for p in module.parameters() if p.numel()]
    # looked at once for all, since a device is asked only once then
    if ends and not bool(torch.isfinite(torch.stack([end.to(ends[0].device) for end in ends])).all()):
        hint = "the file is damaged, or was made so: use another version of the model"
        raise UnknownModel(f"weights of its `{part}` hold no numbers (NaN)", hint)


def first_line(error: BaseException) -> str:
    """Why a loader of another library gave up, in one line."""
    said = str(error).strip()
    return said.splitlines()[0][:300] if said else type(error).__name__


def width_of(config: Mapping[str, Any]) -> int:
    """How many numbers stand for a token in a text encoder of that config; 0 if it does not say so."""
    own = config.get("text_config")
    told = own if isinstance(own, dict) else config
    found = told.get("hidden_size", told.get("d_model", 0))
    return found if type(found) is int else 0
