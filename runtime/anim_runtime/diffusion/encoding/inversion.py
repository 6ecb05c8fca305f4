"""Textual inversion: words that a film gives its own names, learned as vectors (Gal and others 2022).

Files hold them as A1111 writes them (`emb_params`), as diffusers does (one tensor by the word it was learned
for), or for each of several text encoders by that one's name (`clip_l`, `clip_g`, `t5xxl`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from anim_compiler.models.detect import detected
from anim_compiler.models.header import HeaderProblem, read_header
from anim_compiler.plan import NamedRef
from anim_dsl.visible import escaped
from anim_runtime.diffusion.encoding.words import Names, Vectors
from anim_runtime.models.library import Located
from anim_runtime.problems import RenderProblem

#: how many tokens the largest embedding takes, as many as a chunk has
MOST_TOKENS = 75
#: names under which files hold the vectors of a certain encoder
ENCODER_KEYS = frozenset({"clip_l", "clip_g", "clip_h", "t5", "t5xxl", "qwen", "llm"})


@dataclass(frozen=True, slots=True)
class Embedding:
    """An embedding by the name that the film calls it: float32 `[n, width]` by the keys of its file."""

    name: str
    identity: str
    rows: Mapping[str, torch.Tensor]


def read_embeddings(refs: Sequence[NamedRef], find: Callable[[str, str], Located]) -> tuple[Embedding, ...]:
    """The embeddings of a film; `find` knows where a reference with its digest leads (`Places.find`).

    RenderProblem (exit code 7) if one is not here or is none.
    """
    return tuple(_read(ref, find(ref.reference, ref.sha256)) for ref in refs)


def _read(ref: NamedRef, found: Located) -> Embedding:
    if found.kind != "file" or found.path is None:
        raise _no_embedding(ref, "it is no file")
    rows = _rows(ref, found.path)
    content = hashlib.sha256()
    for key in sorted(rows):
        content.update(key.encode() + rows[key].numpy().tobytes())
    return Embedding(ref.name, content.hexdigest(), rows)


def _rows(ref: NamedRef, path: Path) -> dict[str, torch.Tensor]:
    from safetensors import safe_open

    header = read_header(path)
    if isinstance(header, HeaderProblem):
        raise _no_embedding(ref, f"it {header.message}")
    alone = len(header.tensors) == 1
    wanted = [
        name
        for name, tensor in header.tensors.items()
        if 1 <= len(tensor.shape) <= 2 and (alone or name == "emb_params" or _is_encoder(name))
    ]
    if not wanted:
        kind = detected(header, path.name).kind
        other = "" if kind in ("unknown", "embedding") else f", and is another file ({kind})"
        raise _no_embedding(ref, f"it holds none of the tensors that embeddings have{other}")
    for name in wanted:
        shape = header.tensors[name].shape
        count = shape[0] if len(shape) == 2 else 1
        if not 1 <= count <= MOST_TOKENS:
            raise _no_embedding(ref, f"it stands for {count} tokens, and {MOST_TOKENS} are the most")
    opened: Any = safe_open(str(path), framework="pt", device="cpu")
    with opened as file:
        rows = {name: file.get_tensor(name).to(torch.float32) for name in wanted}
    if not all(bool(torch.isfinite(tensor).all()) for tensor in rows.values()):
        raise _no_embedding(ref, "it holds numbers that are none (NaN)")
    return {name: tensor if tensor.dim() == 2 else tensor.unsqueeze(0) for name, tensor in rows.items()}


def _no_embedding(ref: NamedRef, reason: str) -> RenderProblem:
    says = f"the embedding `{ref.name}` cannot be read from `{escaped(ref.reference)}`: {reason}"
    hint = "an embedding is a small file of vectors: `emb_params`, or `clip_l` and `clip_g` for SDXL"
    return RenderProblem(says, hint, 7)


def _is_encoder(key: str) -> bool:
    return key in ENCODER_KEYS or key.startswith("text_encoders_")


def vectors_for(
    embeddings: Sequence[Embedding],
    place: int,
    keys: Sequence[str],
    width: int,
    device: torch.device,
    is_optional: bool = False,
) -> Names:
    """What the encoder at a place, which files call by one of `keys`, reads for each name.

    Where a file has nothing for an encoder that can do without, that one reads the name as a plain word.
    `width` is how many numbers stand for a token, 0 if that is not known. RenderProblem (exit code 7) if a
    file has others, or none.
    """
    names: dict[str, Vectors] = {}
    for embedding in embeddings:
        rows = _of(embedding.rows, place, keys)
        if rows is None and not is_optional:
            told = ", ".join(f"`{escaped(key)}`" for key in sorted(embedding.rows))
            raise _misfit(embedding.name, f"it has vectors for {told} and not for `{keys[0]}`")
        if rows is None:
            continue
        if width and rows.shape[1] != width:
            raise _misfit(
                embedding.name,
                f"its vectors have {rows.shape[1]} numbers, and the text encoder reads {width}",
            )
        names[embedding.name] = Vectors(f"{embedding.identity} {place}", rows.to(device))
    return names


def _of(rows: Mapping[str, torch.Tensor], place: int, keys: Sequence[str]) -> torch.Tensor | None:
    """The vectors for an encoder; a file that names no encoder has them for the first."""
    for key in (*keys, f"text_encoders_{place}"):
        if key in rows:
            return rows[key]
    plain = [tensor for key, tensor in rows.items() if not _is_encoder(key)]
    return plain[0] if plain and place == 0 else None


def _misfit(name: str, reason: str) -> RenderProblem:
    hint = "use an embedding that was made for this model's family; its page tells the base model"
    return RenderProblem(f"the embedding `{name}` is for another kind of model: {reason}", hint, 7)
