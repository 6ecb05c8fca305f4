"""Which addresses of the network are nobody's own: everything else is refused (SSRF)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from anim_dsl.visible import escaped
from anim_runtime.models.net.problems import Inside, NetProblem, NoHost

Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
"""The addresses of a host and port. Raises OSError."""

#: IPv6 addresses that lead to the IPv4 address in their last 32 bits: RFC 6052 (NAT64)
_NAT64 = IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system knows them, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def kind_of(text: str) -> str:
    """What keeps an address from being spoken to, `private` or the like; empty for a public one."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return _kind(inner)
    return _kind(address)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4 or through NAT64."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _kind(address: IPv4Address | IPv6Address) -> str:
    for word, is_so in (
        ("unspecified", address.is_unspecified),
        ("loopback", address.is_loopback),
        ("link-local", address.is_link_local),
        ("multicast", address.is_multicast),
        ("private", address.is_private or getattr(address, "is_site_local", False)),
        ("reserved", address.is_reserved or not address.is_global),
    ):
        if is_so:
            return word
    return ""


def public_addresses(host: str, port: int, resolver: Resolver) -> Sequence[str]:
    """The addresses of a host, all of which are public: a name that also leads inside is refused as a whole,
    since it is a trick. Raises `NetProblem`.
    """
    try:
        found = resolver(host, port)
    except (OSError, UnicodeError):
        raise NoHost(host) from None
    if not found:
        raise NetProblem("network", f"the host `{host}` has no address", "check the address")
    for address in found:
        kind = kind_of(address)
        if kind:
            raise Inside(escaped(host), kind, _hint(host, port, kind))
    return found


def _hint(host: str, port: int, kind: str) -> str:
    """How a user allows a mirror of their own; nothing for addresses that no mirror has."""
    if kind not in ("loopback", "private"):
        return ""
    named = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f'a mirror of your own: `allowed = ["{named}"]` in `[models]` of your own settings'
