from __future__ import annotations

import pytest
import torch

from anim_runtime.diffusion.encoding.weighing import weigh
from anim_runtime.diffusion.encoding.words import COMMA_REACH, Word, chunk_words
from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.prompts import MOST_NESTED, ROUND, parse_weights


def pairs(text: str) -> list[tuple[str, float]]:
    return [(w.text, round(w.weight, 4)) for w in parse_weights(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the cases of A1111's parse_prompt_attention
        ("normal text", [("normal text", 1.0)]),
        ("an (important) word", [("an ", 1.0), ("important", 1.1), (" word", 1.0)]),
        ("(unbalanced", [("unbalanced", 1.1)]),
        (r"\(literal\]", [("(literal]", 1.0)]),
        ("(unnecessary)(parens)", [("unnecessaryparens", 1.1)]),
        (
            "a (((house:1.3)) [on] a (hill:0.5), sun, (((sky))).",
            [
                ("a ", 1.0),
                ("house", 1.573),
                (" ", 1.1),
                ("on", 1.0),
                (" a ", 1.1),
                ("hill", 0.55),
                (", sun, ", 1.1),
                ("sky", 1.4641),
                (".", 1.1),
            ],
        ),
        ("(a:1.2)", [("a", 1.2)]),
        ("(a: 1.2 )", [("a", 1.2)]),
        ("(a:-.5)", [("a", -0.5)]),
        ("[b]", [("b", 0.9091)]),
        ("[[b]]", [("b", 0.8264)]),
        ("at 3:4, 12:30", [("at 3:4, 12:30", 1.0)]),
        ("a) b] c", [("a) b] c", 1.0)]),
        ("", [("", 1.0)]),
        ("()", [("", 1.0)]),
        (r"one \\ two", [(r"one \ two", 1.0)]),
    ],
)
def test_weights_as_a1111_reads_them(text: str, expected: list[tuple[str, float]]) -> None:
    assert pairs(text) == expected


def test_brackets_within_very_many_others_weigh_nothing() -> None:
    (found,) = parse_weights("(" * 50_000 + "a")
    assert found.weight == pytest.approx(ROUND**MOST_NESTED)
    deep = parse_weights("(" * 50_000 + "a" + ":2)" * 50_000 + " b")
    assert [w.text for w in deep] == ["a", " b"]
    assert deep[1].weight == 1.0


def test_break_starts_a_chunk() -> None:
    found = parse_weights("cat BREAK (dog) BREAKFAST")
    assert [(w.text, w.breaks) for w in found] == [
        ("cat", False),
        ("", True),
        ("dog", False),
        (" BREAKFAST", False),
    ]


def test_chunks_end_at_a_near_comma() -> None:
    comma = 9
    words = [Word(1)] * 70 + [Word(comma)] + [Word(2)] * 10
    first, second = chunk_words([words], 75, comma)
    assert (len(first), len(second)) == (71, 10)
    far = [Word(comma)] + [Word(1)] * (75 + COMMA_REACH)
    assert [len(c) for c in chunk_words([far], 75, comma)] == [75, 21]
    assert chunk_words([[]], 75, comma) == [[]]


def test_weights_scale_tokens_and_keep_the_mean() -> None:
    states = torch.rand(1, 6, 8, generator=torch.Generator().manual_seed(0)) + 0.5
    factors = torch.tensor([1.0, 1.0, 1.5, 1.5, 1.0, 1.0]).view(1, -1, 1)
    weighted = weigh(states, factors)
    assert torch.allclose(weighted.mean(), states.mean(), atol=1e-6)
    ratio = weighted / states
    assert torch.allclose(ratio[:, 2] / ratio[:, 0], torch.tensor(1.5))


def test_weights_on_states_without_a_mean_stay_finite_and_small() -> None:
    states = torch.nn.functional.layer_norm(
        torch.randn(1, 6, 8, generator=torch.Generator().manual_seed(0)), (8,)
    )
    factors = torch.tensor([1.0, 1.0, 1.5, 1.0, 1.0, 1.0]).view(1, -1, 1)
    weighted = weigh(states, factors)
    assert float(weighted.square().mean().sqrt()) == pytest.approx(
        float(states.square().mean().sqrt()), rel=1e-4
    )


def test_weights_move_the_conditioning_by_their_size(tiny: Engine) -> None:
    plain = tiny.encode("a red cat").states
    assert torch.equal(plain, tiny.encode("a (red:1.0) cat").states)
    little = float((tiny.encode("a (red:1.1) cat").states - plain).abs().mean())
    much = float((tiny.encode("a (red:1.6) cat").states - plain).abs().mean())
    assert 0.0 < little < much


def test_long_prompts_take_more_chunks_and_lose_nothing(tiny: Engine) -> None:
    short = tiny.encode("cat " * 75).states
    long = tiny.encode("cat " * 75 + "dog").states
    assert short.shape == (1, 77, 16)
    assert long.shape == (1, 154, 16)
    assert torch.equal(long[:, :77], short)


def test_texts_are_encoded_once(tiny: Engine) -> None:
    assert tiny.encode("a lake") is tiny.encode("a lake")
