"""Pictures in and out: files to tensors, tensors to pixels of 8 and 16 bits, PNGs, contact sheets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_compiler.whole_file import write_whole
from anim_runtime.problems import RenderProblem

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as BitmapFont

    Font: TypeAlias = FreeTypeFont | BitmapFont

#: The largest picture that is decoded: 100 megapixels, 400 MB as it is read.
LARGEST_PX = 100_000_000

#: Modes of 16 (or 32) bits a pixel; Pillow would cut them to 8 bits at 255.
_DEEP = ("I;16", "I;16B", "I;16L", "I;16N", "I")

#: frame number, text below it (the prompt), pixels uint8 `[H,W,3]`
SheetFrame: TypeAlias = tuple[int, str, NDArray[np.uint8]]

_PAPER, _INK, _FAINT = (18, 18, 20), (236, 236, 230), (150, 150, 146)
_GAP = 12
_TEXT_LINES = 2


class PictureError(RenderProblem):
    """A picture file cannot be used. Exit code 2, or 3 if it is beyond a limit."""

    def __init__(self, message: str, hint: str = "", exit_code: int = 2) -> None:
        super().__init__(message, hint, exit_code)


def load_image(path: Path, width: int, height: int) -> Tensor:
    """The picture, cover-cropped to the size: float32 `[1,3,height,width]`, sRGB, 0..1, on the CPU.

    Its camera orientation is applied, transparent parts are black, the middle is kept. Raises PictureError.
    """
    pixels = _covered(decoded(path), width, height)
    return torch.from_numpy(pixels).permute(2, 0, 1).unsqueeze(0).contiguous().clamp_(0.0, 1.0)


def to_uint8(image: Tensor) -> NDArray[np.uint8]:
    """`[1,3,H,W]` or `[3,H,W]`, 0..1, rounded to uint8 `[H,W,3]`; values that are no numbers give 0."""
    return np.asarray(_interleaved(_quantised(image, 255).astype(np.uint8)), dtype=np.uint8)


def to_u16(image: Tensor) -> NDArray[np.uint16]:
    """As `to_uint8`, with 16 bits: how a carry is stored. `to_u16(from_u16(x))` is `x`."""
    return np.asarray(_interleaved(_quantised(image, 65535).astype(np.uint16)), dtype=np.uint16)


def from_u16(pixels: NDArray[np.uint16]) -> Tensor:
    """Stored 16-bit pixels `[H,W,3]` as float32 `[1,3,H,W]`, 0..1, on the CPU."""
    import cv2

    planes = np.stack(cv2.split(pixels)).astype(np.float32)
    planes /= np.float32(65535.0)
    return torch.from_numpy(planes).unsqueeze(0)


def save_png(pixels: NDArray[np.uint8], path: Path) -> None:
    """Writes uint8 `[H,W,3]` as a PNG that has its name only when it is whole; raises OSError.

    Compression level 1: over five times as fast as Pillow's usual 6 (24 ms for 137 at 512 x 512).
    """
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(pixels).save(data, format="PNG", compress_level=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data.getvalue())


def _quantised(image: Tensor, top: int) -> NDArray[np.float32]:
    planes = image[0] if image.dim() == 4 else image
    # a new tensor, which may be changed in place
    values = torch.nan_to_num(planes.detach().float(), nan=0.0).clamp_(0.0, 1.0).mul_(float(top)).round_()
    levels: NDArray[np.float32] = values.cpu().numpy()
    return levels


def _interleaved(planes: NDArray[Any]) -> Any:  # Any: of 8 or 16 bits, and OpenCV's types say neither
    """`[3,H,W]` as `[H,W,3]`: OpenCV does it ten times as fast as a copy of turned axes."""
    import cv2

    return cv2.merge(list(planes))


def decoded(path: Path) -> Image:
    """The first picture of a file, turned upright; raises PictureError."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            if image.width * image.height > LARGEST_PX:
                raise PictureError(
                    f"`{path.name}` has {image.width * image.height / 1e6:.0f} megapixels",
                    f"scale it below {LARGEST_PX // 1_000_000} megapixels",
                    3,
                )
            return ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as problem:
        raise PictureError(f"`{path.name}` is too large", "scale it below 100 megapixels", 3) from problem
    except FileNotFoundError as problem:
        raise PictureError(
            f"there is no picture `{path.name}`", "check the path and its spelling"
        ) from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise PictureError(
            f"`{path.name}` cannot be read as a picture", "give a PNG, JPEG, WebP, TIFF or GIF file"
        ) from problem


