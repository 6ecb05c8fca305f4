from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr
from tests.runtime.models.fake_sites import TOKEN, FakeSites, fake_sites

from anim_runtime.models.net.client import Client
from anim_runtime.models.net.events import Event
from anim_runtime.models.net.network import Network, Tokens
from anim_runtime.models.sources.fetch import Sources


@dataclass
class Net:
    """The fake sites, and what a client of them tells and waits."""

    sites: FakeSites
    told: list[Event] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def network(self, **about: object) -> Network:
        own = {
            "allowed": self.sites.allowed,
            "civitai": self.sites.site,
            "hub": self.sites.site,
            "silence_s": 5.0,
            **about,
        }
        return Network(**own)  # type: ignore[arg-type]

    def client(self, **about: object) -> Client:
        return Client(self.network(**about), pause=self.waits.append, tell=self.told.append)

    def sources(self, *, token: str | None = TOKEN, variant: str = "fp16", **about: object) -> Sources:
        secret = None if token is None else SecretStr(token)
        return Sources(
            self.network(**about),
            Tokens(secret, secret),
            variant=variant,
            tell=self.told.append,
            pause=self.waits.append,
        )


@pytest.fixture
def net() -> Iterator[Net]:
    with fake_sites() as sites:
        yield Net(sites)
