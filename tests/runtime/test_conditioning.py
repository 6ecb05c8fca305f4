from __future__ import annotations

import numpy as np
import pytest
import torch

from anim_compiler.plan import ColumnRef, Columns, ModelRef, Morph, Prompts, TextPart, Weighted
from anim_runtime.conditioning import Conditionings, Voice, printed
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.told import PLAIN, Conditioning

PLAINLY = Voice(Setup(ModelRef(reference="null", sha256="")), PLAIN)
PROMPTS = Prompts(
    texts=(("sea",), ("fire",), ("(neon:", TextPart(column="text.0"), ") sign")),
    conditionings=(
        (Weighted(text=0),),
        (
            Weighted(text=0, weight=ColumnRef(column="w.0")),
            Weighted(text=1, weight=ColumnRef(column="w.1")),
        ),
        (Weighted(text=2),),
    ),
)


def linear(frame: int) -> Morph:
    return "linear"


def columns(start: int, end: int) -> Columns:
    return {
        "prompt.from": np.full(3, start, dtype=np.int64),
        "prompt.to": np.full(3, end, dtype=np.int64),
        "prompt.mix": np.array([0.0, 0.5, 1.0]),
        "text.0": np.array([0.8, 1.0, 1.23456]),
        "w.0": np.array([1.0, 0.75, 0.0]),
        "w.1": np.array([0.0, 0.25, 1.0]),
    }


class Encoder:
    """Gives every text a vector of its own and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str, voice: Voice) -> Conditioning:
        self.asked.append(text)
        return Conditioning((torch.full((1, 2, 3), float(sum(text.encode()))),))


def value(text: str) -> float:
    return float(sum(text.encode()))


def test_morphs_from_one_to_the_other() -> None:
    told = Conditionings(PROMPTS, columns(0, 1), Encoder(), linear)
    assert float(told.at(0, "prompt", PLAINLY).states.mean()) == value("sea")
    blend = 0.75 * value("sea") + 0.25 * value("fire")
    assert float(told.at(1, "prompt", PLAINLY).states.mean()) == pytest.approx((value("sea") + blend) / 2)
    assert float(told.at(2, "prompt", PLAINLY).states.mean()) == value("fire")


def test_numbers_are_filled_in_and_texts_asked_for_once_while_they_hold() -> None:
    encoder = Encoder()
    told = Conditionings(PROMPTS, columns(2, 2), encoder, linear)
    for frame in (0, 0, 1, 2):
        told.at(frame, "prompt", PLAINLY)
    assert [t for t in encoder.asked if t] == ["(neon:0.8) sign", "(neon:1) sign", "(neon:1.2346) sign"]


def test_film_without_negative_has_the_empty_one() -> None:
    told = Conditionings(PROMPTS, columns(0, 0), Encoder(), linear)
    assert float(told.at(0, "negative", PLAINLY).states.mean()) == 0.0


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.0, "1"), (0.8, "0.8"), (0.12345, "0.1235"), (-0.00001, "0"), (100.0, "100"), (-2.5, "-2.5")],
)
def test_numbers_are_printed_short(number: float, text: str) -> None:
    assert printed(number) == text
