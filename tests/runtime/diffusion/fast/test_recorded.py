"""Work that is recorded once and repeated, on a device that is played here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from tests.runtime.diffusion.drawing import diffuse, generate

from anim_runtime.diffusion.denoiser import Residuals
from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.families.groups import Grouped
from anim_runtime.diffusion.fast.graphs import RecordedCodec, RecordedDenoiser
from anim_runtime.diffusion.fast.recorded import KEEP, Inputs, Recorded
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.request import Sampling
from anim_runtime.diffusion.told import Conditioning, Told


class Player:
    """Plays a device: a recording runs the work again on the same inputs, into the same result."""

    def __init__(self) -> None:
        self.recorded = 0
        self.replayed = 0

    def record(self, work: Callable[[], torch.Tensor]) -> tuple[torch.Tensor, Callable[[], None]]:
        self.recorded += 1
        made = work()

        def replay() -> None:
            self.replayed += 1
            made.copy_(work())

        return made, replay


def doubled(inputs: Inputs) -> torch.Tensor:
    (only,) = inputs
    assert only is not None
    return only * 2.0


def test_a_form_that_comes_again_is_recorded_and_later_results_leave_earlier_ones_alone() -> None:
    player = Player()
    recorded = Recorded(doubled, player)
    made = [recorded((torch.full((2,), float(i)),)) for i in range(4)]
    assert [float(m[0]) for m in made] == [0.0, 2.0, 4.0, 6.0]
    assert (player.recorded, player.replayed) == (1, 3)
    recorded((torch.zeros(3),))
    assert player.recorded == 1


def test_what_else_decides_is_asked() -> None:
    player, acting = Player(), [0]
    recorded = Recorded(doubled, player, state=lambda: acting[0])
    for state in (0, 0, 1, 1, 0, 1):
        acting[0] = state
        recorded((torch.zeros(2),))
    assert player.recorded == 2


def test_only_so_many_are_kept() -> None:
    player = Player()
    recorded = Recorded(doubled, player)
    for size in (*range(1, KEEP + 2), 1):
        for _ in range(2):
            assert torch.equal(recorded((torch.ones(size),)), torch.full((size,), 2.0))
    assert player.recorded == KEEP + 2


def test_what_cannot_be_recorded_runs_as_it_is() -> None:
    class Never:
        def record(self, work: Callable[[], torch.Tensor]) -> tuple[torch.Tensor, Callable[[], None]]:
            raise RuntimeError("operation not permitted when stream is capturing\nmore of it")

    said: list[str] = []
    recorded = Recorded(doubled, Never(), failed=said.append)
    for _ in range(4):
        assert torch.equal(recorded((torch.ones(2),)), torch.full((2,), 2.0))
    assert len(said) == 1
    assert "capturing" in said[0]


class Sums:
    """A denoiser that adds up all that it is given."""

    dtype = torch.float32
    model = None
    embeds_guidance = True

    def __call__(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        *,
        guidance: torch.Tensor | None = None,
        residuals: Residuals | None = None,
    ) -> torch.Tensor:
        made = latents + timestep + told.streams[0].sum()
        for stream in told.streams[1:]:
            made = made + 10 * stream.sum()
        for other in (told.pooled, guidance, *(told.counts or ())):
            made = made if other is None else made + other.sum()
        if residuals is not None:
            for more in (*residuals.down, residuals.mid, *residuals.blocks, *residuals.single):
                made = made if more is None else made + 100 * more.sum()
        return made

    def told(self, rows: object, tokens: object) -> Told:
        raise NotImplementedError

    def guided(self, without: torch.Tensor, toward: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
        return toward


RESIDUALS = (
    None,
    Residuals((torch.ones(1), torch.ones(2)), torch.ones(3)),
    Residuals(blocks=(torch.ones(1),), single=(torch.ones(2), torch.ones(4))),
)


@pytest.mark.parametrize("residuals", RESIDUALS)
@pytest.mark.parametrize("counts", [None, (torch.tensor([2]),)])
def test_a_denoiser_gets_everything_that_it_is_given(
    residuals: Residuals | None, counts: tuple[torch.Tensor, ...] | None
) -> None:
    player, plain = Player(), Sums()
    recorded = RecordedDenoiser(plain, player)
    for number in range(4):
        told = Told((torch.full((1, 2), float(number)), torch.ones(1, 3)), torch.ones(1, 4), counts)
        given = (torch.ones(1, 1, 2, 2), torch.tensor(float(number)), told)
        scale = torch.tensor([float(number)])
        found = recorded(*given, guidance=scale, residuals=residuals)
        assert torch.equal(found, plain(*given, guidance=scale, residuals=residuals))
    assert player.recorded == 1


def test_rows_of_several_lengths_are_not_recorded() -> None:
    player = Player()
    recorded = RecordedDenoiser(Sums(), player)
    told = Grouped((torch.ones(1, 2),), None, None, ())
    for _ in range(3):
        recorded(torch.ones(1, 1, 2, 2), torch.tensor(1.0), told)
    assert player.recorded == 0


def test_memory_that_runs_out_is_no_reason_to_go_on_without() -> None:
    class Full:
        def record(self, work: Callable[[], torch.Tensor]) -> tuple[torch.Tensor, Callable[[], None]]:
            raise torch.OutOfMemoryError("CUDA out of memory")

    recorded = Recorded(doubled, Full())
    recorded((torch.ones(2),))
    with pytest.raises(torch.OutOfMemoryError):
        recorded((torch.ones(2),))


def test_what_was_recorded_can_be_forgotten() -> None:
    player = Player()
    recorded = Recorded(doubled, player)
    for _ in range(2):
        recorded((torch.ones(2),))
    recorded.forget()
    for _ in range(2):
        recorded((torch.ones(2),))
    assert player.recorded == 2


def test_a_recorded_engine_draws_what_the_plain_one_draws(tiny: Engine) -> None:
    assert isinstance(tiny, DiffusionEngine)
    how = Sampling(4, 3.0, "DPM++ 2M", 7)

    def drawn() -> list[torch.Tensor]:
        texts: tuple[Conditioning, Conditioning] = (tiny.encode("a cat"), tiny.encode("blue"))
        first = generate(tiny, *texts, how, height=64, width=64)
        return [first, diffuse(tiny, first, *texts, how, strength=0.5)]

    plain = drawn()
    player, denoiser, codec = Player(), tiny._denoiser, tiny._codec.plain
    tiny._denoiser, tiny._codec.plain = RecordedDenoiser(denoiser, player), RecordedCodec(codec, player)
    try:
        for _ in range(2):
            assert all(torch.equal(a, b) for a, b in zip(plain, drawn(), strict=True))
    finally:
        tiny._denoiser, tiny._codec.plain = denoiser, codec
    assert player.replayed > 10
