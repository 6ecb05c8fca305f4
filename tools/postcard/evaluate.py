"""How good the exported model is: `python -m tools.postcard.evaluate [WORK] --count 500`.

A classifier, whose own accuracy is printed first, judges generated pictures against their prompts.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from anim_runtime.builtin import POSTCARD
from tools.postcard import judge, wordings
from tools.postcard.generate import Postcard, Settings
from tools.postcard.spec import STYLES, TIMES, Landscape, Spec, pick, random_spec

BATCH = 20
EVALUATION_SEED = 60_000_000


def prompt(rng: np.random.Generator, spec: Spec) -> str:
    """A wording that names all four traits of a landscape."""
    if not isinstance(spec.subject, Landscape):
        raise TypeError("only landscapes are judged")
    scene = spec.subject
    rows = (wordings.PLACE[scene.place], wordings.TIME[scene.time], wordings.WEATHER[scene.weather])
    return ", ".join(pick(rng, row) for row in (*rows, wordings.STYLE[spec.style]))


def even_specs(rng: np.random.Generator, count: int) -> list[Spec]:
    """Landscapes with every style as common as another."""
    return [Spec(random_spec(rng, 0.0).subject, STYLES[i % len(STYLES)]) for i in range(count)]


def generate(model: Postcard, prompts: Sequence[str], settings: Settings) -> tuple[Tensor, Tensor]:
    """Pictures at the judge's size [N,3,64,64], and their mean luminance [N]."""
    small, light = [], []
    for i in range(0, len(prompts), BATCH):
        part = replace(settings, seed=i)
        images = model(prompts[i : i + BATCH], part)
        small.append(judge.shrink(images).cpu())
        light.append(
            (images * torch.tensor((0.299, 0.587, 0.114), device=images.device).view(3, 1, 1))
            .sum(1)
            .mean((1, 2))
            .cpu()
        )
    return torch.cat(small), torch.cat(light)


def by_time(specs: Sequence[Spec], light: Tensor) -> dict[str, float]:
    """Mean luminance 0..1 of each time of day."""
    times = np.array([s.subject.time for s in specs if isinstance(s.subject, Landscape)])
    return {t: round(float(light[torch.from_numpy(times == t)].mean()), 4) for t in TIMES}


def evaluate(work: Path, folder: Path, count: int, settings: Settings) -> dict[str, Any]:
    """All figures, as the model card holds them."""
    critic, own = judge.get(work)
    print("the judge's own accuracy on drawn pictures", own, flush=True)
    rng = np.random.default_rng(EVALUATION_SEED)
    specs = even_specs(rng, count)
    prompts = [prompt(rng, s) for s in specs]
    model = Postcard(folder)
    began = time.perf_counter()
    small, light = generate(model, prompts, settings)
    seconds = (time.perf_counter() - began) / count
    return {
        "count": count, "steps": settings.steps, "cfg": settings.guidance, "sampler": settings.sampler,
        "judge": own, "generated": judge.accuracies(critic, small, judge.labels(specs)),
        "luminance": by_time(specs, light), "seconds_per_picture": round(seconds, 3),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, evaluate, print, and keep the figures in the work folder for the model card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, nargs="?", default=Path("out/postcard"))
    parser.add_argument("--folder", type=Path, default=POSTCARD)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--steps", type=int, default=16)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--sampler", default=Settings().sampler)
    options = parser.parse_args(arguments)
    settings = Settings(
        steps=options.steps, guidance=options.guidance, sampler=options.sampler, bfloat16=True
    )
    figures = evaluate(options.work, options.folder, options.count, settings)
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / "evaluation.json").write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        print(name, value)
    light = figures["luminance"]
    ordered = (
        light["night"] < min(light["sunset"], light["dawn"])
        and max(light["sunset"], light["dawn"]) < light["day"]
    )
    print("night < sunset, dawn < day:", ordered)


if __name__ == "__main__":
    main()
