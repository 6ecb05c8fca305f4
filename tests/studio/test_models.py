"""`anim models`: the commands that need no network, as a user types them."""

import json
from pathlib import Path
from threading import Thread

import pytest
import torch
from tests.weights import SD1, SDXL, sd1_lora, sdxl_lora, write_weights

from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.lock import LockedModel, read_lock
from anim_studio.completing.candidates import candidates
from anim_studio.completing.line import Line
from anim_studio.fetching.locking import rewrite

FILM = """\
length = 1s
size = 64x64
model = "dream"
prompt { 0s: "a neonstyle city" }
lora neon = "neon" { weight = 0.5 }
"""
TAGS = json.dumps({"10_x": {"neonstyle": 20}})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a web UI's models, a film, and a library of its own."""
    monkeypatch.setenv("ANIM_MODELS", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    models = tmp_path / "webui" / "models"
    write_weights(models / "Stable-diffusion" / "dream.safetensors", SD1)
    write_weights(models / "Lora" / "neon.safetensors", sd1_lora(), {"ss_tag_frequency": TAGS})
    (tmp_path / "film.anim").write_text(FILM, encoding="utf-8")
    return tmp_path


@pytest.fixture
def scanned(here: Path, anim) -> Path:
    assert anim("models", "scan", "webui").code == 0
    return here


def test_an_empty_library_says_what_to_do(anim, here: Path) -> None:
    said = anim("models", "list")
    assert (said.code, said.out) == (0, "")
    assert "anim models scan" in said.err
    assert not (here / "library").exists()
    said = anim("models", "info", "neon")
    assert said.code == 7
    assert "anim models search" in said.err


def test_a_folder_is_found_and_listed(anim, here: Path) -> None:
    (here / "webui" / "models" / "Lora" / "old.ckpt").write_bytes(b"")
    (here / "webui" / "models" / "Lora" / "torn.safetensors").write_bytes(b"PK\x03\x04")
    write_weights(
        here / "webui" / "models" / "Lora" / "twin.safetensors", sd1_lora(), {"ss_tag_frequency": TAGS}
    )
    said = anim("models", "scan", "webui", "--hash")
    assert "(A1111): 3 models, 3 of them new" in said.out
    assert "are there 2 times" in said.out
    assert "torn.safetensors is a zip archive" in said.err
    assert "anim models convert" in said.err
    listed = anim("models", "list", "--kind", "lora").out
    assert "neon" in listed
    assert "dream" not in listed
    rows = [json.loads(line) for line in anim("models", "list", "--json").out.splitlines()]
    assert {(row["kind"], row["family"]) for row in rows} == {("checkpoint", "sd1"), ("lora", "sd1")}
    assert all(len(row["sha256"]) == 64 for row in rows)
    assert max(map(len, anim("models", "list").out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("list", "--kind", "lore"), "`--kind` cannot be `lore`"),
        (("list", "--family", "sd7"), "`--family` cannot be `sd7`"),
        (("verify",), "needs to know which"),
        (("verify", "neon", "--all"), "needs to know which"),
        (("remove",), "`remove` needs a model"),
        (("remove", "neon"), "nobody is there to be asked"),
        (("remove", "neon", "--files", "--keep-files"), "the opposite"),
        (("note", "neon"), "nothing to note"),
        (("lock",), "needs a film"),
        (("sync",), "there is no `anim.lock`"),
        (("sync", "film.anim"), "has no lock"),
        (("scan", "nowhere"), "is no folder"),
        (("convert", "none.ckpt"), "there is no file"),
        (("convert", "webui/models/Lora/neon.safetensors"), "safetensors already"),
        (("lsit",), "there is no command `lsit`"),
    ],
)
def test_what_is_not_meant_so_is_a_sentence(anim, scanned: Path, words: tuple[str, ...], says: str) -> None:
    said = anim("models", *words)
    assert said.code == 2
    assert says in said.err
    assert "hint:" in said.err


def test_a_slip_gets_the_nearest_model(anim, scanned: Path) -> None:
    said = anim("models", "info", "neom")
    assert said.code == 7
    assert "did you mean `neon`?" in said.err
    (scanned / "film.anim").write_text(FILM.replace('"dream"', '"draem"').replace('lora neon = "neon"', "# "))
    said = anim("render", "film.anim")
    assert said.code == 7
    assert "did you mean `dream`" in said.err


