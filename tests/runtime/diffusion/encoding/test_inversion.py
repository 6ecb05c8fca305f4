from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tests.runtime.diffusion.encoding.encoders import prompts, texts, width

from anim_compiler.plan import NamedRef
from anim_runtime.diffusion.encoding.inversion import Embedding, read_embeddings
from anim_runtime.models.library import Places
from anim_runtime.problems import RenderProblem


def read(folder: Path, tensors: Mapping[str, torch.Tensor], name: str = "neon") -> Embedding:
    save_file(dict(tensors), folder / f"{name}.safetensors")
    ref = NamedRef(name=name, reference=f"{name}.safetensors", sha256="")
    (found,) = read_embeddings([ref], Places(folder).find)
    return found


def word_row(family: str, place: int, word: str) -> torch.Tensor:
    """The row of an encoder's own table for a word."""
    found = texts(family)
    (token,) = found.tokenizers[place](word, add_special_tokens=False)["input_ids"]
    row: torch.Tensor = found.encoders[place].get_input_embeddings().weight[token].detach().clone()
    return row


@pytest.mark.parametrize("key", ["emb_params", "<neon>", "clip_l"])
def test_a_name_is_read_as_the_words_that_its_vectors_are(tmp_path: Path, key: str) -> None:
    rows = torch.stack([word_row("sd1", 0, "red"), word_row("sd1", 0, "cat")])
    ours = prompts("sd1", embeddings=[read(tmp_path, {key: rows})])
    plain = ours.encode("a red cat, dog")
    assert torch.equal(ours.encode("a neon, dog").states, plain.states)
    assert torch.equal(ours.encode("(a:1) neon, dog").states, plain.states)
    assert torch.equal(ours.encode("a (neon:0.7), dog").states, ours.encode("a (red cat:0.7), dog").states)
    # a name is a whole word
    assert not torch.equal(ours.encode("a neons, dog").states, plain.states)


def test_one_vector_is_an_embedding_too(tmp_path: Path) -> None:
    ours = prompts("sd1", embeddings=[read(tmp_path, {"<x>": word_row("sd1", 0, "lake")})])
    assert torch.equal(ours.encode("neon").states, ours.encode("lake").states)


def test_the_model_stays_as_it_was(tmp_path: Path) -> None:
    encoder = texts("sd1").encoders[0]
    before = encoder.get_input_embeddings().weight.detach().clone()
    bare = prompts("sd1").encode("a neon, cat").states
    ours = prompts("sd1", embeddings=[read(tmp_path, {"emb_params": torch.ones(3, 16)})])
    assert not torch.equal(ours.encode("a neon, cat").states, bare)
    assert torch.equal(prompts("sd1").encode("a neon, cat").states, bare)
    assert torch.equal(encoder.get_input_embeddings().weight, before)


def test_several_stand_in_one_prompt(tmp_path: Path) -> None:
    made = [
        read(tmp_path, {"emb_params": word_row("sd1", 0, word)[None]}, name)
        for name, word in (("neon", "red"), ("neon_2", "lake"))
    ]
    ours = prompts("sd1", embeddings=made)
    told = ours.encode("neon_2 of the neon").states
    assert torch.equal(told, ours.encode("lake of the red").states)


def test_each_encoder_of_xl_reads_its_own_vectors(tmp_path: Path) -> None:
    rows = {key: word_row("sdxl", place, "fire")[None] for place, key in enumerate(("clip_l", "clip_g"))}
    ours = prompts("sdxl", embeddings=[read(tmp_path, rows)])
    told, plain = ours.encode("a neon cat"), ours.encode("a fire cat")
    assert torch.equal(told.states, plain.states)
    assert told.pooled is not None
    assert plain.pooled is not None
    assert torch.equal(told.pooled, plain.pooled)


@pytest.mark.parametrize("family", ["flux", "sd3"])
def test_t5_reads_the_name_where_a_file_has_nothing_for_it(tmp_path: Path, family: str) -> None:
    keys = {"flux": ("clip_l",), "sd3": ("clip_l", "clip_g")}[family]
    rows = {key: word_row(family, place, "red")[None] for place, key in enumerate(keys)}
    found = read(tmp_path, rows)
    ours = prompts(family, embeddings=[found])
    # tiny CLIPs take the vector of a text from its last word in the alphabet, not from its end
    told, plain = ours.encode("a neon cat, fire"), ours.encode("a red cat, fire")
    bare = prompts(family).encode("a neon cat, fire")
    assert torch.equal(told.streams[-1], bare.streams[-1])
    assert told.pooled is not None
    assert plain.pooled is not None
    assert torch.equal(told.pooled, plain.pooled)


