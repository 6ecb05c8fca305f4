"""Ours against the plain loop on a graphics card: `python -m bench.gpu [--device cuda] [--frames 96]`.

Stable Diffusion 1.5 and SD-Turbo with random weights, which take as long as real ones, at 512² in fp16. The
plain loop is what people write: `AutoPipelineForImage2Image` with PIL pictures in and out, a cv2 warp and
skimage's histogram match between, a PNG a frame. Ours is a whole render: loop, store and journal. Both draw
with the same model, autoencoder, steps, strength and guidance in one process, in turns; what the first frames
take is counted for neither, and told apart as the warm start.

Wanted: 8 times the frames a second at 1 step with TAESD, 1.8 times at 8 steps with guidance, at most 5 % of a
frame beside the model, batches of 8 free frames 1.5 times as fast as one at a time, a start within 20 s.
`--device cpu --tiny` runs all of it with tiny models, to try the command; the ratios mean nothing then. Needs
scikit-image beside what anim needs; `--out` keeps the figures as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.gpu_models import flops_of, write_model, write_taesd
from bench.plain_loop import Case, Ours, ours, plain

TURBO_LIMIT, GUIDED_LIMIT, BATCH_LIMIT, SHARE_LIMIT, START_LIMIT = 8.0, 1.8, 1.5, 0.05, 20.0
#: TFLOP/s that an H100 reaches in bf16, measured on random data
CEILING = 790.0
#: the stages that are the model's
MODEL = ("prompt", "encode", "diffuse", "decode")
#: frames at the beginning that are not counted: libraries choose their kernels, and graphs are recorded
SKIP = 8


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and how all is measured."""

    home: Path
    device: str
    size: int
    rounds: int
    dtype: Any
    #: what was measured, by name
    figures: dict[str, dict[str, float]] = field(default_factory=dict)

    def measured(self, name: str, case: Case, limit: float) -> bool:
        """One film by both ways, told in four lines; whether the limits are kept."""
        pipeline, times, made = self._pipeline(case), list[float](), list[Ours]()
        for _ in range(self.rounds):
            times.append(plain(pipeline, case, self.home, SKIP))
            made.append(self._ours(case))
        del pipeline
        counted, mine = case.frames - SKIP, min(made, key=lambda row: row.steady)
        theirs = counted / min(times)
        rate = counted / mine.steady
        print(f"{name}: plain loop {theirs:.2f} frames/s, ours {rate:.2f}")
        print(verdict(f"{rate / theirs:.2f} times as fast", rate / theirs >= limit, f"{limit:g}"))
        share = max(0.0, 1.0 - sum(mine.spent.get(stage, 0.0) for stage in MODEL) / mine.steady)
        print(verdict(f"{share:.1%} beside the model", share <= SHARE_LIMIT, f"{SHARE_LIMIT:.0%} at most"))
        reached = rate * self._flops(case) / 1e12
        print(f"  {reached:.2f} TFLOP/s, {reached / CEILING:.1%} of {CEILING:g}")
        start = mine.model + mine.seconds - mine.steady
        print(verdict(f"{start:.1f} s to start", start <= START_LIMIT, f"{START_LIMIT:g} s at most"))
        self.figures[name] = {
            "plain": theirs,
            "ours": rate,
            "times": rate / theirs,
            "beside": share,
            "tflops": reached,
            "start": start,
            **{f"stage {stage}": seconds / counted for stage, seconds in sorted(mine.spent.items())},
        }
        return rate / theirs >= limit and share <= SHARE_LIMIT and start <= START_LIMIT

    def batched(self, name: str, case: Case) -> bool:
        """Free frames one at a time and in batches of 8; whether the limit is kept."""
        skips = {1: SKIP, 8: 2 * 8}
        rates = []
        for batch, skip in skips.items():
            rows = [self._ours(replace(case, batch=batch), skip) for _ in range(self.rounds)]
            rates.append((case.frames - skip) / min(row.steady for row in rows))
        one, many = rates
        print(f"{name}: one at a time {one:.2f} frames/s, in batches of 8 {many:.2f}")
        print(verdict(f"{many / one:.2f} times as fast", many / one >= BATCH_LIMIT, f"{BATCH_LIMIT:g}"))
        self.figures[name] = {"one": one, "many": many, "times": many / one}
        return many / one >= BATCH_LIMIT

    def _ours(self, case: Case, skip: int = SKIP) -> Ours:
        return ours(case, self.home, self.device, skip)

    def _flops(self, case: Case) -> float:
        """Of one frame."""
        model = self.home / case.model
        vae = self.home / case.vae if case.vae else model / "vae"
        rows, steps = 2 if case.cfg != 1.0 else 1, int(case.steps * case.strength)
        return flops_of(model, vae, self.size, rows, steps)

    def _pipeline(self, case: Case) -> Any:
        """diffusers' own pipeline of the same files; diffusers is untyped, hence Any."""
        import diffusers

        library: Any = diffusers
        made = library.AutoPipelineForImage2Image.from_pretrained(
            str(self.home / case.model), torch_dtype=self.dtype, local_files_only=True
        )
        if case.vae:
            tiny = library.AutoencoderTiny
            made.vae = tiny.from_pretrained(str(self.home / case.vae), torch_dtype=self.dtype)
        made.set_progress_bar_config(disable=True)
        return made.to(self.device)


def verdict(said: str, kept: bool, wanted: str) -> str:
    """A line that says whether a limit is kept."""
    return f"  {said} (wanted {wanted}): {'kept' if kept else 'MISSED'}"


def main(arguments: list[str] | None = None) -> int:
    """Measures all; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--tiny", action="store_true", help="tiny models and pictures, to try the command")
    parser.add_argument("--frames", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path, help="a file for the figures, as JSON")
    chosen = parser.parse_args(arguments)
    if chosen.frames <= 2 * 8:
        parser.error("--frames must be more than 16, of which the first are not counted")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import torch

    from anim_studio.cli.quiet import prepare_libraries

    prepare_libraries()
    if chosen.device == "cuda":
        if not torch.cuda.is_available():
            sys.exit("there is no CUDA device here: try the command with `--device cpu --tiny`")
        print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}")
    dtype, size = (torch.float16, 512) if chosen.device == "cuda" else (torch.float32, 512)
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
        home, size = Path(folder), 64 if chosen.tiny else size
        (home / "anim.toml").write_text("", encoding="utf-8")
        for name in ("sd15", "turbo"):
            write_model(name, home / name, tiny=chosen.tiny, dtype=dtype)
        write_taesd(home / "taesd", tiny=chosen.tiny, dtype=dtype)
        bench = Bench(home, chosen.device, size, chosen.rounds, dtype)
        code = _all(bench, chosen.frames)
    if chosen.out is not None:
        chosen.out.write_text(json.dumps(bench.figures, indent=1) + "\n", encoding="utf-8")
    return code


def _all(bench: Bench, frames: int) -> int:
    turbo = Case(bench.size, bench.size, frames, 2, 0.5, 1.0, "Euler", 1, "./turbo", "./taesd")
    guided = Case(bench.size, bench.size, frames, 16, 0.5, 6.0, "DDIM", 1, "./sd15")
    free = replace(turbo, steps=1, strength=1.0)
    kept = [
        bench.measured("SD-Turbo, 1 step, TAESD", turbo, TURBO_LIMIT),
        bench.measured("SD 1.5, 8 steps, guidance", guided, GUIDED_LIMIT),
        bench.batched("SD-Turbo, 1 step from noise, TAESD", free),
    ]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
