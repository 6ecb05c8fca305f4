"""What can be written: how FFmpeg is told each codec and kind of file of `anim_compiler.file_kinds`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from anim_compiler.file_kinds import CODEC_FACTS, ENDINGS, SOUNDLESS, STILLS, is_sequence
from anim_runtime.encode.problem import EncodeError

#: Threads of a video encoder. Fixed, not the machine's: the thread count changes the bytes.
THREADS = 4


@dataclass(frozen=True, slots=True)
class Codec:
    """A video codec: FFmpeg's encoder, its pixel format by bits a channel, and its options."""

    encoder: str
    pixels: Mapping[int, str]
    options: Mapping[str, str] = field(default_factory=dict)
    #: the option that `quality` is given to
    rate: str = "crf"
    tag: str | None = None


_YUV_420: Mapping[int, str] = MappingProxyType({8: "yuv420p", 10: "yuv420p10le"})
_X265 = f"log-level=error:pools={THREADS}:frame-threads=2"

CODECS: Mapping[str, Codec] = MappingProxyType(
    {
        # no mbtree: with it and AVX-512 the bytes depend on what memory held before (seen at 192x128)
        "h264": Codec("libx264", _YUV_420, {"preset": "medium", "mbtree": "0"}),
        "h265": Codec("libx265", _YUV_420, {"preset": "medium", "x265-params": _X265}, tag="hvc1"),
        "av1": Codec("libsvtav1", _YUV_420, {"preset": "8", "svtav1-params": f"lp={THREADS}"}),
        "vp9": Codec("libvpx-vp9", {8: "yuv420p"}, {"b": "0", "deadline": "good", "cpu-used": "4"}),
        "prores": Codec("prores_ks", {10: "yuv422p10le"}, {"profile": "hq", "vendor": "apl0"}),
        "prores4444": Codec("prores_ks", {10: "yuv444p10le"}, {"profile": "4444", "vendor": "apl0"}),
        "ffv1": Codec(
            "ffv1",
            {8: "bgr0", 10: "gbrp10le", 16: "gbrp16le"},
            {"level": "3", "slicecrc": "1", "slices": "4"},
        ),
        "gif": Codec("gif", {8: "pal8"}),
        "apng": Codec("apng", {8: "rgb24", 16: "rgb48be"}, {"pred": "mixed"}),
        "webp": Codec("libwebp_anim", {8: "bgra"}, {"compression_level": "4"}, rate="quality"),
        "png": Codec("png", {8: "rgb24", 16: "rgb48be"}),
        "tiff": Codec("tiff", {8: "rgb24", 16: "rgb48le"}),
        "exr": Codec("exr", {16: "gbrpf32le", 32: "gbrpf32le"}),
        "jpeg": Codec("mjpeg", {8: "yuvj444p"}),
    }
)

