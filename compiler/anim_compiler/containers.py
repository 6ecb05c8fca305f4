"""Sound and video files opened by FFmpeg: real containers on this disk, nothing that points elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from av.container import InputContainer

_FORMATS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,mpeg,mpegts,mpegvideo,m4v,mxf,nut,rm,dv,ivf,gif,apng,"
    "h264,hevc,ogg,wav,w64,mp3,flac,aac,ac3,eac3,aiff,caf,au,amr,ape,tta,wv,dts,voc"
)
"""Demuxers of files that hold what they show. Playlists and lists of files (`hls`, `dash`, `concat`, `sdp`)
name addresses and paths, so that merely opening one would fetch them.
"""

_SOUNDS: Final = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,flv,mpeg,mpegts,mxf,rm,ogg,wav,w64,flac,aiff,caf,au,amr,ape,tta,"
    "wv,voc"
)
"""Demuxers of sound that know a file by its first bytes. Others believe its ending, and look for
their beginning to the end of the file.
"""

_BARE: Final = frozenset({"mp3", "aac"})
"""Demuxers of files without a container, taken only if `sound.header` found such frames in the file."""

OPTIONS: Final = {"protocol_whitelist": "file", "format_whitelist": _FORMATS}


def opened(path: Path) -> InputContainer:
    """The file as a container; FFmpegError for what is none, or is a list of other files."""
    import av

    container: InputContainer = av.open(str(path), mode="r", options=dict(OPTIONS))
    return container


def opened_sound(path: Path, kind: str) -> InputContainer:
    """The same for a sound file of a `sound.header.Header.kind`, whatever its ending."""
    import av

    formats = f"{_SOUNDS},{kind}" if kind in _BARE else _SOUNDS
    options = {**OPTIONS, "format_whitelist": formats}
    container: InputContainer = av.open(str(path), mode="r", options=options)
    return container