def test_all_that_is_known_of_a_model(anim, scanned: Path) -> None:
    said = anim("models", "info", "neon").out
    for words in ("lora (kohya)", "sd1", "neonstyle", "film.anim", 'lora neon = "neon" { weight = 0.8 }'):
        assert words in said
    told = json.loads(anim("models", "info", "webui/models/Lora/neon.safetensors", "--json").out)
    assert told["films"] == ["film.anim"]
    write_weights(scanned / "new.safetensors", SDXL, {"modelspec.title": "X\x1b]0;pwn\x07"})
    said = anim("models", "info", "new.safetensors").out
    assert "sdxl" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_notes_are_kept(anim, scanned: Path) -> None:
    said = anim(
        "models",
        "note",
        "neon",
        "--category",
        "city",
        "--note",
        "soft\x1b[2J",
        "--trigger",
        "a",
        "--trigger",
        "b",
    )
    assert said.code == 0
    assert "\x1b" not in said.out
    told = json.loads(anim("models", "list", "--category", "City", "--json").out)
    assert (told["category"], told["notes"], told["trigger_words"]) == ("city", "soft\\x1b[2J", ["a", "b"])
    anim("models", "scan", "webui")
    assert json.loads(anim("models", "list", "--category", "city", "--json").out) == told


def test_a_file_that_was_changed_is_told(anim, scanned: Path) -> None:
    assert anim("models", "verify", "--all").code == 0
    path = scanned / "webui" / "models" / "Lora" / "neon.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    said = anim("models", "verify", "--all")
    assert said.code == 1
    assert "✓ dream" in said.out
    assert "✗ neon: its sha256 begins with" in said.out
    path.unlink()
    assert "is not there any more" in anim("models", "verify", "neon").out


@pytest.mark.parametrize(
    ("dtype", "bits"),
    [("F16", b"\x00\x7c"), ("F16", b"\x01\xfe"), ("BF16", b"\xc0\x7f"), ("F32", b"\x00\x00\x80\xff")],
)
def test_weights_that_are_no_numbers_are_told(anim, here: Path, dtype: str, bits: bytes) -> None:
    path = write_weights(here / "a.safetensors", {"good": (4,), "bad": (4,)}, dtype=dtype)
    anim("models", "scan", ".")
    assert anim("models", "verify", "a").code == 0
    path.write_bytes(path.read_bytes()[: -len(bits)] + bits)
    said = anim("models", "verify", "a")
    assert said.code == 1
    assert "no numbers (NaN), in `bad`" in said.out


def test_files_of_others_stay_unless_told(anim, scanned: Path) -> None:
    path = scanned / "webui" / "models" / "Lora" / "neon.safetensors"
    assert anim("models", "where", "neon").out.strip() == str(path)
    assert anim("models", "remove", "neon", "--yes").code == 0
    assert path.is_file()
    assert anim("models", "where", "neon").code == 7
    anim("models", "scan")
    assert anim("models", "remove", "neon", "--files", "--yes").code == 0
    assert not path.exists()


def test_where_models_are(anim, scanned: Path) -> None:
    said = anim("models", "where").out
    assert str(scanned / "library") in said
    assert str(scanned / "webui") in said


def test_a_film_is_held_to_its_models_and_needs_none_to_be_checked(anim, scanned: Path, monkeypatch) -> None:
    assert anim("models", "lock", "film.anim", "--check").code == 1
    assert anim("models", "lock", "film.anim").code == 0
    assert "nothing new" in anim("models", "lock", "film.anim").out
    assert anim("models", "lock", "film.anim", "--check").code == 0
    rows = json.loads((scanned / "anim.lock").read_text())
    assert [row.get("reference") for row in rows] == [None, "dream", "neon"]
    assert rows[2]["trigger_words"] == ["neonstyle"]
    assert anim("models", "sync", "film.anim", "--check").code == 0
    # another machine: no model, no library
    monkeypatch.setenv("ANIM_MODELS", str(scanned / "elsewhere"))
    assert anim("check", "film.anim").code == 0
    assert anim("compile", "film.anim", "-o", "film.plan.json").code == 0
    assert rows[1]["sha256"] in (scanned / "film.plan.json").read_text()
    said = anim("models", "sync", "anim.lock", "--check")
    assert said.code == 7
    assert "✗ dream" in said.out
    said = anim("models", "sync", "film.anim")
    assert said.code == 7
    assert "has no address" in said.err


def test_what_is_not_the_locked_model_is_not_used(anim, scanned: Path) -> None:
    anim("models", "lock", "film.anim")
    path = scanned / "webui" / "models" / "Stable-diffusion" / "dream.safetensors"
    write_weights(path, SD1, seed=7)
    said = anim("models", "sync", "--check")
    assert said.code == 7
    assert "it is another one" in said.out
    said = anim("render", "film.anim")
    assert said.code == 7
    assert "is not the one that the film was compiled with" in said.err


def test_a_lock_may_hold_only_what_films_name(anim, scanned: Path) -> None:
    anim("models", "lock", "film.anim")
    write_weights(scanned / "own.safetensors", SD1)
    (scanned / "film.anim").write_text('length = 1s\nmodel = "own.safetensors"\nprompt { 0s: "a" }\n')
    anim("models", "lock", "film.anim")
    assert len((scanned / "anim.lock").read_text().splitlines()) == 5
    anim("models", "lock", "film.anim", "--only")
    assert len((scanned / "anim.lock").read_text().splitlines()) == 3


