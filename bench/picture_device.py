"""The chain of a frame but for the model on a device: `bench.picture` runs it where there is a GPU.

768×512, flow off: move in 2d, hold the colours, contrast, sharpening, noise, grade. Nothing in the loop may
wait for the device: PyTorch is told to raise where something does, and a profile is looked through for calls
that synchronize. Kernels are timed by the device's own clock.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.kernel import Argument

WIDTH, HEIGHT = 768, 512
LIMIT_MS = 1.5
FRAMES = 100
_SYNCHRONIZING = ("cudaDeviceSynchronize", "cudaStreamSynchronize", "cudaEventSynchronize")


def steps() -> tuple[tuple[str, Mapping[str, Argument]], ...]:
    """The ops of a frame behind the warp and the colours."""
    grade: Mapping[str, Argument] = {
        **dict.fromkeys(("hue", "tint", "lift"), 0.0),
        **dict.fromkeys(("contrast", "gamma", "gain"), 1.0),
        "exposure": 0.2,
        "saturation": 1.1,
        "temperature": 0.1,
    }
    return (
        ("contrast", {"amount": 1.02}),
        ("sharpen", {"amount": 0.2, "radius": 1.0, "threshold": 0.0}),
        ("add_noise", {"amount": 0.02, "seed": 7.0}),
        ("grade", grade),
    )


def frames(device: torch.device, count: int) -> Tensor:
    """So many frames, each made from the one before; the last one, float32 `[1,3,HEIGHT,WIDTH]`."""
    context = FrameContext(0, WIDTH, HEIGHT, device)
    now = torch.rand(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(3)).to(device)
    stats = KERNELS["color_stats"]([now], {"space": "lab", "method": "moments"}, context)
    move = np.array([1.01, 0.01, 0.02, -0.01, 1.01, 0.0, 0.0, 0.0, 1.0])
    for frame in range(count):
        context = FrameContext(frame, WIDTH, HEIGHT, device)
        now = KERNELS["warp2d"]([now], {"move": move, "border": "reflect"}, context)
        now = KERNELS["match_stats"]([now, stats], {"space": "lab", "method": "moments"}, context)
        for op, args in steps():
            now = KERNELS[op]([now], args, context)
    return now


def chain(device: str = "cuda", count: int = FRAMES) -> bool:
    """Prints milliseconds a frame and what waits for the device; whether both are as wanted."""
    where = torch.device(device)
    with torch.inference_mode():
        frames(where, 3)
        waits = _waits(where)
        spent = _milliseconds(where, count)
    missed = spent > LIMIT_MS or bool(waits)
    told = f"waits for the device in {', '.join(waits)}" if waits else "nothing waits for the device"
    print(
        f"  {device}: {spent:.2f} ms a frame at {WIDTH}x{HEIGHT}, wanted {LIMIT_MS}"
        f"{'  MISSED' if missed else ''}; {told}"
    )
    return not missed


def _milliseconds(where: torch.device, count: int) -> float:
    if where.type != "cuda":
        started = time.perf_counter()
        frames(where, count)
        return (time.perf_counter() - started) * 1e3 / count
    begun, ended = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    begun.record()
    frames(where, count)
    ended.record()
    torch.cuda.synchronize()
    return float(begun.elapsed_time(ended)) / count


def _waits(where: torch.device) -> list[str]:
    """The calls within a few frames that wait for the device; none on a CPU."""
    if where.type != "cuda":
        return []
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as seen:
        frames(where, 5)
    # the profile itself synchronizes once when it ends
    found = [event for event in seen.key_averages() if event.key in _SYNCHRONIZING and event.count > 1]
    return [f"{event.key} ({event.count} times in 5 frames)" for event in found]


if __name__ == "__main__":
    chain("cuda" if torch.cuda.is_available() else "cpu", FRAMES if torch.cuda.is_available() else 3)