#: the same codecs on a graphics card of the maker whose encoders are in PyAV; constant quality
ON_GPU: Mapping[str, Codec] = MappingProxyType(
    {
        name: Codec(encoder, pixels, {"preset": "p5", "rc": "vbr", "b": "0"}, rate="cq", tag=tag)
        for name, encoder, pixels, tag in (
            ("h264", "h264_nvenc", {8: "yuv420p"}, None),
            ("h265", "hevc_nvenc", {8: "yuv420p", 10: "p010le"}, "hvc1"),
            ("av1", "av1_nvenc", {8: "yuv420p", 10: "p010le"}, None),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file: FFmpeg's muxer and the codec of its sound, if it holds any."""

    muxer: str
    sound: str | None = None
    #: whether it holds chapters
    chapters: bool = False


_CONTAINERS: Mapping[str, Container] = MappingProxyType(
    {
        ".mp4": Container("mp4", "aac", chapters=True),
        ".m4v": Container("mp4", "aac", chapters=True),
        ".mov": Container("mov", "aac", chapters=True),
        ".mkv": Container("matroska", "aac", chapters=True),
        ".webm": Container("webm", "libopus", chapters=True),
        ".gif": Container("gif"),
        ".apng": Container("apng"),
        ".png": Container("apng"),
        ".webp": Container("webp"),
    }
)
_STILL = Container("image2")

#: Sound without loss beside pictures without (visible) loss.
_SOUND_OF = {"prores": "pcm_s24le", "prores4444": "pcm_s24le", "ffv1": "flac"}
_FRAME_FIELD = re.compile(r"\{frame(?::0?([1-9]))?\}")


@dataclass(frozen=True, slots=True)
class Target:
    """An output that can be written: where, as what, with which bits, sound codec and rate factor."""

    path: Path
    container: Container
    codec_name: str
    codec: Codec
    bits: int
    sound: str | None
    quality: int | None
    #: whether each frame is a file of its own
    sequence: bool
    loop: bool = True

    @property
    def pixels(self) -> str:
        """FFmpeg's name of the pixel format."""
        return self.codec.pixels[self.bits]

    @property
    def steps(self) -> tuple[int, int]:
        """What width and height must be multiples of: where chroma has half the size."""
        half = self.pixels.startswith(("yuv420", "p010")), self.pixels.startswith("yuv422")
        return (2, 2) if half[0] else (2, 1) if half[1] else (1, 1)


def check_output(
    path: Path,
    codec: str | None = None,
    quality: int | None = None,
    *,
    bits: int | None = None,
    loop: bool | None = None,
    frames: int | None = None,
) -> Target:
    """What will be written for `output "path" { codec quality bits }`; raises EncodeError if nothing can be.

    `frames` is how many pictures there will be: a single one may be a picture file without a number.
    """
    codecs = ENDINGS.get(path.suffix.lower())
    if codecs is None:
        known = ", ".join(sorted(ENDINGS))
        raise EncodeError(
            f"`{path.name}` has no ending that can be written", f"end the name with one of {known}"
        )
    name = codec or codecs[0]
    if name not in codecs:
        choices = " or ".join(f"`{c}`" for c in codecs)
        raise EncodeError(f"a {path.suffix} file cannot hold `{name}`", f"write codec = {choices}")
    _within(name, quality, bits)
    sequence = name in STILLS or (name == "webp" and is_sequence(str(path)))
    if sequence and not (frames == 1 and name in STILLS):
        frame_path(path, 0)
    facts = CODEC_FACTS[name]
    container = _STILL if sequence else _CONTAINERS[path.suffix.lower()]
    return Target(
        path,
        container,
        name,
        CODECS[name],
        bits or facts.bits[0],
        None if name in SOUNDLESS else _SOUND_OF.get(name, container.sound),
        facts.quality if quality is None else quality,
        sequence,
        loop is not False,
    )


def _within(name: str, quality: int | None, bits: int | None) -> None:
    facts = CODEC_FACTS[name]
    if quality is not None and facts.quality is not None and not facts.best <= quality <= facts.worst:
        raise EncodeError(
            f"`quality` is {quality}; for {name} it must be within {facts.best} and {facts.worst}",
            f"lower is better; {facts.quality} is the default",
        )
    if bits is not None and bits not in facts.bits:
        choices = " or ".join(str(choice) for choice in sorted(facts.bits))
        raise EncodeError(f"`{name}` has {choices} bits a channel, not {bits}", f"write bits = {choices}")


def frame_path(pattern: Path, frame: int) -> Path:
    """The path of a picture of a sequence: `frames/{frame:05}.png`; raises EncodeError without `{frame}`."""
    if len(_FRAME_FIELD.findall(str(pattern))) != 1:
        raise EncodeError(
            f"`{pattern.name}` names one picture, not a sequence",
            f'write "{pattern.stem}-{{frame:05}}{pattern.suffix}"',
        )
    return Path(_FRAME_FIELD.sub(lambda match: f"{frame:0{int(match[1] or 1)}}", str(pattern)))


def pictures_of(pattern: Path, frames: int, first: int = 0) -> tuple[Path, ...]:
    """The paths of so many pictures of a sequence from a number on; none if the path names one file."""
    sequence = _FRAME_FIELD.search(str(pattern)) is not None
    return tuple(frame_path(pattern, frame) for frame in range(first, first + frames)) if sequence else ()
