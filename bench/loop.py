"""Where the time of a render goes: `python -m bench.loop [--device cpu] [--size 192x128] [--frames 48]`.

Renders a film of 48 frames at cadence 1 with the built-in model into an empty cache and prints the
share of the U-Net, and of everything else by stage. The rest of the loop must stay within 35% on a CPU.
Loading the model and importing libraries is told apart: it is paid once, whatever the film's length.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LIMIT = 0.35
FILM = """\
fps = 24
length = {seconds}s
size = {size}
seed = 7
prompt {{
  0s: "a mountain lake at golden hour, oil painting"
  {half}s: "a mountain lake at night, starry sky"
  negative = "fog"
}}
camera 3d {{
  translation_z = 0s: 0, {seconds}s: 40
  rotation_3d_y = 0s: 0deg, {seconds}s: 6deg
}}
diffuse {{ strength = 0.55; steps = 16; cfg_scale = 6 }}
coherence {{ color = lab; noise = 0.02; blend = 0.2; cadence = 1 }}
output "bench.mp4"
"""
#: what each stage of the runtime is, in words
STAGES = {
    "sampler": "sampler steps, guidance, latent noise",
    "encode": "codec: picture to latents",
    "decode": "codec: latents to picture",
    "warp": "camera warp",
    "depth": "depth",
    "color": "colour matching",
    "noise": "noise",
    "blend": "blend",
    "load": "stored pictures to the device",
    "write": "store: compress, write, sync",
    "prompt": "text encoding",
    "journal": "journal",
    "video": "video encoding",
}


@dataclass(slots=True)
class Measured:
    """Seconds of one render."""

    unet: float = 0.0
    calls: int = 0
    wall: float = 0.0
    spent: dict[str, float] = field(default_factory=dict)

    def rest(self) -> dict[str, float]:
        """Everything in the loop that is not the U-Net, by stage; what no stage counts is `other`."""
        stages = {
            name: seconds for name, seconds in self.spent.items() if name not in ("diffuse", "model", "other")
        }
        stages["sampler"] = max(0.0, self.spent.get("diffuse", 0.0) - self.unet)
        loop = self.wall - self.spent.get("model", 0.0)
        stages["other"] = max(0.0, loop - self.unet - sum(stages.values()))
        return stages


@contextmanager
def timed_unet(measured: Measured, device: str) -> Iterator[None]:
    """Counts the time inside every `UNet2DConditionModel` call, by hooks on all modules."""
    import torch
    from diffusers import UNet2DConditionModel
    from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook

    begun: list[float] = []

    def now() -> float:
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        return time.perf_counter()

    # the hooks' signatures are torch's own and untyped, hence Any
    def before(module: Any, _inputs: Any) -> None:
        if isinstance(module, UNet2DConditionModel):
            begun.append(now())

    def after(module: Any, _inputs: Any, _output: Any) -> None:
        if isinstance(module, UNet2DConditionModel):
            measured.unet += now() - begun.pop()
            measured.calls += 1

    handles = (register_module_forward_pre_hook(before), register_module_forward_hook(after))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def measure(size: str, frames: int, device: str, folder: Path) -> Measured:
    """Renders the film into `folder` and counts."""
    from anim_compiler.compile import CompileOptions, compile_film
    from anim_runtime.models.library import Located, digest, locate
    from anim_runtime.session import render
    from anim_studio.cli.load import load

    path = folder / "bench.anim"
    seconds = frames / 24
    path.write_text(FILM.format(size=size, seconds=f"{seconds:g}", half=f"{seconds / 2:g}"), encoding="utf-8")
    loaded = load(path, folder / "cache")
    model = locate("postcard")
    if loaded.film is None or not isinstance(model, Located):
        sys.exit("\n".join(d.message for d in loaded.diagnostics) or "the built-in model is missing")
    compiled = compile_film(loaded.film, loaded.world, CompileOptions(model_sha256=digest(model)))
    if compiled.plan is None:
        sys.exit("\n".join(d.message for d in compiled.diagnostics))
    measured = Measured()
    with timed_unet(measured, device):
        started = time.perf_counter()
        rendered = render(
            compiled.plan,
            compiled.columns,
            root=loaded.world.root,
            folder=folder,
            cache=folder / "cache",
            device=device,
            emit=lambda event: measured.spent.update(
                getattr(event, "spent", {}) if event.kind == "finished" else {}
            ),
            should_stop=lambda: False,
        )
        measured.wall = time.perf_counter() - started
    if rendered.exit_code:
        sys.exit(rendered.message)
    return measured


def report(measured: Measured, frames: int) -> bool:
    """Prints the shares; returns whether the rest keeps within the limit."""
    rest = measured.rest()
    loop = measured.unet + sum(rest.values())
    print(f"{frames} frames in {loop:.2f} s, {frames / loop:.2f} fps; {measured.calls} U-Net calls")
    print(f"  {'U-Net':<38} {measured.unet:8.3f} s {measured.unet / loop:7.1%}")
    for name, seconds in sorted(rest.items(), key=lambda item: -item[1]):
        print(f"  {STAGES.get(name, name):<38} {seconds:8.3f} s {seconds / loop:7.1%}")
    share = sum(rest.values()) / loop
    verdict = "within" if share <= LIMIT else "over"
    print(f"everything but the U-Net: {share:.1%}, {verdict} the limit of {LIMIT:.0%}")
    print(f"before the loop, once a run: model loading {measured.spent.get('model', 0.0):.2f} s")
    return share <= LIMIT


def main() -> int:
    """Measures once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--size", default="192x128")
    parser.add_argument("--frames", type=int, default=48)
    chosen = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from anim_studio.cli.quiet import prepare_libraries

    prepare_libraries()
    # imported here, so that no import is counted as work on the first frame
    import anim_runtime.diffusion.loading
    import anim_runtime.frames  # noqa: F401

    with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
        measured = measure(chosen.size, chosen.frames, chosen.device, Path(folder))
    return 0 if report(measured, chosen.frames) else 1


if __name__ == "__main__":
    sys.exit(main())
