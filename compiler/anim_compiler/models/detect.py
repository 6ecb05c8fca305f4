"""What a model file is, by the names and shapes of its tensors and by what its metadata say.

Tensors are believed before words: a header that calls a LoRA of SD 1.5 one of SDXL is wrong, and would only
be found out when it is loaded. The names are those of the training programs and of diffusers' own
conversions (`loaders/single_file_utils.py`, `loaders/lora_conversion_utils.py`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from anim_compiler.models import detect_lora, detect_part, detect_words
from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.header import Header
from anim_compiler.models.tensors import Tensors

#: what each rule looks at comes before what would be mistaken for it: a LoRA has the names of its base in it
_RULES: Final = (
    detect_lora.lora,
    detect_part.embedding,
    detect_part.controlnet,
    detect_part.whole,
    detect_part.denoiser,
    detect_part.vae,
    detect_part.text_encoder,
    detect_part.depth,
    detect_part.upscaler,
)


def detected(header: Header, name: str = "") -> ModelFacts:
    """The facts of a model by its header; `name` is the file's, which tells what nothing else does.

    `reference`, `sha256` and `size` are left empty.
    """
    tensors = Tensors(header)
    found = next((made for rule in _RULES if (made := rule(tensors)) is not None), ModelFacts(""))
    return told_by_words(found, header, name)


def told_by_words(found: ModelFacts, header: Header, name: str) -> ModelFacts:
    """Those facts with what metadata and the file's name say besides."""
    words = detect_words.read_words(header.metadata, name)
    kind = found.kind if found.kind != "unknown" else words.kind
    family = found.family or (words.family if found.kind in _FAMILY_BY_WORD else "")
    is_adapter = kind in ("lora", "embedding")
    return replace(
        found,
        kind=kind,
        family=family,
        title=found.title or words.title,
        trigger_words=words.trigger_words if is_adapter else (),
        control=words.control if kind == "controlnet" else "",
        steps=detect_words.steps(f"{words.title} {name}", kind, family) or found.steps,
        licence=words.licence,
        prediction=found.prediction or words.prediction,
        resolution_px=words.resolution_px,
        author=words.author,
        description=found.description or words.description,
        told_by="header",
    )


#: kinds whose tensors may be alike in several families, so that a word may decide
_FAMILY_BY_WORD: Final = frozenset({"unknown", "lora", "vae", "embedding", "text encoder", "controlnet"})
