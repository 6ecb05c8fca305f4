"""Pictures on their way to the host, and what is known of them late."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from anim_runtime.arriving import arriving, host_picture, packed
from anim_runtime.diffusion.verdicts import Pending, Verdicts
from anim_runtime.marks import Mark
from anim_runtime.problems import RenderProblem
from anim_runtime.store import Store
from anim_runtime.writer import Writer

KEY = "a" * 64


def levels() -> torch.Tensor:
    drawn = torch.Generator().manual_seed(1)
    made = torch.randint(0, 65536, (1, 3, 5, 7), generator=drawn, dtype=torch.int32)
    made[0, :, 0, 0] = torch.tensor([0, 32768, 65535], dtype=torch.int32)
    return made


def test_two_bytes_a_number_are_the_picture() -> None:
    made = levels()
    assert np.array_equal(packed(made).numpy().view(np.uint16), host_picture(made))
    assert np.array_equal(arriving(made)(), host_picture(made))


def test_a_picture_that_turns_out_to_hold_no_numbers_is_not_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    problem = RenderProblem("the model gave a picture that holds no numbers (NaN)", "")

    def settle() -> None:
        raise problem

    writer = Writer(store, settle)
    writer.write(0, KEY, arriving(levels()))
    with pytest.raises(RenderProblem, match="NaN"):
        list(writer.done(all_of_them=True))
    writer.close()
    assert not store.has(KEY)


def test_verdicts_wait_for_pictures_that_are_on_their_way() -> None:
    class Done:
        def synchronize(self) -> None:
            ends[1] = float("inf")

        def query(self) -> bool:
            return False

        def elapsed_time(self, other: Mark) -> float:
            return 0.0

    look, ends = Verdicts(), torch.zeros(2)
    look._pending.append(Pending(ends, Done()))
    with pytest.raises(RenderProblem):
        look.settle()
    look.settle()
