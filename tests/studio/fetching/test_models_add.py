"""`anim models add`, `login` and `logout`, against the fake sites."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from tests.runtime.models.fake_sites import TOKEN, FakeSites, Fault, safetensors, sha256
from tests.studio.fetching.conftest import OwnKeyring

from anim_studio.cli.exits import Exit

FILM = """
length = 2s
model = "civitai:25694"
prompt { 0s: "neon glow" }
lora neon = "civitai:82098"
"""


@pytest.fixture
def token(sites: FakeSites, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVITAI_TOKEN", TOKEN)
    monkeypatch.setenv("HF_TOKEN", TOKEN)


def test_a_model_is_fetched_and_the_line_for_the_film_is_the_result(anim, token, tmp_path: Path) -> None:
    said = anim("models", "add", "civitai:82098", "--progress", "lines")
    assert said.code == 0
    assert said.out.startswith('lora neon_city = "civitai:82098"')
    assert "# trigger words: neon glow" in said.out
    assert "fetching Neon-City-v1-82098-87153.safetensors, 9.1 kB" in said.err
    assert "licence: name the author" in said.err
    assert (tmp_path / "library/files/civitai/Neon-City-v1-82098-87153.safetensors").is_file()
    listed = anim("models", "list", "--json")
    assert "civitai:82098@87153" in listed.out


def test_what_is_here_is_not_fetched_again(anim, token, sites: FakeSites) -> None:
    anim("models", "add", "civitai:82098")
    before = len(sites.asked("/r2/87153"))
    assert anim("models", "add", "civitai:82098").code == 0
    assert len(sites.asked("/r2/87153")) == before == 1


def test_a_film_is_held_to_it_and_then_needs_no_model(anim, token, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "film.anim").write_text(FILM)
    assert anim("models", "add", "civitai:82098", "--lock", "film.anim").code == 0
    lock = (tmp_path / "anim.lock").read_text()
    (row,) = (row for row in json.loads(lock) if "reference" in row)
    assert (row["reference"], row["revision"], row["family"]) == ("civitai:82098", "87153", "sd1")
    # another one is added, and the first line stays
    anim("models", "add", "civitai:25694", "--kind", "checkpoint", "--lock", "film.anim")
    assert len(json.loads((tmp_path / "anim.lock").read_text())) == 3
    monkeypatch.setenv("ANIM_MODELS", str(tmp_path / "none"))
    assert anim("check", "film.anim").code == 0


def test_a_file_at_an_address_is_not_fetched_again_either(anim, sites: FakeSites) -> None:
    url = sites.put("/f/grain.safetensors", safetensors(500))
    for _ in range(2):
        assert anim("models", "add", url).code == 0
    assert len(sites.asked("/f/grain.safetensors")) == 1


@pytest.mark.parametrize("text", ["canary-tök", "canary\nmore", "canary more", "canary" * 100])
def test_a_variable_that_holds_no_token(anim, sites: FakeSites, monkeypatch, text: str) -> None:
    monkeypatch.setenv("CIVITAI_TOKEN", text)
    said = anim("models", "add", "civitai:82098")
    assert said.code == 2
    assert "what `CIVITAI_TOKEN` holds is no token of Civitai" in said.err
    assert "canary" not in said.err + said.out
    assert sites.seen == []


def test_an_older_version_does_not_become_what_no_version_means(anim, token, tmp_path: Path) -> None:
    anim("models", "add", "civitai:82098")
    anim("models", "add", "civitai:82098@80000")
    assert "87153" in anim("models", "where", "civitai:82098").out


def test_events_in_json(anim, token) -> None:
    said = anim("models", "add", "hf:someone/neon-lora", "--progress", "json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert rows[0]["event"] == "started"
    assert [row["event"] for row in rows][-2:] == ["arrived", "added"]
    assert rows[-1]["film"].startswith('lora neon_lora = "hf:someone/neon-lora"')


def test_a_file_is_registered_where_it_is(anim, sites: FakeSites, tmp_path: Path) -> None:
    file = tmp_path / "grain.safetensors"
    file.write_bytes(safetensors(300))
    words = ["--name", "My Grain", "--category", "texture", "--note", "fine", "--trigger", "film grain"]
    digest = sha256(safetensors(300))
    said = anim("models", "add", file, *words, "--kind", "lora", "--sha256", digest)
    assert said.code == 0
    assert "film grain" in said.out
    told = json.loads(anim("models", "info", "My Grain", "--json").out)
    assert (told["path"], told["own"], told["category"], told["notes"]) == (
        str(file),
        False,
        "texture",
        "fine",
    )
    assert told["trigger_words"] == ["film grain"]
    assert sites.seen == []


def test_a_file_is_known_by_its_digest(anim, sites: FakeSites, tmp_path: Path) -> None:
    (tmp_path / "renamed.safetensors").write_bytes(sites.files["/r2/87153"].data)
    said = anim("models", "add", "renamed.safetensors", "--identify", "--name", "Mine")
    assert said.code == 0
    assert said.out.startswith('lora mine = "civitai:82098@87153"')
    told = json.loads(anim("models", "info", "Mine", "--json").out)
    assert told["trigger_words"] == ["neon glow"]
    assert told["path"] == str(tmp_path / "renamed.safetensors")
    (tmp_path / "unknown.safetensors").write_bytes(safetensors(300))
    said = anim("models", "add", "unknown.safetensors", "--identify")
    assert said.code == Exit.MODEL_MISSING
    assert "Civitai does not know `unknown.safetensors`" in said.err


def test_a_file_of_another_digest(anim, sites: FakeSites, tmp_path: Path) -> None:
    (tmp_path / "grain.safetensors").write_bytes(safetensors(300))
    said = anim("models", "add", "grain.safetensors", "--sha256", "a" * 64)
    assert said.code == Exit.MODEL_MISSING
    assert "and must have aaaaaaaaaaaaaaaa…" in said.err


@pytest.mark.parametrize(
    ("words", "code", "says", "hint"),
    [
        (["civitai:82098"], 7, "only to those who are logged in", "anim models login civitai"),
        (["civitai:7"], 7, "Civitai has no `civitai:7`", "anim models search"),
        (["hf:no/where"], 7, "no `hf:no/where` for everybody", "HF_TOKEN"),
        (["someone/neon-lora"], 2, "there is no file `someone/neon-lora`", "`hf:someone/neon-lora`"),
        (["25694"], 2, "there is no file `25694`", "`civitai:25694`"),
        (["nothing.safetensors"], 2, "there is no file", "or the path of a file"),
        (["old.ckpt"], 2, "is a pickle", "--allow-pickle"),
        (["text.safetensors"], 2, "`text.safetensors` is", "only `.safetensors`"),
        (["civitai:25694", "--lock", "no.anim"], 2, "there is no film `no.anim`", ".anim"),
        (["civitai:25694", "--lock", "bad/film.anim"], 2, "anim.lock` is no JSON text", "anim models lock"),
        ([], 2, "`add` needs a model", "anim models search"),
        (["a", "b", "--name", "x"], 2, "several models for one name", "one by one"),
        (["a", "--sha256", "12"], 2, "is no digest", "64 signs"),
        (["http://example.org/a.safetensors"], 7, "is not `https`", "https://"),
        (["https://10.0.0.1/a.safetensors"], 7, "a private address", '["10.0.0.1:443"]'),
        (["https://u:hunter2@example.org/a.safetensors"], 2, "holds no password", "anim models add FILE"),
        (["urn:air:x:y:civitai:z"], 2, "names no model", "urn:air:sdxl"),
    ],
)  # fmt: skip
def test_what_cannot_be_had(
    anim, sites: FakeSites, tmp_path: Path, words: list[str], code: int, says: str, hint: str
) -> None:
    (tmp_path / "old.ckpt").write_bytes(b"\x80\x02}q\x00.")
    (tmp_path / "text.safetensors").write_text("hello")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "film.anim").write_text(FILM)
    (tmp_path / "bad" / "anim.lock").write_text("{")
    said = anim("models", "add", *words)
    assert said.code == code
    assert says in said.err
    assert hint in said.err
    assert "hunter2" not in said.err + said.out
    assert said.out == ""


def test_a_token_is_kept_in_the_keyring_and_used(anim, sites, own_keyring: OwnKeyring, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f" {TOKEN}\n"))
    said = anim("models", "login", "civitai")
    assert said.code == 0
    assert own_keyring.kept == {("anim", "civitai"): TOKEN}
    assert anim("models", "add", "civitai:82098").code == 0
    assert TOKEN not in said.out + said.err
    assert "out of the keyring" in anim("models", "logout", "civitai").out
    assert own_keyring.kept == {}
    assert "there was no token" in anim("models", "logout", "civitai").out


@pytest.mark.parametrize("text", ["", "two words\n", "x" * 600, "\x1b[31m\n"])
def test_what_is_no_token_is_not_kept(anim, sites, own_keyring: OwnKeyring, monkeypatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert anim("models", "login", "hf").code == Exit.USAGE
    assert own_keyring.kept == {}


def test_a_machine_without_a_keyring(anim, sites, monkeypatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    monkeypatch.setattr("sys.stdin", io.StringIO(TOKEN))
    said = anim("models", "login", "hf")
    assert said.code == Exit.USAGE
    assert "set HF_TOKEN instead" in said.err
    assert anim("models", "add", "hf:someone/neon-lora").code == 0


def test_a_variable_counts_before_the_keyring_and_is_told(
    anim, token, own_keyring: OwnKeyring, monkeypatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("other-token"))
    assert "`CIVITAI_TOKEN` is set, and counts before it" in anim("models", "login", "civitai").err
    assert "`CIVITAI_TOKEN` still holds one" in anim("models", "logout", "civitai").err


def test_the_token_is_nowhere_but_where_it_belongs(anim, token, sites: FakeSites, tmp_path: Path) -> None:
    """A canary: looked for in all that was said and in every file that was written, after faults too."""
    (tmp_path / "film.anim").write_text(FILM)
    sites.fail("/r2/87153", Fault(cut_after=4000), Fault(404))
    said = [
        anim("models", "add", "civitai:82098", "--progress", "json"),
        anim("models", "add", "civitai:82098", "--lock", "film.anim", "--progress", "lines"),
        anim("models", "add", "hf:someone/neon-lora", "--lock", "film.anim"),
        anim("models", "add", "civitai:25694@1"),
        anim("models", "search", "neon", "--json"),
        anim("models", "list", "--json"),
        anim("models", "info", "civitai:82098", "--json"),
    ]
    assert said[0].code == 7
    assert said[1].code == 0
    everything = "".join(ran.out + ran.err for ran in said).encode()
    everything += b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (TOKEN, "s1gn3d"):
        assert secret.encode() not in everything
    assert not any(TOKEN in seen.path for seen in sites.seen)
    assert {seen.server for seen in sites.seen if "authorization" in seen.headers} == {"site"}


def test_a_name_that_would_paint_the_terminal(anim, token, sites: FakeSites) -> None:
    sites.add_model(5, "Evil \x1b[31mred\u202e", {6: safetensors(600)})
    said = anim("models", "add", "civitai:5")
    assert said.code == 0
    assert "\x1b" not in said.out + said.err
    assert "\u202e" not in said.out + said.err


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_says_nothing_but_that_it_stopped(anim, token, sites: FakeSites, monkeypatch) -> None:
    from anim_runtime.models.net import client

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(client.Client, "opened", interrupt)
    said = anim("models", "add", "civitai:82098")
    assert said.code == Exit.INTERRUPTED
    assert "Traceback" not in said.err
    assert "to go on: anim models add civitai:82098" in said.err
