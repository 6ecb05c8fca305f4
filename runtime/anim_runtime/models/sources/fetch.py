"""Every source behind one door: a reference goes in, a finished file comes out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeAlias, assert_never

from anim_dsl.visible import escaped
from anim_runtime.models.fetched import Fetched, Pin
from anim_runtime.models.net.addresses import Resolver, resolve
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.events import Tell, untold
from anim_runtime.models.net.network import Network, Tokens
from anim_runtime.models.net.problems import NetProblem
from anim_runtime.models.sources.civitai import Civitai
from anim_runtime.models.sources.hit import Found, Query
from anim_runtime.models.sources.hub import Hub
from anim_runtime.models.sources.wanted import AtAddress, OnCivitai, OnHub, wanted
from anim_runtime.models.sources.web import fetch_address

Site: TypeAlias = Literal["civitai", "hf"]
"""A site that can be searched."""


class Sources:
    """All sites, by the user's rules; a `Fetcher` when it is called. Close it after use.

    `variant` is which weights are taken where a repository has several; `pause` waits between tries.
    """

    def __init__(
        self,
        network: Network,
        tokens: Tokens | None = None,
        *,
        variant: str = "fp16",
        tell: Tell = untold,
        resolver: Resolver = resolve,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = Client(network, resolver=resolver, pause=pause, tell=tell)
        self.civitai = Civitai(self.client, tokens or Tokens())
        self.hub = Hub(self.client, tokens or Tokens(), variant)

    def __enter__(self) -> Sources:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()

    def __call__(self, pin: Pin, folder: Path) -> Fetched:
        """The model that the pin names, whole, under the library's folder. Raises `NetProblem`."""
        fetched = self._fetched(pin, folder)
        known = dict.fromkeys((*fetched.also, pin.reference))
        known.pop(fetched.reference, None)
        return replace(fetched, also=tuple(known))

    def _fetched(self, pin: Pin, folder: Path) -> Fetched:
        match wanted(pin.reference):
            case OnCivitai() as model:
                return self.civitai.fetch(model, pin, folder)
            case OnHub() as repository:
                return self.hub.fetch(repository, pin, folder)
            case AtAddress() as address:
                return fetch_address(self.client, address, pin, folder)
            case None:
                hint = "write `civitai:25694`, `hf:owner/repo`, an https address, or the path of a file"
                raise NetProblem(
                    "usage", f"`{escaped(pin.reference)}` is no place that models come from", hint
                )

    def search(self, site: Site, query: Query) -> Found:
        """What a site finds. Raises `NetProblem`."""
        match site:
            case "civitai":
                return self.civitai.search(query)
            case "hf":
                return self.hub.search(query)
            case other:
                assert_never(other)
