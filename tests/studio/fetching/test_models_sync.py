"""`anim models sync`, against the fake sites: another machine gets exactly what the lock holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.runtime.models.fake_sites import TOKEN, FakeSites, safetensors, sha256

FILM = """
length = 2s
model = "civitai:25694"
prompt { 0s: "neon glow" }
lora neon = "civitai:82098"
lora hub = "hf:someone/neon-lora/neon.safetensors"
"""


@pytest.fixture
def locked(sites: FakeSites, anim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film and its lock, and a machine that has none of its models."""
    monkeypatch.setenv("CIVITAI_TOKEN", TOKEN)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    film = tmp_path / "film.anim"
    film.write_text(FILM)
    for reference in ("civitai:25694", "civitai:82098", "hf:someone/neon-lora/neon.safetensors"):
        assert anim("models", "add", reference, "--lock", "film.anim").code == 0
    monkeypatch.setenv("ANIM_MODELS", str(tmp_path / "another"))
    return film


def test_what_a_lock_names_is_fetched_and_found(anim, locked: Path, tmp_path: Path) -> None:
    before = (tmp_path / "anim.lock").read_text()
    said = anim("models", "sync", "film.anim", "--check")
    assert said.code == 7
    assert said.out.count("✗") == 3
    assert anim("models", "sync", "film.anim", "--progress", "none").code == 0
    assert "all 3 models" in anim("models", "sync", "film.anim").out
    rows = {row["reference"]: row for row in json.loads(before)[1:]}
    for reference, row in rows.items():
        path = Path(anim("models", "where", reference).out.strip())
        assert path.is_relative_to(tmp_path / "another")
        assert sha256(path.read_bytes()) == row["sha256"]
    anim("models", "lock", "film.anim")
    assert {
        row["reference"]: row["sha256"] for row in json.loads((tmp_path / "anim.lock").read_text())[1:]
    } == {reference: row["sha256"] for reference, row in rows.items()}


def test_a_newer_version_on_the_site_changes_nothing(
    anim, locked: Path, sites: FakeSites, tmp_path: Path
) -> None:
    sites.add_model(82098, "Neon City", {99999: safetensors(7777), 87153: safetensors(9000)})
    assert anim("models", "sync", "film.anim", "--progress", "none").code == 0
    assert "87153" in anim("models", "where", "civitai:82098").out


def test_a_file_that_was_changed_on_the_site_is_refused(anim, locked: Path, sites: FakeSites) -> None:
    sites.add_model(25694, "Great Painter", {143906: safetensors(6000, evil="yes")}, type="Checkpoint")
    said = anim("models", "sync", "film.anim", "--progress", "none")
    assert said.code == 7
    assert anim("models", "where", "civitai:25694").code == 7


def test_one_that_cannot_be_had_does_not_keep_the_others_away(anim, locked: Path, sites: FakeSites) -> None:
    del sites.models[25694]
    said = anim("models", "sync", "film.anim", "--progress", "none")
    assert said.code == 7
    assert "Civitai has no `civitai:25694`" in said.err
    assert anim("models", "sync", "film.anim", "--check").out.count("✗") == 1


def test_a_lock_does_not_take_a_name_away(anim, locked: Path, sites: FakeSites, tmp_path: Path) -> None:
    """A stranger's lock may call its model as one of the library is called; other films still mean that."""
    (tmp_path / "grain.safetensors").write_bytes(safetensors(300))
    assert anim("models", "add", "grain.safetensors", "--name", "Grain", "--kind", "lora").code == 0
    rows = json.loads((tmp_path / "anim.lock").read_text())
    rows[1] |= {"reference": "Grain", "source": "civitai:25694"}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "anim.lock").write_text(json.dumps(rows[:2]))
    assert anim("models", "sync", "other/anim.lock", "--progress", "none").code == 0
    assert anim("models", "where", "Grain").out.strip() == str(tmp_path / "grain.safetensors")
    assert anim("models", "sync", "other/anim.lock", "--check").code == 0


def test_no_token_stands_in_lock_library_or_messages(anim, locked: Path, tmp_path: Path) -> None:
    said = anim("models", "sync", "film.anim", "--progress", "lines")
    assert TOKEN not in said.out + said.err
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes(), path
