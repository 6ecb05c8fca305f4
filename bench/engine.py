"""Ours against the plain loop on a CPU: `python -m bench.engine [--size 192x128] [--frames 24] [--rounds 3]`.

The plain loop is what people write: `StableDiffusionImg2ImgPipeline` with PIL pictures in and out, a cv2 warp
and skimage's histogram match between, a PNG a frame. Ours is a whole render: loop, store and journal. Both
draw with the built-in model, sampler, steps, strength and guidance alike, in one process, in turns; loading
the model is counted for neither. A frame must be at least 1.05 times as fast; batches of 8 free frames at
least 1.5 times as fast as one at a time (`bench.batch` has that at more sizes).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.plain_loop import Case, ours, plain

LIMIT, BATCH_LIMIT = 1.05, 1.5


def plain_pipeline() -> Any:
    """diffusers' own image-to-image pipeline of the built-in model; diffusers is untyped, hence Any."""
    import diffusers
    import torch
    import transformers

    from anim_runtime.builtin.codec import PostcardCodec
    from anim_runtime.models.library import Located, locate

    found = locate("postcard")
    if not isinstance(found, Located) or found.path is None:
        sys.exit("the built-in model is missing")
    folder, whole = found.path, torch.float32
    text = transformers.CLIPTextModel.from_pretrained(str(folder / "text_encoder"), dtype=whole)
    unet = diffusers.UNet2DConditionModel.from_pretrained(str(folder / "unet"), torch_dtype=whole)
    pipeline: Any = diffusers.StableDiffusionImg2ImgPipeline(
        vae=_vae(PostcardCodec.load(folder / "codec", whole)),
        text_encoder=text.eval(),
        tokenizer=transformers.PreTrainedTokenizerFast.from_pretrained(str(folder / "tokenizer")),
        unet=unet.eval(),
        scheduler=diffusers.DDIMScheduler.from_pretrained(str(folder / "scheduler")),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _vae(codec: Any) -> Any:
    """The built-in codec in the shape of a diffusers autoencoder, which the pipeline wants."""
    import torch

    class Vae(torch.nn.Module):
        dtype, device = torch.float32, torch.device("cpu")
        config = SimpleNamespace(
            block_out_channels=(1, 1, 1, 1),
            scaling_factor=1.0,
            latent_channels=codec.channels,
            force_upcast=False,
        )

        def encode(self, images: torch.Tensor) -> Any:
            latents = codec.encode(images / 2 + 0.5)
            return SimpleNamespace(latent_dist=SimpleNamespace(sample=lambda generator: latents))

        def decode(self, latents: torch.Tensor, **_: Any) -> Any:
            height, width = (8 * side for side in latents.shape[2:])
            return (codec.decode(latents, height, width) * 2 - 1,)

    return Vae()


def main() -> int:
    """Measures in turns and tells the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", default="192x128")
    parser.add_argument("--frames", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from anim_studio.cli.quiet import prepare_libraries

    prepare_libraries()
    width, height = (int(part) for part in chosen.size.split("x"))
    case, pipeline = Case(width, height, chosen.frames, 16, 0.5, 6.0), plain_pipeline()
    alone = replace(case, width=96, height=64, strength=1.0)
    times: list[list[float]] = []
    for _ in range(chosen.rounds + 1):
        with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
            home = Path(folder)
            row = [plain(pipeline, case, home), ours(case, home).seconds]
            row += [ours(replace(alone, batch=batch), home).seconds for batch in (1, 8)]
        times.append(row)
    # the first round imports and warms up
    theirs, mine, one, many = (min(row[place] for row in times[1:]) for place in range(4))
    print(f"{chosen.frames} frames of {width}x{height}, 16 steps × 0.5, guidance, built-in model")
    print(f"  plain loop {chosen.frames / theirs:6.2f} frames/s, ours {chosen.frames / mine:6.2f}")
    print(f"  {theirs / mine:.2f} times as fast (wanted {LIMIT})")
    print(f"free frames of {alone.width}x{alone.height}, 16 steps from noise")
    print(f"  one at a time {chosen.frames / one:6.2f} frames/s, in batches of 8 {chosen.frames / many:6.2f}")
    print(f"  {one / many:.2f} times as fast (wanted {BATCH_LIMIT})")
    return 0 if theirs / mine >= LIMIT and one / many >= BATCH_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
