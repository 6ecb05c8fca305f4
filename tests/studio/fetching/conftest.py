from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from tests.runtime.models.fake_sites import FakeSites, fake_sites, stocked


class OwnKeyring(keyring.backend.KeyringBackend):
    """A keyring of a dictionary: that of the machine is nobody's to test with."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


@pytest.fixture
def own_keyring() -> Iterator[OwnKeyring]:
    before = keyring.get_keyring()
    own = OwnKeyring()
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_keyring: OwnKeyring) -> Iterator[FakeSites]:
    """The fake sites, named in variables as a user names a mirror; no token is set."""
    with fake_sites() as made:
        stocked(made)
        for name, value in {
            "ANIM_MODELS": str(tmp_path / "library"),
            "ANIM_MODELS_CIVITAI": made.site,
            "ANIM_MODELS_HUB": made.site,
            "ANIM_MODELS_ALLOWED": ",".join(made.allowed),
            "ANIM_CACHE": str(tmp_path / "cache"),
            "ANIM_CONFIG": str(tmp_path / "config.toml"),
        }.items():
            monkeypatch.setenv(name, value)
        for name in ("CIVITAI_TOKEN", "CIVITAI_API_TOKEN", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        yield made
