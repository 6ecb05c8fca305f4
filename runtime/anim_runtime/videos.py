"""The film's clips while it renders: which frame is seen when, as pictures of the film's size."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import torch

from anim_compiler.plan import Media
from anim_runtime.media import media_path

if TYPE_CHECKING:
    from anim_runtime.video_reader import VideoReader

#: files that are open at a time: each holds a decoder
OPEN = 6
#: pictures that are kept: a frame reads where its clip is, and where it was when the frame was made that
#: this one is made from; of small ones some more, for the frames that are made between those two
PICTURES, MOST_PICTURES = 4, 12
#: bytes that those more may take
SMALL = 16 << 20

#: a clip's name, where in its file it is, the size and how it fills it
_Key: TypeAlias = tuple[str, float, int, int, str]


class Videos:
    """The clips of a plan, by name; frames may be asked for from several threads.

    `warn` takes what the user should know of a file that goes on being read.
    """

    def __init__(self, media: Sequence[Media], root: Path, warn: Callable[[str], None]) -> None:
        self._media = {one.name: one for one in media if one.kind == "video"}
        self._root = root
        self._warn = warn
        self._known: set[str] = set()
        self._readers: OrderedDict[str, VideoReader] = OrderedDict()
        self._pictures: OrderedDict[_Key, torch.Tensor] = OrderedDict()
        self._lock = Lock()

    def picture(self, name: str, at: float, width: int, height: int, fit: str = "cover") -> torch.Tensor:
        """The frame that is seen `at` seconds into the clip's file, at that size: float32
        `[1,3,height,width]`, sRGB, 0..1, on the CPU; not to be changed. Transparent parts are black.
        RenderProblem if the file is gone, has changed or cannot be decoded.
        """
        from anim_runtime.video_fit import fitted

        with self._lock:
            # where it was a while ago is the very number that it was asked for then
            key = (name, at, width, height, fit)
            found = self._pictures.get(key)
            if found is None:
                reader = self._reader(name)
                planes = fitted(reader.at(at).frame, reader.shape, width, height, fit)
                found = self._pictures[key] = torch.from_numpy(planes).unsqueeze(0)
            self._pictures.move_to_end(key)
            most = max(PICTURES, min(MOST_PICTURES, SMALL // max(found.nbytes, 1)))
            while len(self._pictures) > most:
                self._pictures.popitem(last=False)
            return found

    def own_size(self, name: str, at: float) -> torch.Tensor:
        """The frame with square pixels, upright, at its own size: float32 `[1,3 or 4,H,W]`, sRGB, 0..1; a
        fourth plane is alpha, and colours are not multiplied by it.
        """
        from anim_runtime.video_fit import own_size

        with self._lock:
            reader = self._reader(name)
            shown = reader.at(at)
            return torch.from_numpy(own_size(shown.frame, reader.shape)).unsqueeze(0)

    def close(self) -> None:
        """Close every file."""
        with self._lock:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()
            self._pictures.clear()

    def _reader(self, name: str) -> VideoReader:
        """The reader of a clip, opened if need be; the one used longest ago is closed for it."""
        from anim_runtime.video_reader import VideoReader

        found = self._readers.get(name)
        if found is None:
            while len(self._readers) >= OPEN:
                self._readers.popitem(last=False)[1].close()
            media = self._media[name]
            # the hash of a long video takes seconds: it is looked at once a render
            path = self._root / media.path if name in self._known else media_path(media, self._root)
            self._known.add(name)
            found = self._readers[name] = VideoReader(path, media.path, self._warn)
        self._readers.move_to_end(name)
        return found
