from __future__ import annotations

import pytest
import torch

from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.prompts import COMMA_REACH, chunk_tokens, parse_weights, weigh


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
    tokens = [(1, 1.0)] * 70 + [(comma, 1.0)] + [(2, 1.0)] * 10
    first, second = chunk_tokens([tokens], 75, comma)
    assert (len(first), len(second)) == (71, 10)
    far = [(comma, 1.0)] + [(1, 1.0)] * (75 + COMMA_REACH)
    assert [len(c) for c in chunk_tokens([far], 75, comma)] == [75, 21]
    assert chunk_tokens([[]], 75, comma) == [[]]


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
    plain = tiny.encode("a red cat")
    assert torch.equal(plain, tiny.encode("a (red:1.0) cat"))
    little = float((tiny.encode("a (red:1.1) cat") - plain).abs().mean())
    much = float((tiny.encode("a (red:1.6) cat") - plain).abs().mean())
    assert 0.0 < little < much


def test_long_prompts_take_more_chunks_and_lose_nothing(tiny: Engine) -> None:
    short = tiny.encode("cat " * 75)
    long = tiny.encode("cat " * 75 + "dog")
    assert short.shape == (1, 77, 16)
    assert long.shape == (1, 154, 16)
    assert torch.equal(long[:, :77], short)


def test_texts_are_encoded_once(tiny: Engine) -> None:
    assert tiny.encode("a lake") is tiny.encode("a lake")
