"""LoRA files: opened and held to what a LoRA is by their headers alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from anim_compiler.models.detect import detected
from anim_compiler.models.detect_lora import with_article
from anim_compiler.models.families import FAMILIES
from anim_compiler.models.header import Header, HeaderProblem, read_header
from anim_compiler.plan import NamedRef
from anim_dsl.visible import escaped
from anim_runtime.diffusion.adapters.keys import Key, OtherKind, Part, read_key
from anim_runtime.models.library import LORA_FILES, Places
from anim_runtime.problems import RenderProblem


@dataclass(frozen=True, slots=True)
class LoraFile:
    """A LoRA as its header tells it: `tensors` by component and flat layer name, each part with the name of
    its tensor; `family` is "" if its tensors do not tell. `scales` are alphas that stand in the metadata.
    """

    name: str
    reference: str
    path: Path
    family: str
    layers: Mapping[tuple[str, str], Mapping[Part, str]]
    shapes: Mapping[str, tuple[int, ...]]
    settings: Mapping[str, object] = field(default_factory=dict)


def open_lora(ref: NamedRef, places: Places) -> LoraFile:
    """The LoRA of a film.

    Raises RenderProblem (exit code 7) if it is not here or is no LoRA that can be weighed.
    """
    path = _found(ref, places)
    header = read_header(path)
    if isinstance(header, HeaderProblem):
        hint = "fetch or copy the file again"
        raise RenderProblem(f"the LoRA `{ref.name}` (`{ref.reference}`) {header.message}", hint, 7)
    layers, strange = _grouped(ref, header)
    whole = {place: parts for place, parts in layers.items() if {"down", "up"} <= parts.keys()}
    facts = detected(header, path.name)
    if not whole:
        other = "" if facts.kind in ("unknown", "lora") else f" but another file ({facts.kind})"
        hint = "a LoRA holds pairs of `lora_down` and `lora_up` (or `lora_A` and `lora_B`)"
        raise RenderProblem(f"`{ref.reference}`, the LoRA `{ref.name}`, is no LoRA{other}", hint, 7)
    halves = [tensor for place in layers.keys() - whole.keys() for tensor in layers[place].values()]
    # an alpha without its layer is left behind by tools that drop layers, and means nothing
    strange += [tensor for tensor in halves if not tensor.endswith("alpha")]
    if strange:
        tensor = escaped(min(strange)[:80])
        hint = "it may be cut, or of a kind that is not known here: use a plain LoRA"
        raise RenderProblem(f"the LoRA `{ref.name}` holds `{tensor}`, which belongs to no LoRA", hint, 7)
    shapes = {name: tensor.shape for name, tensor in header.tensors.items()}
    settings = _settings(header.metadata, path)
    return LoraFile(ref.name, ref.reference, path, facts.family, whole, shapes, settings)


def _grouped(ref: NamedRef, header: Header) -> tuple[dict[tuple[str, str], dict[Part, str]], list[str]]:
    """The tensors of every layer, and those that belong to no LoRA."""
    layers: dict[tuple[str, str], dict[Part, str]] = {}
    strange: list[str] = []
    for tensor in header.tensors:
        key = read_key(tensor)
        if isinstance(key, Key):
            layers.setdefault((key.component, key.layer), {})[key.part] = tensor
        elif isinstance(key, OtherKind):
            raise _other_kind(ref, key.kind)
        else:
            strange.append(tensor)
    return layers, strange


def check_family(lora: LoraFile, family: str) -> None:
    """Raises RenderProblem (exit code 7) if it is for another family than that of the model, as far as both
    are known.
    """
    if not lora.family or not family or lora.family == family:
        return
    theirs, ours = (FAMILIES[name].title if name in FAMILIES else name for name in (lora.family, family))
    hint = f"use a LoRA made for {ours}, or a `model` of {theirs}"
    raise RenderProblem(f"`{lora.name}` is a LoRA for {theirs}, and the model is {ours}", hint, 7)


def _found(ref: NamedRef, places: Places) -> Path:
    """Its file: that of a folder is the one that diffusers or peft wrote."""
    path = places.find(ref.reference, ref.sha256).path
    if path is not None and path.is_dir():
        path = next((path / name for name in LORA_FILES if (path / name).is_file()), None)
    if path is None or not path.is_file():
        hint = "a LoRA is one `.safetensors` file"
        raise RenderProblem(f"`{ref.reference}`, the LoRA `{ref.name}`, is a whole model", hint, 7)
    return path


def _other_kind(ref: NamedRef, kind: str) -> RenderProblem:
    hint = "use a plain LoRA, LoCon or DoRA; tools such as LyCORIS extract one from a merged model"
    return RenderProblem(f"the LoRA `{ref.name}` is {with_article(kind)}, which is not known here", hint, 7)


def _settings(metadata: Mapping[str, str], path: Path) -> Mapping[str, object]:
    """What peft would be told besides the tensors: of the metadata, or of the file beside it."""
    beside = path.with_name("adapter_config.json")
    try:
        text = metadata.get("lora_adapter_metadata") or (
            beside.read_text("utf-8") if path.name == LORA_FILES[1] and beside.is_file() else ""
        )
        told = json.loads(text) if text else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
