"""A file at any https address."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from anim_runtime.models.fetched import Fetched, Pin
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.download import download
from anim_runtime.models.net.network import shown
from anim_runtime.models.net.order import Order
from anim_runtime.models.net.problems import NetProblem, Refused
from anim_runtime.models.sources.naming import file_name, plain
from anim_runtime.models.sources.wanted import AtAddress


def fetch_address(client: Client, wanted: AtAddress, pin: Pin, folder: Path) -> Fetched:
    """The file, whole, under `folder`; no token is ever sent. Raises `NetProblem`."""
    parts = urlsplit(wanted.url)
    # two addresses may end with the same name, and differ in their query alone
    number = hashlib.sha256(wanted.url.encode()).hexdigest()[:8]
    given = PurePosixPath(unquote(parts.path)).name
    target = folder / "web" / plain(parts.hostname or "host") / file_name(given, number)
    try:
        got = download(client, Order(wanted.url, target, pin.sha256, pin.size))
    except Refused as refused:
        raise _told(refused, wanted) from None
    return Fetched(
        reference=wanted.url,
        path=got.path,
        sha256=got.sha256,
        size=got.size,
        source=shown(wanted.url),
        title=PurePosixPath(given).stem,
    )


def _told(refused: Refused, wanted: AtAddress) -> NetProblem:
    """A refusal in words that say what to do."""
    address = shown(wanted.url)
    match refused.status:
        case 401 | 403:
            hint = "fetch the file with your browser, and register it with `anim models add FILE`"
            return NetProblem("refused", f"`{address}` is not given to everybody ({refused.status})", hint)
        case 404 | 410:
            return NetProblem("refused", f"there is no `{address}` ({refused.status})", "check the address")
        case _:
            return refused
