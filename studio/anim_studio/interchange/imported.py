"""What becomes of another tool's file: a film's text, and what was not carried over as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from anim_dsl.diagnostic import Diagnostic
from anim_dsl.source import Source


class Fate(StrEnum):
    """What became of something that the file says; the word stands in the report and in the manual."""

    MAPPED = "mapped"
    #: it stands in the film, and means something else there; the film says so in a comment
    CHANGED = "changed"
    #: the tool that wrote it does not act on it, in this file's mode or at all
    IGNORED = "ignored upstream"
    #: of the tool's screen, folders or bugs; there is nothing for it to do here
    OBSOLETE = "obsolete"
    #: a film cannot say it
    LOST = "not expressible"


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of one thing. `what` is its name or place in the file, `says` a sentence (lower case, no
    full stop) on why, and on what to write instead if the user is to do something.
    """

    fate: Fate
    what: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The file to be imported: its bytes, what messages call it, the folder that its paths count from, and
    the film's name without `.anim`, which outputs and files beside the film are called by.
    """

    data: bytes = field(repr=False)
    name: str
    folder: Path
    stem: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A film. `text` is laid out as `anim fmt` does and passes `check`; it is "" if there were errors.

    `beside` are files that it reads, by their names beside the film. `diagnostics` are mistakes of the file
    that the tool itself crashes on (errors, with the place in the file), told as those of a film are.
    """

    text: str
    remarks: tuple[Remark, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


class NotThisFormat(Exception):
    """The file is not of the format that it was read as; the message says in one sentence what is missing."""


class TooMuch(NotThisFormat):
    """The film would be larger than films may be; the message says by what."""


#: files beyond this are refused before they are read
MOST_BYTES = 64 << 20
#: how a Windows shell saves what another program prints
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_of(given: Given) -> Source:
    """The file as text: UTF-8, a byte order mark dropped; with the marks of UTF-16, that. Raises
    `NotThisFormat`.
    """
    if given.data.startswith(_UTF_16):
        return Source(given.name, given.data.decode("utf-16", "replace"))
    try:
        return Source(given.name, given.data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotThisFormat(f"it is not UTF-8 text (byte {error.start})") from None
