"""Frames and sound to files: videos, moving pictures and picture sequences."""

from anim_runtime.encode.formats import CODECS, Target, check_output, pictures_of
from anim_runtime.encode.problem import DiskFull, EncodeError
from anim_runtime.encode.sound import AudioTrack, check_sound
from anim_runtime.encode.write import EncodedFile, Picture, encode_video, write_pictures

__all__ = [
    "CODECS",
    "AudioTrack",
    "DiskFull",
    "EncodeError",
    "EncodedFile",
    "Picture",
    "Target",
    "check_output",
    "check_sound",
    "encode_video",
    "pictures_of",
    "write_pictures",
]
