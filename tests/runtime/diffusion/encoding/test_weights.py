from __future__ import annotations

import pytest
import torch
from tests.runtime.diffusion.encoding.encoders import prompts, texts, width

from anim_runtime.diffusion.encoding.weighing import away_from, weigh
from anim_runtime.diffusion.encoding.words import spoken_words

FAMILIES = ("sd1", "sdxl", "sd3", "flux", "qwen-image", "z-image")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_weight_moves_each_stream_by_its_size_and_runs_no_encoder_again(family: str) -> None:
    ours = prompts(family)
    plain = ours.encode("a red cat")
    ours.encode("(a:1.1) red cat")
    runs = ours.runs_made
    little, much = ours.encode("a (red:1.1) cat"), ours.encode("a (red:1.6) cat")
    same = ours.encode("a (red:1.0) cat")
    assert ours.runs_made == runs
    for place, stream in enumerate(plain.streams):
        moved = [float((told.streams[place] - stream).abs().mean()) for told in (little, much)]
        assert 0.0 < moved[0] < moved[1]
        assert torch.equal(same.streams[place], stream)


@pytest.mark.parametrize("family", ["flux", "qwen-image", "z-image"])
def test_a_weight_moves_its_own_words_alone_and_more_than_their_length(family: str) -> None:
    ours = prompts(family)
    plain, told = ours.encode("a red cat").states[0], ours.encode("a (red:1.5) cat").states[0]
    moved = (told != plain).any(dim=-1)
    assert int(moved.sum()) == 1
    # transformers norm every token: what only gets longer is what it was before
    cosine = torch.nn.functional.cosine_similarity(told[moved], plain[moved])
    assert float(cosine) < 0.999


def test_a_word_without_weight_says_as_much_as_nothing() -> None:
    states, nothing = torch.rand(1, 3, 4), torch.rand(1, 3, 4)
    factors = torch.tensor([1.0, 0.0, 2.0]).view(1, -1, 1)
    made = away_from(states, factors, nothing)
    assert torch.equal(made[:, 0], states[:, 0])
    assert torch.equal(made[:, 1], nothing[:, 1])
    assert torch.allclose(made[:, 2] - nothing[:, 2], 2 * (states[:, 2] - nothing[:, 2]))


def test_both_clips_of_xl_are_weighed_by_themselves() -> None:
    ours, both = prompts("sdxl"), texts("sdxl")
    plain, told = ours.encode("a red cat").states, ours.encode("a (red:1.5) cat").states
    factors = torch.ones(1, 77, 1)
    factors[0, 2] = 1.5
    first, second = plain[..., : width(both.encoders[0])], plain[..., width(both.encoders[0]) :]
    # sums run in another order where the numbers do not lie side by side
    assert torch.allclose(told, torch.cat([weigh(first, factors), weigh(second, factors)], dim=-1), atol=1e-6)


@pytest.mark.parametrize("family", ["sd1", "sdxl", "sd3"])
def test_long_prompts_come_in_chunks_in_every_clip(family: str) -> None:
    ours = prompts(family)
    short, long = ours.encode("cat " * 75), ours.encode("cat " * 75 + "dog")
    assert (short.tokens[0], long.tokens[0]) == (77, 154)
    assert torch.equal(long.states[:, :77], short.states)
    assert torch.equal(long.states[:, 77:], ours.encode("dog").states)
    if short.pooled is not None and long.pooled is not None:
        # A1111 takes the vector of the first chunk
        assert torch.equal(long.pooled, short.pooled)
    broken = ours.encode("cat BREAK dog")
    assert torch.equal(broken.states[:, 77:], ours.encode("dog").states)


def test_weights_change_no_token_of_whole_sentences() -> None:
    tokenizer = texts("flux").tokenizers[1]
    plain = spoken_words("a red, blue cat", tokenizer, {})
    told = spoken_words("a (red, [blue]:1.5) cat BREAK", tokenizer, {})
    assert [w.token for w in told] == [w.token for w in plain]
    weights = [round(w.weight, 3) for w in told]
    assert weights == [1.0, 1.5, 1.5, round(1.5 / 1.1, 3), 1.0]


@pytest.mark.parametrize("family", ["sd1", "sdxl", "flux"])
def test_layers_left_out_may_be_more_than_there_are(family: str) -> None:
    from anim_runtime.diffusion.told import Spoken

    ours = prompts(family)
    told = ours.encode("a cat", Spoken(12))
    assert bool(torch.isfinite(told.states).all())
    assert (family == "flux") == torch.equal(told.states, ours.encode("a cat").states)


def test_a_layer_left_out_of_one_clip_has_the_last_norm() -> None:
    from anim_runtime.diffusion.told import Spoken

    encoder = texts("sd1").encoders[0]
    ours = prompts("sd1")
    told = ours.encode("a red cat", Spoken(2)).states
    tokens = torch.tensor(
        [[1, *texts("sd1").tokenizers[0]("a red cat", add_special_tokens=False)["input_ids"]]]
    )
    tokens = torch.nn.functional.pad(tokens, (0, 77 - tokens.shape[1]), value=2)
    with torch.inference_mode():
        states = encoder(tokens, output_hidden_states=True).hidden_states[-2]
        assert torch.allclose(told, encoder.final_layer_norm(states), atol=1e-6)