def test_a_film_of_the_built_in_model_needs_no_lock(anim, here: Path) -> None:
    (here / "film.anim").write_text('length = 1s\nprompt { 0s: "a" }\n')
    said = anim("models", "lock", "film.anim")
    assert said.code == 0
    assert "nothing to hold" in said.err
    assert not (here / "anim.lock").exists()


def test_a_lock_that_is_damaged_is_not_written_over(anim, scanned: Path) -> None:
    (scanned / "anim.lock").write_text("[")
    for command in ("lock", "sync"):
        said = anim("models", command, "film.anim")
        assert said.code == 2
        assert "is no JSON" in said.err
    assert (scanned / "anim.lock").read_text() == "["


def test_a_lock_of_a_newer_version_is_not_written_over(anim, scanned: Path) -> None:
    (scanned / "anim.lock").write_text('[{"format": 2}\n]\n')
    for command in ("lock", "sync"):
        said = anim("models", command, "film.anim")
        assert said.code == 2
        assert "was written by a newer version of anim" in said.err
        assert "delete" not in said.err
    assert "W6180" in anim("check", "film.anim").out


def test_who_writes_a_lock_at_the_same_time_takes_nothing_out(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for number in range(6):
            model = LockedModel(ModelFacts(f"{name}{number}", sha256="0" * 64))
            rewrite(tmp_path / "anim.lock", tmp_path, lambda lock, model=model: lock.with_models([model]))

    threads = [Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_lock(tmp_path / "anim.lock")
    assert found is not None
    assert len(found.models) == 18


def test_a_line_for_a_film_means_the_model_whatever_it_is_called(anim, here: Path) -> None:
    for name in ('quo"te', "{brace}", "new\nline", "esc\x1b[31m", "and", "on"):
        write_weights(here / "odd" / f"{name}.safetensors", sd1_lora())
    anim("models", "scan", "odd")
    anim("models", "scan", "webui")
    lines = [
        json.loads(row)["film"] for row in anim("models", "list", "--kind", "lora", "--json").out.splitlines()
    ]
    assert all(line.isprintable() for line in lines)
    (here / "film.anim").write_text("\n".join((*FILM.splitlines()[:4], *lines)), encoding="utf-8")
    said = anim("check", "film.anim")
    assert said.code == 0, said.err


def test_a_model_that_is_missing_cannot_be_locked(anim, here: Path) -> None:
    (here / "film.anim").write_text('length = 1s\nmodel = "civitai:25694"\nprompt { 0s: "a" }\n')
    said = anim("models", "lock", "film.anim")
    assert said.code == 7
    assert "anim models add civitai:25694" in said.err
    assert not (here / "anim.lock").exists()


def test_a_pickle_is_converted_and_an_evil_one_is_not(anim, here: Path) -> None:
    torch.save({"a": torch.ones(2)}, here / "old.ckpt")
    said = anim("models", "convert", "old.ckpt")
    assert said.code == 0
    assert "old.safetensors" in said.out
    assert anim("models", "convert", "old.ckpt").code == 2
    assert anim("models", "where", "old").out.strip() == str(here / "old.safetensors")
    (here / "evil.ckpt").write_bytes(b"\x80\x02cposix\nsystem\nX\x0c\x00\x00\x00touch marker\x85R.")
    said = anim("models", "convert", "evil.ckpt")
    assert said.code == 1
    assert "would call `posix.system`" in said.err
    assert not (here / "marker").exists()


def test_a_torn_index_is_told(anim, scanned: Path) -> None:
    path = scanned / "library" / "index.sqlite"
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(b"SQLite format 3\0" + b"torn" * 2000)
    said = anim("models", "list")
    assert said.code == 0
    assert "neon" in said.out
    assert "made again from 2 models" in said.err


def test_the_doctor_tells_of_the_library(anim, scanned: Path) -> None:
    said = anim("doctor").out
    assert f"{scanned / 'library'}: 2 models" in said
    assert "token civitai" in said


def test_references_are_completed(scanned: Path) -> None:
    def offered(*words: str) -> list[str]:
        return [one.word for one in candidates(Line(words[:-1], words[-1]))]

    write_weights(scanned / "x.safetensors", sdxl_lora())
    assert {"list", "info", "sync", "add"} <= set(offered("models", ""))
    assert offered("models", "info", "ne") == ["neon"]
    assert offered("models", "verify", "--a") == ["--all"]
    assert offered("models", "list", "--family", "z") == ["z-image"]
    assert offered("models", "lock", "f") == ["film.anim"]
    assert offered("models", "scan", "w") == ["webui/"]
    assert offered("models", "add", "x") == ["x.safetensors"]
    assert offered("models", "nothing", "x") == []
