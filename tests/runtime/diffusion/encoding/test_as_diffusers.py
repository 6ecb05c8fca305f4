from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.runtime.diffusion.encoding.encoders import CPU, pipeline, prompts

from anim_runtime.diffusion.told import Conditioning, Spoken

TEXT = "a photo of the red cat, dog"
CLIPS = ("sd1", "sd2", "sdxl", "sd3")
FAMILIES = (*CLIPS, "flux", "qwen-image", "z-image")


@torch.inference_mode()
def theirs(family: str, text: str, **more: Any) -> tuple[torch.Tensor, torch.Tensor | None]:
    """States and vector as diffusers' own pipeline encodes them."""
    pipe = pipeline(family)
    if family == "sd3":
        more |= {"prompt_2": None, "prompt_3": None}
    if family in ("sd1", "sd2"):
        more |= {"num_images_per_prompt": 1}
    if family in (*CLIPS, "z-image"):
        more |= {"do_classifier_free_guidance": False}
    states, *rest = pipe.encode_prompt(prompt=text, device=CPU, **more)
    if family == "z-image":
        return states[0].unsqueeze(0), None
    pooled = {"sdxl": 1, "sd3": 1, "flux": 0}.get(family)
    return states, None if pooled is None else rest[pooled]


def agree(ours: Conditioning, states: torch.Tensor, pooled: torch.Tensor | None) -> None:
    assert torch.allclose(torch.cat(ours.streams, dim=1), states, atol=1e-6)
    assert (ours.pooled is None) == (pooled is None)
    if ours.pooled is not None and pooled is not None:
        assert torch.allclose(ours.pooled, pooled, atol=1e-6)


@pytest.mark.parametrize("text", [TEXT, "", "cat"])
@pytest.mark.parametrize("family", FAMILIES)
def test_texts_without_weights_are_what_diffusers_makes_of_them(family: str, text: str) -> None:
    ours = prompts(family)
    told = ours.encode(text)
    agree(told, *theirs(family, text))
    assert told.tokens == ours.tokens(text)
    assert all(stream.dtype == torch.float32 for stream in told.streams)


@pytest.mark.parametrize("family", ["sdxl", "sd3"])
@pytest.mark.parametrize("skip", [1, 2])
def test_layers_left_out_are_counted_as_diffusers_counts_them(family: str, skip: int) -> None:
    # theirs begins at 0, and leaves the last layer out in any case
    agree(prompts(family).encode(TEXT, Spoken(skip)), *theirs(family, TEXT, clip_skip=skip - 1))


@pytest.mark.parametrize("family", ["flux", "qwen-image", "z-image"])
def test_texts_beyond_the_limit_are_cut_where_diffusers_cuts_them(family: str) -> None:
    text = " ".join(["red cat , blue dog ,"] * 4)
    ours = prompts(family, tokens=10)
    more: dict[str, Any] = {"max_sequence_length": 10}
    assert ours.tokens(text) == (10,)
    if family == "qwen-image":
        # theirs cuts the states; the tokens before them are the same
        states, _ = theirs(family, text, **more)
        agree(ours.encode(text), states, None)
    else:
        agree(ours.encode(text), *theirs(family, text, **more))


def test_stable_diffusion_3_goes_without_its_t5() -> None:
    with_t5, without = prompts("sd3"), prompts("sd3", without=2, width=48)
    full, told = with_t5.encode(TEXT), without.encode(TEXT)
    assert torch.equal(told.streams[0], full.streams[0])
    assert told.streams[1].shape == full.streams[1].shape
    assert not bool(told.streams[1].any())
    assert without.tokens(TEXT) == told.tokens


def test_t5_of_stable_diffusion_3_takes_twice_as_many_tokens_for_a_long_text() -> None:
    ours = prompts("sd3")
    assert ours.tokens("cat " * 255)[1] == 256
    assert ours.tokens("cat " * 256)[1] == 512
    assert ours.encode("cat " * 300).tokens == ours.tokens("cat " * 300)
