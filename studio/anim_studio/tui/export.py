"""What is on the screen as files: the picture as PNG, the screen as SVG. Nothing is ever overwritten."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path

import numpy as np

from anim_studio.live.tier import Tier
from anim_studio.live.version import Version
from anim_studio.tui.picture.scale import U8, scaled

#: pixels between two versions that are exported beside each other
_GAP = 8


def export_picture(folder: Path, film: str, frame: int, picture: U8, texts: Mapping[str, str]) -> Path:
    """Writes a picture uint8 `[H,W,3]` as `folder/FILM-f0062.png`, or with a number more if that is there.

    The texts stand in the file by their names. Raises OSError where nothing can be written.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add(b"sRGB", b"\0")
    for name, text in texts.items():
        info.add_text(name, text.replace("\0", " "))
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "PNG", pnginfo=info)
    return _written(folder, f"{film}-f{frame:04}", ".png", data.getvalue())


def export_screen(folder: Path, film: str, frame: int, svg: str) -> Path:
    """Writes a picture of the screen as `folder/FILM-f0062-screen.svg`, like `export_picture`."""
    return _written(folder, f"{film}-f{frame:04}-screen", ".svg", svg.encode())


def beside(before: U8, now: U8) -> U8:
    """Two versions of a frame as one picture, as high as the higher one."""
    height = max(before.shape[0], now.shape[0])
    pictures = [
        scaled(each, max(1, round(each.shape[1] * height / each.shape[0])), height) for each in (before, now)
    ]
    gap = np.zeros((height, _GAP, 3), np.uint8)
    return np.concatenate([pictures[0], gap, pictures[1]], axis=1)


def provenance(made: Version, tier: Tier, frame: int, prompt: str) -> dict[str, str]:
    """What stands in the file of a frame: `parameters`, as web UIs for Stable Diffusion read them, and
    `anim`, as JSON: by which version it was made, from which text (sha256), at which tier.
    """
    record: dict[str, object] = {"made by": f"anim {_version()}", "tier": tier.word, "frame": frame}
    facts = [f"Version: anim {_version()}"]
    if made.good is not None:
        film = made.good.film
        record |= {
            "time": str(Fraction(frame) / made.good.fps),
            "seed": film.seed,
            "film sha256": film.sha256,
        }
        facts = [f"Seed: {film.seed}", f"Size: {film.width}x{film.height}", *facts]
    return {"parameters": f"{prompt}\n{', '.join(facts)}", "anim": json.dumps(record, ensure_ascii=False)}


def _written(folder: Path, stem: str, ending: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        path = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            with path.open("xb") as file:
                file.write(data)
            return path
        except FileExistsError:
            continue
        except OSError:
            path.unlink(missing_ok=True)
            raise
    raise AssertionError("numbers do not end")


def _version() -> str:
    try:
        return version("anim")
    except PackageNotFoundError:
        return "unknown"
