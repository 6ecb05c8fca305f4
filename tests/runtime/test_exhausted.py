from __future__ import annotations

import cv2
import pytest
import torch

from anim_runtime.exhausted import is_out_of_memory


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried"
        ),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 1 bytes"),
        RuntimeError("CUDA error: out of memory"),
        cv2.error("OpenCV(4) alloc.cpp:73: error: (-4:Insufficient memory) Failed to allocate 1 bytes"),
    ],
    ids=["python", "cuda", "cpu", "windows", "cuda-plain", "opencv"],
)
def test_every_library_says_it_in_its_own_way(error: Exception) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("shapes differ"),
        ValueError("out of memory"),
        OSError(28, "no space"),
        KeyboardInterrupt(),
    ],
)
def test_other_errors_are_none(error: BaseException) -> None:
    assert not is_out_of_memory(error)


def test_what_torch_really_raises_on_a_cpu() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**52, dtype=torch.float64)
    assert is_out_of_memory(raised.value)
