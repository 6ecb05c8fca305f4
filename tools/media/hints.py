"""Makes the page of hints in the manual, from the example photo: `python -m tools.media.hints`.

`docs/hints.png`: what each kind of `control` is shown of the photo of a bottle, under its name; `pose` is
drawn of a figure, since the photo has nobody in it. `docs/control.png`: what the built-in model draws with
the edges of pictures that it has not seen, by the control's weight.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from anim_compiler.plan import ModelRef, NamedRef
from anim_runtime.diffusion.engine import load_engine
from anim_runtime.diffusion.request import Hint, Request, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.ops import KERNELS
from anim_runtime.ops.hints.skeleton import drawn, joints_of
from anim_runtime.ops.kernel import Argument, FrameContext
from tools.postcard.scenes import draw
from tools.postcard.spec import Landscape, Product, Spec

ROOT = Path(__file__).resolve().parents[2]
SIDE, COLUMNS = 256, 3
KINDS = ("canny", "scribble", "lineart", "softedge", "depth", "normal", "tile", "pose")
#: a figure for `pose`: COCO's joints, in parts of the picture
FIGURE = (
    (0.50, 0.16), (0.52, 0.14), (0.48, 0.14), (0.55, 0.15), (0.45, 0.15), (0.60, 0.29), (0.40, 0.29),
    (0.70, 0.40), (0.30, 0.20), (0.66, 0.52), (0.24, 0.08), (0.56, 0.56), (0.44, 0.56), (0.60, 0.74),
    (0.38, 0.74), (0.58, 0.93), (0.40, 0.93),
)  # fmt: skip
#: what the second picture shows, with seeds that the training has not seen
SHOWN = (
    (Spec(Landscape("city", "night", "clear"), "neon"), 901),
    (Spec(Product("shoe", "blue", "warm"), "pixel"), 902),
    (Spec(Landscape("mountains", "day", "clear"), "sketch"), 904),
)
WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0)


def main(folder: Path = ROOT / "docs") -> None:
    """Writes both pictures."""
    torch.set_num_threads(1)
    with torch.inference_mode():
        _save(_kinds(_photo(ROOT / "examples" / "media" / "bottle.jpg")), folder / "hints.png")
        _save(_weights(), folder / "control.png")


def _kinds(photo: torch.Tensor) -> torch.Tensor:
    """The photo and every kind of hint, in a grid, each with its name."""
    fields = [("the photo", photo), *((kind, _hint(kind, photo)) for kind in KINDS)]
    rows = -(-len(fields) // COLUMNS)
    sheet = torch.zeros(1, 3, rows * SIDE, COLUMNS * SIDE)
    for place, (name, shown) in enumerate(fields):
        args: dict[str, Argument] = {"place": place, "count": rows * COLUMNS, "name": name}
        sheet = KERNELS["hint_beside"]([sheet, shown], args, _frame(sheet))
    return sheet


def _weights() -> torch.Tensor:
    """A row a picture: itself, its edges, and what is drawn with them by weight."""
    canny = NamedRef(name="canny", kind="canny", reference="postcard-canny", sha256="")
    setup = Setup(ModelRef(reference="postcard", sha256=""), controls=(canny,))
    engine = load_engine(setup, "cpu")
    rows, nothing = [], engine.encode("")
    for spec, seed in SHOWN:
        shown = draw(np.random.default_rng(seed), spec, 128, 128)
        picture = torch.from_numpy(np.ascontiguousarray(shown.rgb.transpose(2, 0, 1)))[None]
        edges, told = _hint("canny", picture), engine.encode(shown.caption)
        asked = [
            Request(
                told,
                nothing,
                Sampling(16, 3.0, "Euler a", seed),
                128,
                128,
                hints=(Hint("canny", edges, weight),),
            )
            for weight in WEIGHTS
        ]
        rows.append(torch.cat([picture, edges, *engine.draw(asked)], dim=3))
    return torch.cat(rows, dim=2)


def _hint(kind: str, picture: torch.Tensor) -> torch.Tensor:
    frame = _frame(picture)
    if kind == "pose":
        joints = joints_of([(x * frame.width, y * frame.height, 1.0) for x, y in FIGURE])
        pixels = torch.from_numpy(drawn([joints], frame.height, frame.width))
        return pixels.permute(2, 0, 1)[None].float() / 255
    if kind in ("depth", "normal"):
        picture = KERNELS["depth"]([picture], {"method": "estimated"}, frame)
    args = {"low": 100.0, "high": 200.0} if kind == "canny" else {}
    return KERNELS[f"hint_{kind}"]([picture], args, frame)


def _frame(picture: torch.Tensor) -> FrameContext:
    height, width = picture.shape[2:]
    return FrameContext(0, width, height, picture.device)


def _photo(path: Path) -> torch.Tensor:
    pixels = np.asarray(Image.open(path).convert("RGB")).copy()
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255


def _save(picture: torch.Tensor, path: Path) -> None:
    pixels = (picture[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    Image.fromarray(pixels).save(path, optimize=True)


if __name__ == "__main__":
    main()
