"""Chains of pointwise ops give the bits that the ops one after the other give."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops import pointwise as module
from anim_runtime.ops.kernel import Argument

torch.set_num_threads(1)

GRADE: Mapping[str, Argument] = {
    "exposure": 0.3,
    "contrast": 1.1,
    "saturation": 1.3,
    "hue": 20.0,
    "temperature": 0.2,
    "tint": -0.1,
    "gamma": 1.2,
    "lift": 0.02,
    "gain": 0.9,
}
NEUTRAL: Mapping[str, Argument] = {
    name: 1.0 if name in ("contrast", "saturation", "gamma", "gain") else 0.0 for name in GRADE
}
CHAINS: Mapping[str, list[tuple[str, Mapping[str, Argument]]]] = {
    "all": [
        ("contrast", {"amount": 1.2}),
        ("grade", GRADE),
        ("vignette", {"amount": 0.4}),
        ("grain", {"amount": 0.2, "seed": 3.5}),
        ("dip", {"amount": 0.3, "color": "#102030"}),
        ("add_noise", {"amount": 0.1, "seed": 9, "type": "perlin"}),
    ],
    "twice": [("contrast", {"amount": 1.5}), ("contrast", {"amount": 0.5}), ("grade", GRADE)],
    "idle": [
        ("contrast", {"amount": 1.0}),
        ("grade", NEUTRAL),
        ("vignette", {"amount": 0.2}),
        ("dip", {"amount": 0.0, "color": "red"}),
    ],
    "one": [("grade", GRADE)],
}


def context(image: Tensor) -> FrameContext:
    return FrameContext(5, image.shape[3], image.shape[2], image.device, place=2)


def as_one(chain: list[tuple[str, Mapping[str, Argument]]], image: Tensor) -> Tensor:
    args: dict[str, Argument] = {"steps": " ".join(op for op, _ in chain)}
    for index, (_, own) in enumerate(chain):
        args.update({f"{index}.{name}": value for name, value in own.items()})
    return KERNELS["pointwise"]([image], args, context(image))


def one_by_one(chain: list[tuple[str, Mapping[str, Argument]]], image: Tensor) -> Tensor:
    for op, args in chain:
        image = KERNELS[op]([image], args, context(image))
    return image


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())
@pytest.mark.parametrize("shape", [(64, 64), (97, 131), (3, 2), (1, 1)])
@pytest.mark.parametrize("band", [1, 500, 1 << 30])
def test_a_chain_has_the_bits_of_its_ops(
    chain: list[tuple[str, Mapping[str, Argument]]],
    shape: tuple[int, int],
    band: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BAND", band)
    image = torch.rand(1, 3, *shape, generator=torch.Generator().manual_seed(7))
    before = image.clone()
    assert torch.equal(as_one(chain, image), one_by_one(chain, image))
    assert torch.equal(image, before)


def test_a_chain_that_changes_nothing_is_the_same_picture() -> None:
    image = torch.rand(1, 3, 4, 5)
    assert as_one([("contrast", {"amount": 1.0}), ("grade", NEUTRAL)], image) is image
    assert as_one([], image) is image


def test_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last bits of `pow` depend on where a value lies in a vector, so bands are not bit-equal to none."""
    image = torch.rand(1, 3, 61, 47, generator=torch.Generator().manual_seed(8))
    whole = as_one(CHAINS["all"], image)
    for band in (1, 1000, 4000):
        monkeypatch.setattr(module, "BAND", band)
        assert (as_one(CHAINS["all"], image) - whole).abs().max() < 1e-6


def test_eleven_steps_keep_their_own_arguments() -> None:
    image = torch.full((1, 3, 4, 4), 0.6)
    chain: list[tuple[str, Mapping[str, Argument]]] = [("contrast", {"amount": 1.0})] * 10
    made = as_one([*chain, ("contrast", {"amount": 2.0})], image)
    assert float(made[0, 0, 0, 0]) == pytest.approx(0.7)


def test_a_mask_becomes_an_image_either_way() -> None:
    mask = torch.rand(1, 1, 6, 5)
    chain = CHAINS["all"]
    assert as_one(chain, mask).shape == (1, 3, 6, 5)
    assert torch.equal(as_one(chain, mask), one_by_one(chain, mask))


def test_a_step_that_is_not_pointwise_is_refused() -> None:
    with pytest.raises(KeyError, match="blur"):
        as_one([("blur", {"radius": 2.0})], torch.rand(1, 3, 4, 4))