@pytest.mark.parametrize("family", ["flux", "sd3"])
def test_t5_reads_vectors_that_a_file_has_for_it(family: str) -> None:
    places = range(len(texts(family).encoders))
    keys = {"flux": ("clip_l", "t5"), "sd3": ("clip_l", "clip_g", "t5xxl")}[family]
    rows = {key: word_row(family, place, "red")[None] for place, key in zip(places, keys, strict=True)}
    ours = prompts(family, embeddings=[Embedding("neon", "1", rows)])
    told, plain = ours.encode("a (neon:1.2) cat"), ours.encode("a (red:1.2) cat")
    assert torch.equal(told.streams[-1], plain.streams[-1])


@pytest.mark.parametrize("family", ["qwen-image", "z-image"])
def test_language_models_read_vectors_too(tmp_path: Path, family: str) -> None:
    rows = torch.stack([word_row(family, 0, "red"), word_row(family, 0, "cat")])
    ours = prompts(family, embeddings=[read(tmp_path, {"<neon>": rows})])
    assert ours.tokens("a neon, dog") == ours.tokens("a red cat, dog")
    assert torch.equal(ours.encode("a neon, dog").states, ours.encode("a red cat, dog").states)


def test_an_embedding_is_not_torn_apart_by_a_chunk(tmp_path: Path) -> None:
    ours = prompts("sd1", embeddings=[read(tmp_path, {"emb_params": torch.rand(4, 16)})])
    told = ours.encode("cat " * 73 + "neon")
    assert told.tokens == (154,)
    assert torch.equal(told.states[:, 77:], ours.encode("neon").states)


@pytest.mark.parametrize(
    ("family", "tensors", "says"),
    [
        (
            "sd1",
            {"emb_params": torch.ones(1, 24)},
            "its vectors have 24 numbers, and the text encoder reads 16",
        ),
        ("sdxl", {"emb_params": torch.ones(1, 16)}, "it has vectors for `emb_params` and not for `clip_g`"),
        ("sd1", {"t5": torch.ones(1, 16)}, "it has vectors for `t5` and not for `clip_l`"),
    ],
)
def test_one_for_another_family_is_refused_before_anything_is_drawn(
    tmp_path: Path, family: str, tensors: dict[str, torch.Tensor], says: str
) -> None:
    found = read(tmp_path, tensors)
    with pytest.raises(RenderProblem) as caught:
        prompts(family, embeddings=[found])
    assert caught.value.message == f"the embedding `neon` is for another kind of model: {says}"
    assert caught.value.exit_code == 7


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({"emb_params": torch.full((1, 16), float("nan"))}, "it holds numbers that are none (NaN)"),
        ({"emb_params": torch.ones(99, 16)}, "it stands for 99 tokens, and 75 are the most"),
        (
            {"a.weight": torch.ones(2, 2), "b.weight": torch.ones(2)},
            "it holds none of the tensors that embeddings have",
        ),
        ({"emb_params": torch.ones(1, 2, 2)}, "it holds none of the tensors that embeddings have"),
    ],
)
def test_what_is_no_embedding_is_refused(tmp_path: Path, tensors: dict[str, torch.Tensor], says: str) -> None:
    with pytest.raises(RenderProblem) as caught:
        read(tmp_path, tensors)
    assert caught.value.message == f"the embedding `neon` cannot be read from `neon.safetensors`: {says}"
    assert (caught.value.exit_code, bool(caught.value.hint)) == (7, True)


def test_one_that_is_not_there_or_damaged_is_told(tmp_path: Path) -> None:
    ref = NamedRef(name="neon", reference="neon.safetensors", sha256="")
    with pytest.raises(RenderProblem, match="is not on this machine"):
        read_embeddings([ref], Places(tmp_path).find)
    (tmp_path / "neon.safetensors").write_bytes(b"<html>")
    with pytest.raises(RenderProblem, match="the embedding `neon` cannot be read"):
        read_embeddings([ref], Places(tmp_path).find)


def test_widths_are_those_of_the_encoders() -> None:
    assert [width(e) for e in texts("sdxl").encoders] == [16, 24]
