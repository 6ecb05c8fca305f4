"""How pictures come onto the terminal: by characters everywhere, as pixels where it draws them."""

from __future__ import annotations

import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum


class Images(StrEnum):
    """`--images`: how a picture is shown."""

    #: pixels where the terminal says that it draws them, else half-blocks
    AUTO = "auto"
    #: two pixels a cell, in any terminal
    HALF = "half"
    #: kitty's graphics protocol
    KITTY = "kitty"
    SIXEL = "sixel"
    OFF = "off"

    @property
    def is_pixels(self) -> bool:
        """Whether the terminal draws the picture itself."""
        return self in (Images.KITTY, Images.SIXEL)


#: `TERM` up to its first dash, or `TERM_PROGRAM`, of terminals whose answer is known
_KNOWN = {
    "foot": Images.SIXEL,
    "mlterm": Images.SIXEL,
    "linux": Images.HALF,
    "dumb": Images.HALF,
    "WezTerm": Images.SIXEL,
    "Apple_Terminal": Images.HALF,
    "ghostty": Images.KITTY,
}


def chosen(asked: Images, environ: Mapping[str, str], *, tty: bool) -> Images:
    """What is shown: anything but `AUTO`. Call it before Textual starts: from then on it reads the terminal's
    answers.

    Without a terminal (a pipe, a browser) pixels are never sent. `AUTO` asks the terminal, but not through
    ssh or a multiplexer: an answer that comes late would be taken for keys, and few of them pass pictures on.
    """
    if asked is Images.OFF or asked is Images.HALF or not tty:
        return Images.OFF if asked is Images.OFF else Images.HALF
    if asked is Images.AUTO:
        return known(environ) or _told()
    return asked if _is_there() else Images.HALF


def known(environ: Mapping[str, str]) -> Images | None:
    """What is right for a terminal as far as its variables tell; None where it must be asked."""
    term = environ.get("TERM", "")
    between = any(environ.get(name) for name in ("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY"))
    if between or term.startswith(("screen", "tmux")):
        return Images.HALF
    if environ.get("KITTY_WINDOW_ID") or term in ("xterm-kitty", "xterm-ghostty"):
        return Images.KITTY if _is_there() else Images.HALF
    if environ.get("VTE_VERSION"):  # GNOME Terminal and its kin
        return Images.HALF
    found = _KNOWN.get(environ.get("TERM_PROGRAM", "")) or _KNOWN.get(term.partition("-")[0])
    return Images.HALF if found is not None and found.is_pixels and not _is_there() else found


def cell_size() -> tuple[int, int] | None:
    """Width and height of a cell in dots, where the terminal says so."""
    with suppress(ImportError, OSError, ValueError, AttributeError):
        import fcntl
        import termios

        stream = sys.__stdout__
        if stream is None or not stream.isatty():
            return None
        answer = fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, bytes(8))
        rows, columns, width, height = struct.unpack("HHHH", answer)
        if rows and columns and width >= columns and height >= rows:
            return width // columns, height // rows
    return None


def _told() -> Images:
    """What the terminal answers; textual-image asks it where it is imported, and waits a tenth second."""
    if not _is_there():
        return Images.HALF
    from textual_image import renderable

    kinds = {renderable.SixelImage: Images.SIXEL, renderable.TGPImage: Images.KITTY}
    return kinds.get(renderable.Image, Images.HALF)


def _is_there() -> bool:
    """Whether textual-image can be used: it belongs to the terminal UI, and pictures do without it."""
    try:
        import textual_image.renderable  # noqa: F401
    except Exception:  # a terminal that answers with nonsense must not keep the film from being seen
        return False
    return True
