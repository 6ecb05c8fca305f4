"""A long 1080p video through a whole film, decoded, made anew, stored and encoded: how much memory it takes.

`python -m bench.picture_stream [FRAMES]` makes a source of 2,000 frames in a temporary folder, and renders a
video-to-video film of it with the null engine in a process of its own, whose resident memory is read at every
frame. It may grow by less than 20 MB from the 100th frame on, by when everything is loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

WANTED_MB = 20.0
_SETTLED = 100
_FILM = """\
size = 256x144
fps = 24
model = "null"
video clip = "source.mp4"
source = clip
prompt {{ 0s: "a quiet sea" }}
diffuse {{ strength = 40%; steps = 4 }}
output "made.mp4"
"""


def stream(frames: int = 2000) -> bool:
    """Prints how far memory grew; whether it stayed below what is wanted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _source(folder / "source.mp4", frames)
        (folder / "film.anim").write_text(_FILM.format(), encoding="utf-8")
        command = [sys.executable, "-m", "bench.picture_stream", "--render", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=_environment(folder))
        told = json.loads(done.stdout.splitlines()[-1])
    growth = float(told["growth_mb"])
    mark = "" if growth < WANTED_MB and told["frames"] == frames else "  MISSED"
    print(
        f"  {told['frames']} frames of 1920x1080 through a film at 256x144: {told['seconds']:.1f} s,"
        f" {told['settled_mb']:.0f} MB after {_SETTLED} frames, at most {growth:.1f} MB more"
        f"  wanted < {WANTED_MB:g} MB{mark}"
    )
    return not mark


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "ANIM_CACHE": str(folder / "cache"), "OMP_NUM_THREADS": "1"}


def _source(path: Path, frames: int) -> None:
    """Coloured gradients that move, 1920x1080."""
    import av
    import numpy as np

    across = np.tile(np.arange(1920 * 2, dtype=np.uint16)[None], (1080, 1)).astype(np.uint8)
    down = np.tile(np.arange(1080, dtype=np.uint16)[:, None], (1, 1920)).astype(np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24), options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for n in range(frames):
            at = 3 * n % 1920
            picture = np.stack([across[:, at : at + 1920], down, 255 - down], axis=-1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def _resident_mb() -> float:
    """This process's resident memory in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _render(folder: Path) -> None:
    """Renders the film, reading the memory at every frame; prints one line of JSON."""
    from anim_compiler.check import check
    from anim_compiler.compile import CompileOptions, compile_film
    from anim_compiler.world import World
    from anim_dsl.parse import parse
    from anim_dsl.source import Source
    from anim_runtime.events import Event, FrameDone
    from anim_runtime.session import render

    world = World(folder, folder)
    text = (folder / "film.anim").read_text(encoding="utf-8")
    film, found = check(parse(Source("film.anim", text))[0], world)
    assert film is not None, found
    made = compile_film(film, world, CompileOptions(model_sha256="0" * 64))
    assert made.plan is not None, made.diagnostics
    read: list[float] = []

    def tell(event: Event) -> None:
        if isinstance(event, FrameDone):
            read.append(_resident_mb())

    started = time.perf_counter()
    done = render(
        made.plan,
        made.columns,
        root=folder,
        folder=folder,
        cache=folder / "cache",
        device="cpu",
        emit=tell,
        should_stop=lambda: False,
    )
    assert done.exit_code == 0, done.message
    settled, most = read[min(_SETTLED, len(read) - 1)], max([*read[_SETTLED:], _resident_mb()])
    told = {"frames": len(read), "seconds": time.perf_counter() - started}
    print(json.dumps({**told, "settled_mb": settled, "growth_mb": most - settled}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--render"]:
        _render(Path(sys.argv[2]))
    else:
        sys.exit(0 if stream(int(sys.argv[1]) if len(sys.argv) > 1 else 2000) else 1)