def _covered(image: Image, width: int, height: int) -> NDArray[np.float32]:
    """Float32 `[height,width,3]`: the largest middle part of the wanted shape, scaled in float32."""
    from PIL import Image

    wide, tall = image.size
    scale = max(width / wide, height / tall)
    left, top = (wide - width / scale) / 2, (tall - height / scale) / 2
    box = (max(left, 0.0), max(top, 0.0), min(wide - left, wide), min(tall - top, tall))
    planes = [
        # one plane at a time as mode F: Pillow rounds colour modes to 8 bits
        np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BICUBIC, box))
        for plane in color_planes(image)
    ]
    return np.stack(planes, axis=-1)


def color_planes(image: Image) -> list[NDArray[np.float32]]:
    """Red, green and blue, float32 `[H,W]`, 0..1, transparency over black."""
    if image.mode in _DEEP or image.mode == "F":
        top = 1.0 if image.mode == "F" else 65535.0
        grey = np.clip(np.nan_to_num(np.asarray(image, np.float32)) / np.float32(top), 0.0, 1.0)
        return [grey, grey, grey]
    if image.has_transparency_data:
        pixels = np.asarray(image.convert("RGBA"), np.float32) / np.float32(255.0)
        pixels = pixels[..., :3] * pixels[..., 3:]
    else:
        pixels = np.asarray(image.convert("RGB"), np.float32) / np.float32(255.0)
    return [np.ascontiguousarray(pixels[..., channel]) for channel in range(3)]


def contact_sheet(
    frames: Sequence[SheetFrame], columns: int, *, fps: Fraction, cell_width: int = 256
) -> Image:
    """The frames in rows of `columns`, scaled to `cell_width` px, as an RGB picture.

    Below each stand its number, its time in seconds and up to two lines of its text. Raises ValueError
    without frames or columns.
    """
    from PIL import Image, ImageDraw, ImageFont

    if not frames or columns < 1:
        raise ValueError("a contact sheet needs at least one frame and one column")
    size = max(11, cell_width // 18)
    font = ImageFont.load_default(size=size)
    line = round(size * 1.35)
    height, width = frames[0][2].shape[:2]
    cell_height = max(1, round(cell_width * height / width))
    step_x, step_y = cell_width + _GAP, cell_height + line * (1 + _TEXT_LINES) + _GAP + 4
    columns = min(columns, len(frames))
    rows = -(-len(frames) // columns)
    sheet = Image.new("RGB", (_GAP + columns * step_x, _GAP + rows * step_y), _PAPER)
    pen = ImageDraw.Draw(sheet)
    for place, (number, text, pixels) in enumerate(frames):
        x, y = _GAP + place % columns * step_x, _GAP + place // columns * step_y
        picture = Image.fromarray(pixels).resize((cell_width, cell_height), Image.Resampling.LANCZOS)
        sheet.paste(picture, (x, y))
        below = y + cell_height + 4
        pen.text((x, below), f"{number}  {float(number / fps):.2f} s", fill=_INK, font=font)
        for row, words in enumerate(_wrapped(text, cell_width, pen, font)):
            pen.text((x, below + (row + 1) * line), words, fill=_FAINT, font=font)
    return sheet


def _wrapped(text: str, width: int, pen: ImageDraw, font: Font) -> list[str]:
    """The text in at most `_TEXT_LINES` lines of `width` px; what does not fit ends in `…`."""
    words, lines = text.split(), [""]
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) <= width:
            lines[-1] = longer
        elif len(lines) < _TEXT_LINES and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[place:]]).strip()
            break
    return [_shortened(line, width, pen, font) for line in lines if line]


def _shortened(line: str, width: int, pen: ImageDraw, font: Font) -> str:
    if pen.textlength(line, font=font) <= width:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if pen.textlength(line[:middle].rstrip() + "…", font=font) <= width:
            low = middle
        else:
            high = middle - 1
    return line[:low].rstrip() + "…"
