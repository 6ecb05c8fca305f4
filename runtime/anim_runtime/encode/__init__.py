"""Frames and sound to files: videos, GIFs and picture sequences."""

from anim_runtime.encode.formats import EXTENSIONS, check_output, pictures_of
from anim_runtime.encode.problem import DiskFull, EncodeError
from anim_runtime.encode.sound import AudioTrack, check_sound
from anim_runtime.encode.write import EncodedFile, encode_video

__all__ = [
    "EXTENSIONS",
    "AudioTrack",
    "DiskFull",
    "EncodeError",
    "EncodedFile",
    "check_output",
    "check_sound",
    "encode_video",
    "pictures_of",
]
