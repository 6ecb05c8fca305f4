"""What a single file is, by its header, before a number of it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anim_compiler.models.detect import detected
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.families import FAMILIES
from anim_compiler.models.header import Header, HeaderProblem, read_header
from anim_compiler.models.tensors import PREFIX
from anim_runtime.diffusion.families.blueprint import UnknownModel
from anim_runtime.diffusion.families.clip_words import CONFIGS

_INSTEAD: Final = {
    "lora": 'write `lora NAME = "…"` and name the model that it was made for',
    "controlnet": 'write `control NAME { model = "…" }`',
    "embedding": 'write `embedding NAME = "…"`',
    "vae": 'write `vae = "…"`',
    "depth": 'write `depth = "…"` in the camera',
}
_OTHERS: Final = "anim draws with Stable Diffusion 1, 2 and 3, SDXL, Flux.1, Qwen-Image and Z-Image"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A single file: what its header says, and the folder with the JSON of its architecture."""

    facts: ModelFacts
    header: Header
    config: Path


def file_kind(path: Path) -> FileKind:
    """What the file of a model is; UnknownModel if it cannot be drawn with.

    A folder beside it of the same name with a `model_index.json` says what it is built like; else the header
    does.
    """
    header = whole_header(path)
    facts = detected(header, path.name)
    _is_model(facts, header)
    beside = path.with_suffix("")
    if (beside / "model_index.json").is_file():
        return FileKind(facts, header, beside)
    if not facts.family:
        raise UnknownModel(f"it is {facts.title or 'of no family that is known here'}", _OTHERS)
    return FileKind(facts, header, CONFIGS / architecture(facts, header))


def whole_header(path: Path) -> Header:
    """The header of a file; UnknownModel if the file is cut short or none."""
    found = read_header(path)
    if isinstance(found, HeaderProblem):
        raise UnknownModel(f"it {found.message}", "fetch the file again")
    return found


def architecture(facts: ModelFacts, header: Header) -> str:
    """The folder of `configs` for a file: some families come in several sizes."""
    names = {name.removeprefix(PREFIX) for name in header.tensors}
    if facts.family == "flux":
        guided = {"guidance_in.in_layer.weight", "time_text_embed.guidance_embedder.linear_1.weight"}
        return "flux-dev" if names & guided else "flux-schnell"
    if facts.family == "sd3":
        if names & {"joint_blocks.37.x_block.mlp.fc1.weight", "transformer_blocks.37.ff.net.0.proj.weight"}:
            return "sd35-large"
        dual = {"joint_blocks.0.x_block.attn2.qkv.weight", "transformer_blocks.0.attn2.to_q.weight"}
        return "sd35-medium" if names & dual else "sd3"
    return facts.family


def _is_model(facts: ModelFacts, header: Header) -> None:
    if facts.kind not in ("checkpoint", "unet", "unknown"):
        family = FAMILIES[facts.family].title if facts.family in FAMILIES else ""
        article = "an" if facts.kind[0] in "aeiou" else "a"
        called = {"lora": "LoRA", "controlnet": "ControlNet", "vae": "VAE"}.get(facts.kind, facts.kind)
        of = f" for {family}" if family else ""
        raise UnknownModel(f"it is {article} {called}{of} and no model", _INSTEAD.get(facts.kind, _OTHERS))
    odd = ("refiner", "inpainting", "pix2pix", "upscaler", "AnimateDiff", "Adapter")
    if any(word in facts.title for word in odd) and facts.told_by == "header" and _odd_by_tensors(header):
        raise UnknownModel(f"it is an {facts.title}", "use the model that it was made from")
    if any(name.endswith((".scale_weight", ".weight_scale", "scaled_fp8")) for name in header.tensors):
        hint = "use the version in fp16, bf16 or plain fp8"
        raise UnknownModel("its weights are scaled fp8, which only some programs read", hint)


def _odd_by_tensors(header: Header) -> bool:
    """Whether its first layer or its words are those of no ordinary U-Net: a title may be anything."""
    for name in (f"{PREFIX}input_blocks.0.0.weight", "input_blocks.0.0.weight", "conv_in.weight"):
        tensor = header.tensors.get(name)
        if tensor is not None and len(tensor.shape) > 1 and tensor.shape[1] != 4:
            return True
    return "conditioner.embedders.0.model.text_projection" in header.tensors
