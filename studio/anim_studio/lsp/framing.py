"""Messages on a stream of bytes: headers, an empty line, and so many bytes of JSON (LSP 3.17, "Base
Protocol").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

Read: TypeAlias = Callable[[int], bytes]
"""Gives at most so many bytes, as soon as there are any; none at the end."""

MOST_BYTES: Final = 256 * 2**20
"""A longer message is nothing that an editor sends."""

_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
_PIECE: Final = 1 << 16
_LONGEST_HEAD: Final = 1 << 16


class Messages:
    """The messages of a stream, one after the other. Headers that name no length are passed over."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._held = bytearray()

    def next(self) -> bytes | None:
        """The next message's JSON, None at the end of the stream."""
        while True:
            head = self._head()
            if head is None:
                return None
            found = _LENGTH.search(head)
            if found is not None:
                return self._body(int(found[1]))

    def _head(self) -> bytes | None:
        """The bytes up to an empty line."""
        looked = 0
        while True:
            end = _END.search(self._held, max(0, looked - 3))
            if end is not None:
                head = bytes(self._held[: end.end()])
                del self._held[: end.end()]
                return head
            looked = len(self._held)
            if looked > _LONGEST_HEAD:
                # no header is so long: what stands here is none
                del self._held[:-4]
                looked = 0
            if not self._more():
                return None

    def _body(self, length: int) -> bytes | None:
        if length > MOST_BYTES:
            return None
        while len(self._held) < length:
            if not self._more():
                return None
        body = bytes(self._held[:length])
        del self._held[:length]
        return body

    def _more(self) -> bool:
        piece = self._read(_PIECE)
        self._held += piece
        return bool(piece)
