"""Line ends and byte order marks, merged apart from what is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = "\ufeff"
_MARKED = re.compile(r"^>{7,}[^\n]*\n\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Endings:
    """How a film's lines end, the last one too, and whether it begins with a byte order mark."""

    crlf: bool
    mark: bool
    last: bool

    def put(self, text: str) -> str:
        """The text, written with `\\n`, as the file is to have it."""
        if not self.last and not _MARKED.search(text):
            text = text.removesuffix("\n")
        text = text.replace("\n", "\r\n") if self.crlf else text
        return _MARK + text if self.mark else text


def merged_endings(base: str, ours: str, theirs: str) -> tuple[Endings, tuple[str, str, str]]:
    """What the merged film has, and the three texts without it.

    Of texts that mix line ends the mixture stays, for each line may be meant.
    """
    texts = (base, ours, theirs)
    kinds = [_ends(text) for text in texts]
    marks = [text.startswith(_MARK) for text in texts]
    bare = tuple(text.removeprefix(_MARK) for text in texts)
    mark, last = _chosen(*marks), _chosen(*(text.endswith("\n") for text in texts))
    if None in kinds:
        # a mixture: only one that all share is left as it is
        return Endings(False, mark, True), (bare[0], bare[1], bare[2])
    crlf = _chosen(*(kind == "\r\n" for kind in kinds))
    plain = tuple(_closed(text.replace("\r\n", "\n")) for text in bare)
    return Endings(crlf, mark, last), (plain[0], plain[1], plain[2])


def _closed(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _chosen(base: bool, ours: bool, theirs: bool) -> bool:
    return theirs if ours == base else ours


def _ends(text: str) -> str | None:
    """`\\n` or `\\r\\n`; None if a text has both, or carriage returns elsewhere."""
    both = text.count("\r\n")
    if text.count("\r") != both:
        return None
    if not both:
        return "\n"
    return "\r\n" if both == text.count("\n") else None
