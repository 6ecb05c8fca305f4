"""What hints cost: `python -m bench.hints [--side 512]`, each kernel against the plain way.

The plain way is that of ControlNet's annotators, by OpenCV and NumPy: the picture comes as a tensor and goes
back as one, by way of an 8-bit array. With `--frame-ms`, the time that a frame takes without hints, the share
of each is told.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import cv2
import numpy as np
import torch
from tools.postcard.scenes import picture

from anim_runtime.ops import KERNELS
from anim_runtime.ops.kernel import FrameContext

RUNS = 9


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints milliseconds a hint, the best of several runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--frame-ms", type=float, default=0.0)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rgb = picture(77, options.side, options.side).rgb
    scene = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))[None].to(options.device)
    frame = FrameContext(0, options.side, options.side, scene.device)
    with torch.inference_mode():
        depth = KERNELS["depth"]([scene], {"method": "estimated"}, frame)
        for kind, plain in PLAIN.items():
            args = {"low": 100.0, "high": 200.0} if kind == "canny" else {}
            given = depth if kind in ("depth", "normal") else scene
            ours = _best(partial(KERNELS[f"hint_{kind}"], [given], args, frame), scene.device)
            theirs = None if plain is None else _best(partial(plain, scene), scene.device)
            _tell(kind, ours, theirs, options.frame_ms)
        estimate = _best(partial(KERNELS["depth"], [scene], {"method": "estimated"}, frame), scene.device)
        _tell("(depth)", estimate, None, options.frame_ms)


def _tell(kind: str, ours: float, theirs: float | None, frame_ms: float) -> None:
    plain = "" if theirs is None else f"  plain {theirs:7.2f} ms"
    share = f"  {100 * ours / (frame_ms + ours):5.1f}% of a frame" if frame_ms else ""
    sys.stdout.write(f"{kind:10} {ours:7.2f} ms{plain}{share}\n")


def _best(made: Callable[[], object], device: torch.device) -> float:
    """Milliseconds of the fastest run."""
    taken = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        made()
        if device.type == "cuda":
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - begun)
    return min(taken) * 1e3


def _bytes(scene: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray((scene[0] * 255).byte().permute(1, 2, 0).cpu().numpy())


def _back(pixels: np.ndarray, scene: torch.Tensor) -> torch.Tensor:
    stacked = np.stack([pixels] * 3) if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
    return (torch.from_numpy(np.ascontiguousarray(stacked)).float() / 255)[None].to(scene.device)


def _canny(scene: torch.Tensor) -> torch.Tensor:
    return _back(cv2.Canny(_bytes(scene), 100, 200), scene)


def _scribble(scene: torch.Tensor) -> torch.Tensor:
    image = _bytes(scene).astype(np.float32)
    fine, coarse = cv2.GaussianBlur(image, (0, 0), 0.5), cv2.GaussianBlur(image, (0, 0), 5.0)
    dog = (255 - np.min(coarse - fine, axis=2)).clip(0, 255).astype(np.uint8)
    return _back(((2 * (255 - dog) > 32) * 255).astype(np.uint8), scene)


def _lineart(scene: torch.Tensor) -> torch.Tensor:
    image = _bytes(scene).astype(np.float32)
    ink = np.min(cv2.GaussianBlur(image, (0, 0), 6.0) - image, axis=2).clip(0, 255)
    ink *= 127 / max(16, np.median(ink[ink > 8]))
    return _back(ink.clip(0, 255).astype(np.uint8), scene)


def _tile(scene: torch.Tensor) -> torch.Tensor:
    return _back(cv2.GaussianBlur(_bytes(scene), (0, 0), scene.shape[2] / 128), scene)


#: the plain way of each kind, None where the annotators have none without weights
PLAIN: dict[str, Callable[[torch.Tensor], torch.Tensor] | None] = {
    "canny": _canny,
    "scribble": _scribble,
    "lineart": _lineart,
    "softedge": None,
    "tile": _tile,
    "depth": None,
    "normal": None,
}

if __name__ == "__main__":
    main()
