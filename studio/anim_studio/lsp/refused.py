"""What cannot be done for a reason that is the user's to know."""

from __future__ import annotations


class RefusedError(Exception):
    """A request that is refused; the editor shows the message: lower case, names in back-ticks, no full stop,
    and what to do instead.
    """
