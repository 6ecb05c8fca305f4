"""The group of `anim models`: its help, and one film's models from one machine to another."""

from __future__ import annotations

import json
import pickle
import shlex
from pathlib import Path

import pytest
from tests.runtime.models.fake_sites import TOKEN, FakeSites

from anim_studio.cli.app import build_app
from anim_studio.commands.models.group import ROWS

EXAMPLES = [example for row in ROWS for example in row.examples]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_has_help_with_its_examples(anim, row) -> None:
    said = anim("models", row.name, "--help")
    assert said.code == 0
    assert all(example in said.out for example in row.examples)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_understood(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(example, comments=True)
    words = words[1 : words.index("<")] if "<" in words else words[1:]
    build_app().parse_args(words, exit_on_error=False, print_error=False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["serach"], "did you mean `search`?"),
        (["add", "x", "--lok", "f"], "did you mean `--lock`?"),
        (["login", "github"], "`civitai`, `hf`"),
        (["login"], "anim models login --help"),
    ],
)
def test_slips(anim, words: list[str], says: str) -> None:
    said = anim("models", *words)
    assert said.code == 2
    assert says in said.err


FILM = """
length = 2s
model = "civitai:25694"
prompt { 0s: "neon glow" }
lora old = "civitai:82098@80000"
lora new = "urn:air:sd1:lora:civitai:82098@87153" { weight = 0.2 }
"""


def test_what_one_machine_locks_another_fetches(
    anim, sites: FakeSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock alone goes along; afterwards the very same files are there, and CI needs neither."""
    monkeypatch.setenv("CIVITAI_TOKEN", TOKEN)
    (tmp_path / "film.anim").write_text(FILM)
    anim("models", "add", "civitai:25694", "--kind", "checkpoint", "--lock", "film.anim")
    anim("models", "add", "civitai:82098@80000", "civitai:82098@87153", "--lock", "film.anim")
    before = json.loads((tmp_path / "anim.lock").read_text())
    assert len(before) == 4
    # the sites have moved on since: the lock holds to what was
    newer, own = sites.models[1]["modelVersions"], sites.models[25694]["modelVersions"]
    assert isinstance(newer, list)
    assert isinstance(own, list)
    own.insert(0, newer[0])
    monkeypatch.setenv("ANIM_MODELS", str(tmp_path / "other"))
    assert anim("check", "film.anim").code == 0
    assert anim("models", "sync", "film.anim", "--check").code == 7
    assert anim("models", "sync", "film.anim").code == 0
    assert anim("models", "sync", "film.anim", "--check").code == 0
    assert len(list((tmp_path / "other" / "files").rglob("*.safetensors"))) == 3
    assert json.loads((tmp_path / "anim.lock").read_text()) == before


class Evil:
    def __reduce__(self):
        return open, ("marker", "w")


def test_a_pickle_is_opened_by_nobody(anim, sites: FakeSites, tmp_path: Path) -> None:
    (tmp_path / "evil.ckpt").write_bytes(pickle.dumps({"state_dict": Evil()}))
    for words in (["evil.ckpt"], ["evil.ckpt", "--allow-pickle"]):
        assert anim("models", "add", *words).code == 2
    assert not (tmp_path / "marker").exists()
    assert "evil" not in anim("models", "list", "--json").out
