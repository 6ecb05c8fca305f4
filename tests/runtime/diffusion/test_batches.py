"""Pictures drawn together are those that are drawn alone.

A batch of another size sums in another order; TOLERANCE is what that may change in a picture of 0..1. It is
six times the worst that the built-in model shows here (1e-6 .. 3e-5 after 8 steps, by sampler).
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from anim_runtime.diffusion.codec import AT_ONCE_PX
from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.samplers import SAMPLERS

TOLERANCE = 2e-4
TEXTS = ("a lake", "a forest at night", "red fire", "a mountain", "snow")
#: neither a multiple of the codec's patch nor of what a processor adds at once
SIZE = (40, 56)


def requests(engine: Engine, sampler: str, *, strength: float | None = None, steps: int = 4) -> list[Request]:
    """Five that differ in all that may differ: prompts, seeds (one between two), guidance, images."""
    made: list[Request] = []
    for place, text in enumerate(TEXTS):
        how = Sampling(
            steps, cfg_scale=3.0 + place, sampler=sampler, seed=place * 7 + (0.5 if place == 2 else 0)
        )
        positive, negative = engine.encode(text), engine.encode("blur" if place % 2 else "")
        image = None
        if strength is not None:
            image = torch.rand(1, 3, *SIZE, generator=torch.Generator().manual_seed(place))
        made.append(Request(positive, negative, how, *SIZE, image, strength if strength is not None else 1.0))
    return made


def alone(engine: Engine, wanted: list[Request]) -> list[torch.Tensor]:
    return [engine.draw([request])[0] for request in wanted]


def difference(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).abs().max())


def from_noise(name: str) -> bool:
    """Whether a sampler is asked for a frame from noise as well: other spacings only over a picture."""
    return not name.endswith((" Karras", " Exponential"))


@pytest.mark.parametrize(
    ("name", "strength"),
    [(name, 0.6) for name in SAMPLERS] + [(name, None) for name in SAMPLERS if from_noise(name)],
)
def test_a_batch_draws_what_each_draws_alone(postcard: Engine, name: str, strength: float | None) -> None:
    wanted = requests(postcard, name, strength=strength, steps=5)[:3]
    together, single = postcard.draw(wanted), alone(postcard, wanted[1:])
    assert all(one.shape == (1, 3, *SIZE) for one in together)
    for one, other in zip(together[1:], single, strict=True):
        assert difference(one, other) < TOLERANCE
    # three pictures and not three times one: what noise a sampler adds is each row's own
    assert min(difference(together[0], together[1]), difference(together[1], together[2])) > 0.05


@pytest.mark.parametrize("name", ["Euler a", "DPM++ 2M SDE Karras", "UniPC", "PLMS", "SA-Solver"])
@pytest.mark.parametrize("model", ["postcard", "tiny"])
def test_neighbours_and_padding_do_not_count(request: pytest.FixtureRequest, model: str, name: str) -> None:
    engine: Engine = request.getfixturevalue(model)
    wanted = requests(engine, name, strength=0.7)
    drawn = engine.draw(wanted)
    padded = engine.draw(wanted[:2], pad_to=5)
    assert len(padded) == 2
    assert all(torch.equal(a, b) for a, b in zip(drawn[:2], padded, strict=True))
    # in its place each is itself, whatever stands in for the others
    for place in (0, 2, 4):
        assert torch.equal(engine.draw([wanted[place]] * 5)[place], drawn[place])


def test_without_a_model_batches_are_exact(engine: Engine) -> None:
    if engine.name != "null":
        pytest.skip("only the engine without a model claims it")
    for wanted in (requests(engine, "Euler"), requests(engine, "Euler", strength=0.5)):
        together, single = engine.draw(wanted), alone(engine, wanted)
        assert all(torch.equal(a, b) for a, b in zip(together, single, strict=True))


def test_no_guidance_is_one_row_a_picture(postcard: Engine) -> None:
    wanted = [replace(r, how=replace(r.how, cfg_scale=1.0)) for r in requests(postcard, "Euler")]
    together, single = postcard.draw(wanted), alone(postcard, wanted)
    assert max(difference(a, b) for a, b in zip(together, single, strict=True)) < TOLERANCE


def test_full_strength_and_from_noise_are_one_batch(engine: Engine) -> None:
    fresh = requests(engine, "Euler")[0]
    over = replace(requests(engine, "Euler", strength=1.0)[0], strength=1.0)
    assert fresh.signature == over.signature
    first, second = engine.draw([fresh, over])
    assert difference(first, second) < TOLERANCE


def test_no_step_gives_the_images_back(engine: Engine) -> None:
    wanted = requests(engine, "Euler", strength=0.1)
    given = engine.draw(wanted, pad_to=8)
    assert all(torch.equal(a, r.image) for a, r in zip(given, wanted, strict=True) if r.image is not None)


def test_requests_that_differ_too_much_are_refused(engine: Engine) -> None:
    one, two, *_ = requests(engine, "Euler")
    with pytest.raises(ValueError, match="signature"):
        engine.draw([one, replace(two, how=replace(two.how, steps=9))])
    with pytest.raises(ValueError, match="signature"):
        engine.draw([])


def test_tokens_are_counted_without_encoding(engine: Engine) -> None:
    for text in ("", "a lake", "a lake, " * 60, "one BREAK two"):
        assert engine.tokens(text) == engine.encode(text).tokens


def test_an_autoencoder_takes_what_is_too_large_in_turn(
    tiny: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = requests(tiny, "Euler", strength=0.5)
    drawn = tiny.draw(wanted)
    assert len(wanted) * SIZE[0] * SIZE[1] <= AT_ONCE_PX
    monkeypatch.setattr("anim_runtime.diffusion.codec.AT_ONCE_PX", SIZE[0] * SIZE[1])
    for one, other in zip(drawn, tiny.draw(wanted), strict=True):
        assert difference(one, other) < TOLERANCE


def test_every_picture_of_a_batch_is_checked(tiny: Engine) -> None:
    from anim_runtime.problems import RenderProblem

    one, two, *_ = requests(tiny, "Euler", strength=0.5)
    broken = replace(two, image=torch.full((1, 3, *SIZE), float("nan")))
    with pytest.raises(RenderProblem, match="NaN"):
        tiny.draw([one, broken])
