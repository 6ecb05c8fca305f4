"""Pictures of 256 colours for GIFs: a palette a frame, by FFmpeg's `palettegen` and `paletteuse`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from av.video.format import VideoFormat
from numpy.typing import NDArray


def paletted(frames: Iterator[NDArray[np.uint8]], fps: Fraction) -> Iterator[av.VideoFrame]:
    """RGB frames, uint8 `[H,W,3]`, as numbered `pal8` frames, one at a time.

    An ordered (bayer) dither: its pattern stands still, where error diffusion would crawl and compress badly.
    """
    graph: Graph | None = None
    for number, frame in enumerate(frames):
        if graph is None:
            graph = _graph(frame.shape[1], frame.shape[0], fps)
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        picture.pts, picture.time_base = number, 1 / fps
        graph.vpush(picture)
        yield from _ready(graph)
    if graph is not None:
        graph.vpush(None)
        yield from _ready(graph)


def _ready(graph: Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (BlockingIOError, EOFError):
            return


def _graph(width: int, height: int, fps: Fraction) -> Graph:
    graph = Graph()
    source = graph.add_buffer(width=width, height=height, format=VideoFormat("rgb24"), time_base=1 / fps)
    split = graph.add("split")
    palette = graph.add("palettegen", "stats_mode=single:reserve_transparent=0")
    use = graph.add("paletteuse", "new=1:dither=bayer:bayer_scale=3")
    sink = graph.add("buffersink")
    source.link_to(split)
    split.link_to(use, 0, 0)
    split.link_to(palette, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph
