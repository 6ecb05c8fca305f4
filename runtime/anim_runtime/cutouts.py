"""Pictures of layers: files with their alpha at their own size, and texts drawn once each."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np
import torch

from anim_runtime.lettering import Style, drawn
from anim_runtime.ops.kernel import Arguments, FrameContext, number, word
from anim_runtime.pictures import color_planes, decoded

#: bytes of drawn texts that are kept: a counter draws a new one for every frame
KEEP_BYTES = 64 * 2**20

ALIGNMENTS = ("left", "center", "right")


class Cutouts:
    """What layers lay over the picture, as kernels; `path_of` gives the file of a medium by its name,
    `text_at` what a track of texts says at a frame.
    """

    def __init__(self, path_of: Callable[[str], Path], text_at: Callable[[int, str], str]) -> None:
        self._path_of = path_of
        self._text_at = text_at
        self._pictures: dict[str, torch.Tensor] = {}
        self._fonts: dict[str, Path] = {}
        self._texts: OrderedDict[tuple[str, Style], torch.Tensor] = OrderedDict()
        self._bytes = 0
        #: pictures may be asked for from several threads
        self._lock = Lock()

    def picture(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        """The picture `name` at its own size, premultiplied float32 `[1,4,h,w]`."""
        name = str(args["name"])
        if name not in self._pictures:
            self._pictures[name] = load_cutout(self._path_of(name)).to(frame.device)
        return self._pictures[name]

    def title(self, inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        """The text of the track `text` at this frame, drawn with the other arguments as its `Style`."""
        text, style = self._text_at(frame.frame, str(args["text"])), self._style(args)
        with self._lock:
            found = self._texts.get((text, style))
            if found is None:
                found = self._texts[text, style] = drawn(text, style).to(frame.device)
                self._bytes += found.nbytes
                while self._bytes > KEEP_BYTES and len(self._texts) > 1:
                    _, gone = self._texts.popitem(last=False)
                    self._bytes -= gone.nbytes
            self._texts.move_to_end((text, style))
            return found

    def _style(self, args: Arguments) -> Style:
        font = str(args.get("font") or "")
        if font and font not in self._fonts:
            self._fonts[font] = self._path_of(font)
        return Style(
            font=self._fonts[font] if font else None,
            size=number(args, "raster"),
            color=str(args["color"]),
            align=word(args, "align", ALIGNMENTS),
            line_height=number(args, "line_height"),
            outline=number(args, "outline"),
            outline_color=str(args["outline_color"]),
            shadow=number(args, "shadow"),
            shadow_color=str(args["shadow_color"]),
            width=number(args, "width"),
            inset=round(number(args, "inset")),
        )


def premultiplied(picture: torch.Tensor) -> torch.Tensor:
    """A picture with straight alpha `[1,4,h,w]` with its colours times its alpha; others as they are."""
    if picture.shape[1] != 4:
        return picture
    return torch.cat((picture[:, :3] * picture[:, 3:], picture[:, 3:]), dim=1)


def load_cutout(path: Path) -> torch.Tensor:
    """The picture at its own size with its alpha, premultiplied: float32 `[1,4,h,w]`, sRGB, on the CPU.

    Its camera orientation is applied; a file without transparency is opaque. Raises PictureError.
    """
    image = decoded(path)
    made = np.empty((4, image.height, image.width), np.float32)
    if image.has_transparency_data:
        levels = np.asarray(image.convert("RGBA"))
        np.multiply(levels[..., 3], np.float32(1 / 255), out=made[3])
        # colours are multiplied before anything is filtered: hidden ones would bleed into the edges
        for channel in range(3):
            np.multiply(levels[..., channel], made[3], out=made[channel])
        made[:3] *= np.float32(1 / 255)
    else:
        for channel, plane in enumerate(color_planes(image)):
            made[channel] = plane
        made[3] = 1.0
    return torch.from_numpy(made).unsqueeze(0)
