"""Credentials in addresses: found, and hidden before a text is shown."""

from __future__ import annotations

import re

_USER = re.compile(r"(?<=://)[^\s/@\"'?#]+(?=@)")
_NAMES = (
    r"[\w-]*(?:token|secret|password|signature|credential)|auth|authorization|bearer|jwt|api_?key|key|passwd|pwd|sig"
    r"|x-(?:amz|goog)-[\w-]+"
)
_VALUE = re.compile(rf"(?<=[?&;])((?:{_NAMES})=)([^\s&#\"']+)", re.IGNORECASE)

SIGN = "•"
"""What stands for every hidden character, so that places in a line stay where they are."""


def secret(address: str) -> bool:
    """Whether an address holds a user, a password or a token."""
    return masked(address) != address


def masked(text: str) -> str:
    """The text, as long as it was, with the users and tokens of its addresses hidden."""
    if "://" not in text and ":/" not in text:
        return text
    text = _USER.sub(lambda found: SIGN * len(found[0]), text)
    return _VALUE.sub(lambda found: found[1] + SIGN * len(found[2]), text)
