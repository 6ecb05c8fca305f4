"""What the user allows of the network, and the limits that hold for all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2
from pydantic import SecretStr

CIVITAI, HUB = "https://civitai.com", "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Network:
    """The user's own choices, never a film's or a project's.

    `allowed` are hosts, as `name:port`, that may be spoken to without TLS and at private addresses: a mirror
    of a company. `civitai` and `hub` are where those sites, or mirrors of them, are; `proxy` is the address
    of one to go through, since those of the environment are not used. The figures bound a fetch: bytes of a
    file, redirects, tries in a row without a byte, seconds of silence, seconds of the first and the longest
    pause between tries.
    """

    allowed: tuple[str, ...] = ()
    civitai: str = CIVITAI
    hub: str = HUB
    proxy: str = ""
    #: the largest checkpoints of today have some 50 GB
    most_bytes: int = 200 * 10**9
    redirects: int = 5
    tries: int = 6
    silence_s: float = 30.0
    pause_s: float = 1.0
    longest_pause_s: float = 120.0

    def allows(self, host: str, port: int) -> bool:
        """Whether the user has named this very host and port."""
        plain = host.strip("[]").lower()
        named = f"[{plain}]:{port}" if ":" in plain else f"{plain}:{port}"
        return named in {name.strip().lower() for name in self.allowed}


@dataclass(frozen=True, slots=True)
class Tokens:
    """The user's tokens; each goes to its own site and nowhere else."""

    civitai: SecretStr | None = None
    hub: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Auth:
    """A token, and the only origin that may see it."""

    origin: str
    token: SecretStr = field(repr=False)


def origin_of(address: str) -> str:
    """`https://example.org:443`: scheme, host and port of an address, lower case.

    Read as connections read it, so that nothing goes to another host than is compared here. Raises
    `httpx2.InvalidURL`.
    """
    url = httpx2.URL(address)
    port = url.port or {"https": 443, "http": 80}.get(url.scheme, 0)
    return f"{url.scheme}://{url.host.lower()}:{port}"


def auth_for(site: str, token: SecretStr | None) -> Auth | None:
    """The token as it may be sent to a site; None if there is none."""
    return None if token is None else Auth(origin_of(site), token)


def shown(address: str) -> str:
    """An address without user, query and fragment, as it may stand in messages, states and locks."""
    try:
        parts = urlsplit(address)
    except ValueError:
        # not an address at all; what may be a secret in it is left away
        return re.split(r"[?#]", address.rpartition("@")[2])[0]
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path}"
