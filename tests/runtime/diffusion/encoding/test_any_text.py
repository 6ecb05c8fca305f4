from __future__ import annotations

import random

import pytest
import torch
from tests.runtime.diffusion.encoding.encoders import prompts, texts

from anim_runtime.diffusion.encoding.inversion import Embedding

PIECES = (
    *("(", ")", "[", "]", ":", ":1.2)", ":-3)", ":1e9)", "\\", "\\(", " BREAK ", "BREAK"),
    *(
        "neon",
        "neon,",
        "cat",
        " red",
        ",",
        "\n",
        "",
        "é",
        "🦊",
        "\u0000",
        "<|im_end|>",
        "{}",
        "%s",
        "a " * 90,
    ),
)


@pytest.mark.parametrize("family", ["sd1", "sdxl", "sd3", "flux", "qwen-image", "z-image"])
def test_whatever_is_written_is_encoded_as_long_as_it_is_said_to_be(family: str) -> None:
    draw = random.Random(family)
    keys = {"sdxl": ("clip_l", "clip_g"), "sd3": ("clip_l", "clip_g"), "flux": ("clip_l",)}.get(
        family, ("one",)
    )
    widths = [int(e.get_input_embeddings().weight.shape[1]) for e in texts(family).encoders]
    rows = {key: torch.rand(2, wide) for key, wide in zip(keys, widths, strict=False)}
    ours = prompts(family, embeddings=[Embedding("neon", "1", rows)])
    for _ in range(40):
        text = "".join(draw.choices(PIECES, k=draw.randint(0, 9)))
        told = ours.encode(text)
        assert told.tokens == ours.tokens(text), text
        assert all(bool(torch.isfinite(stream).all()) for stream in told.streams), text


@pytest.mark.parametrize("family", ["sd1", "flux", "z-image"])
def test_weights_of_nothing_are_no_weights(family: str) -> None:
    ours = prompts(family)
    for text in ("()", "(:1.2)", "[]", ""):
        assert torch.equal(ours.encode(text).states, ours.encode("").states)
