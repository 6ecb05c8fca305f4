from __future__ import annotations

import pytest
import torch
from tests.runtime.diffusion.encoding.encoders import prompts

from anim_runtime.diffusion.blend import blended, morphed
from anim_runtime.diffusion.told import longest, padded, repeated

SHORT, LONG = "a cat", "a photo of the red cat, dog, lake, fire, mountain"


@pytest.mark.parametrize("family", ["sd1", "sdxl", "sd3", "flux", "qwen-image", "z-image"])
def test_texts_of_any_length_blend_and_morph(family: str) -> None:
    ours = prompts(family)
    a, b, empty = ours.encode(SHORT), ours.encode(LONG), ours.encode("")
    size = longest([ours.tokens(SHORT), ours.tokens(LONG)])
    runs = ours.runs_made
    for amount in (0.25, 0.5, 0.75):
        for made in (blended([(a, 1 - amount), (b, amount)], empty), morphed(a, b, amount, "slerp", empty)):
            assert made.tokens == size
            assert (made.pooled is None) == (a.pooled is None)
            assert all(bool(torch.isfinite(stream).all()) for stream in made.streams)
    assert ours.runs_made == runs


def test_rows_of_a_batch_say_how_many_of_their_tokens_count() -> None:
    ours = prompts("qwen-image")
    rows = [ours.encode(SHORT), ours.encode(LONG)]
    size = longest([row.tokens for row in rows])
    told = padded(rows, size, torch.float32)
    assert told.counts is not None
    assert told.counts[0].tolist() == [row.tokens[0] for row in rows]
    assert not bool(told.streams[0][0, rows[0].tokens[0] :].any())
    same = repeated([ours.encode(LONG)], size, torch.float32)
    assert torch.equal(same.streams[0], rows[1].states)
