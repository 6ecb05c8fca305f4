"""What frames gain that pass the model together: `python -m bench.batch [--frames 24] [--sizes 64,128]`.

Whole renders with the built-in model on the CPU into an empty cache: reading the plan, loading the model,
drawing, the store, the journal. Free frames with `batch = 8` against `batch = 1` must be 1.5 times as fast
at 64 to 128 px; two scenes that advance together are shown beside them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 1.5
#: renders of each film in turn, of which the fastest counts: the machine does other things too
ROUNDS = 3
HEAD = 'fps = 12; size = {size}x{size}; seed = 7; model = "postcard"\n'
FREE = (
    HEAD
    + """\
length = {frames}f
prompt {{ 0s: "a mountain lake at golden hour"; {last}f: "a mountain lake at night" }}
diffuse {{ strength = 1; steps = 12; batch = {batch} }}
"""
)
SCENE = """\
scene {name} {frames}f {{
  transition = cut
  prompt {{ 0s: "a {name} at golden hour" }}
  camera 2d {{ zoom = 1.1 per s }}
  diffuse {{ strength = 0.5; steps = 12; batch = {batch} }}
}}
"""


def free(size: int, frames: int, batch: int) -> str:
    """A film of frames from noise alone."""
    return FREE.format(size=size, frames=frames, last=frames - 1, batch=batch)


def chains(size: int, frames: int, batch: int) -> str:
    """A film of two scenes, each a chain."""
    scenes = [SCENE.format(name=name, frames=frames // 2, batch=batch) for name in ("lake", "forest")]
    return HEAD.format(size=size) + "".join(scenes)


def rendered(text: str, frames: int) -> float:
    """How long one render took from the film's text on, in a folder of its own."""
    from anim_compiler.compile import CompileOptions, compile_film
    from anim_runtime.models.library import Located, digest, locate
    from anim_runtime.session import render
    from anim_studio.cli.load import load

    with tempfile.TemporaryDirectory(prefix="anim-bench-") as home:
        folder = Path(home)
        path = folder / "bench.anim"
        path.write_text(text, encoding="utf-8")
        start = time.perf_counter()
        loaded = load(path, folder / "cache")
        model = locate("postcard")
        if loaded.film is None or not isinstance(model, Located):
            sys.exit("\n".join(d.message for d in loaded.diagnostics) or "the built-in model is missing")
        compiled = compile_film(loaded.film, loaded.world, CompileOptions(model_sha256=digest(model)))
        if compiled.plan is None:
            sys.exit("\n".join(d.message for d in compiled.diagnostics))
        done = render(
            compiled.plan,
            compiled.columns,
            root=folder,
            folder=folder,
            cache=folder / "cache",
            device="cpu",
            emit=lambda event: None,
            should_stop=lambda: False,
            outputs=(),
        )
        taken = time.perf_counter() - start
    if done.exit_code or done.made != frames:
        sys.exit(done.message or f"{done.made} of {frames} frames were made")
    return taken


def compared(name: str, size: int, frames: int, made: tuple[str, str]) -> float:
    """Prints how the second film does against the first; returns how many times as fast it is."""
    rounds = [[rendered(text, frames) for text in made] for _ in range(ROUNDS)]
    before, after = (min(times[film] for times in rounds) for film in (0, 1))
    rates = f"{frames / before:6.2f} -> {frames / after:6.2f} frames/s"
    print(f"{name:<12} {size:4d} px   {rates}   {before / after:5.2f}x")
    return before / after


def main() -> int:
    """Measures once; fails below the limit at 64 to 128 px."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--sizes", default="64,96,128")
    parser.add_argument("--batch", type=int, default=8)
    chosen = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from anim_studio.cli.quiet import prepare_libraries

    prepare_libraries()
    # imported here, so that no import is counted as work on the first frame
    import anim_runtime.diffusion.loading
    import anim_runtime.frames  # noqa: F401

    frames, batch, enough = chosen.frames - chosen.frames % 2, chosen.batch, True
    print(f"whole renders of {frames} frames, 1 at a time -> {batch} at a time")
    for size in map(int, chosen.sizes.split(",")):
        ratio = compared("free frames", size, frames, (free(size, frames, 1), free(size, frames, batch)))
        enough = enough and (ratio >= LIMIT or not 64 <= size <= 128)
        compared("two chains", size, frames, (chains(size, frames, 1), chains(size, frames, batch)))
    print(f"the limit for free frames of 64 to 128 px is {LIMIT:g}x: {'kept' if enough else 'missed'}")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
