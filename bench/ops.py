"""Milliseconds of every kernel, and of chains in one pass: `python -m bench.ops [--size 512] [--size 1024]`.

A chain of pointwise ops runs as the kernels one after the other and as one `pointwise`, in the same run; both
must give the same bits. It ends with 1 where `pointwise` is not faster. Torch works with one thread.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

import cv2
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument

Step = tuple[str, Mapping[str, Argument]]

NEUTRAL: Mapping[str, Argument] = {
    **dict.fromkeys(("exposure", "hue", "temperature", "tint", "lift"), 0.0),
    **dict.fromkeys(("contrast", "saturation", "gamma", "gain"), 1.0),
}
GRADED: Mapping[str, Argument] = {
    **NEUTRAL,
    "exposure": 0.3,
    "temperature": 0.1,
    "lift": 0.02,
    "gamma": 1.1,
    "contrast": 1.1,
    "saturation": 1.2,
    "hue": 10.0,
}
CHAINS: Mapping[str, tuple[Step, ...]] = {
    "without powers": (
        ("contrast", {"amount": 1.1}),
        ("grade", {**NEUTRAL, "saturation": 1.2, "contrast": 1.1}),
        ("vignette", {"amount": 0.3}),
        ("dip", {"amount": 0.2, "color": "black"}),
    ),
    "with all of grade": (
        ("contrast", {"amount": 1.1}),
        ("grade", GRADED),
        ("vignette", {"amount": 0.3}),
        ("dip", {"amount": 0.2, "color": "black"}),
    ),
}
ALONE: tuple[Step, ...] = (
    ("contrast", {"amount": 1.1}),
    ("grade", GRADED),
    ("vignette", {"amount": 0.3}),
    ("grain", {"amount": 0.1, "seed": 0}),
    ("add_noise", {"amount": 0.1, "seed": 0}),
    ("add_noise", {"amount": 0.1, "seed": 0, "type": "perlin"}),
    ("sharpen", {"amount": 0.4, "radius": 1.0, "threshold": 0.0}),
    ("blur", {"radius": 2.0}),
    ("blur", {"radius": 8.0}),
    ("blur", {"radius": 64.0}),
    ("bloom", {"amount": 0.3}),
    ("aberration", {"amount": 0.5}),
    ("color_stats", {"space": "lab"}),
    ("color_stats", {"space": "lab", "method": "moments"}),
)


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The least CPU time of several rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best * 1e3


def one_by_one(steps: tuple[Step, ...], image: Tensor, frame: FrameContext) -> Tensor:
    """The kernels of a chain one after the other."""
    for op, args in steps:
        image = KERNELS[op]([image], args, frame)
    return image


def as_one(steps: tuple[Step, ...], image: Tensor, frame: FrameContext) -> Tensor:
    """The same as one `pointwise`."""
    args: dict[str, Argument] = {"steps": " ".join(op for op, _ in steps)}
    for index, (_, own) in enumerate(steps):
        args.update({f"{index}.{name}": value for name, value in own.items()})
    return KERNELS["pointwise"]([image], args, frame)


def measure(size: int, rounds: int) -> bool:
    """Prints what a size takes; whether every chain is faster as one. Exits if one gives other bits."""
    image = torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(1))
    frame = FrameContext(0, size, size, image.device)
    print(f"{size}x{size}, ms")
    for op, args in ALONE:
        told = ", ".join(f"{value}" for value in args.values()) if op != "grade" else "all"
        spent = milliseconds(partial(KERNELS[op], [image], args, frame), rounds)
        print(f"  {f'{op} ({told})':<44} {spent:8.2f}")
    faster = True
    for name, steps in CHAINS.items():
        if not torch.equal(one_by_one(steps, image, frame), as_one(steps, image, frame)):
            sys.exit(f"the chain {name} has other bits as one pass")
        single = milliseconds(partial(one_by_one, steps, image, frame), rounds)
        joined = milliseconds(partial(as_one, steps, image, frame), rounds)
        faster &= joined < single
        chain = f"{len(steps)} ops {name}"
        print(f"  {chain:<26} one by one {single:6.2f} {joined:8.2f}  {single / joined:.2f}x")
    return faster


def main() -> int:
    """Measures every size; exit code 1 if a chain is not faster in one pass."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    # memory of this size given back once makes glibc keep smaller pieces, as it does in a render with a model
    torch.zeros(1 << 22)
    faster = [measure(size, chosen.rounds) for size in chosen.size or (512, 1024)]
    return 0 if all(faster) else 1


if __name__ == "__main__":
    sys.exit(main())
