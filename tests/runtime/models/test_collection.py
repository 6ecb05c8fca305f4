"""The library: its index among processes, after damage, and what leads to a model."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.weights import SD1, SDXL, sd1_lora, sdxl_lora, write_weights

from anim_compiler.models.facts import ModelFacts
from anim_runtime.models.collection import Library, plain_reference
from anim_runtime.models.entry import Entry
from anim_runtime.models.fetched import Fetched
from anim_runtime.models.index import NAME, Damaged, Index
from anim_runtime.models.library import Located, MissingModel, Places, digest, file_sha256, locate
from anim_runtime.models.sidecar import sidecar
from anim_runtime.problems import RenderProblem


@pytest.fixture
def library(tmp_path: Path):
    made = Library(tmp_path / "library")
    yield made
    made.close()


def fetched(library: Library, name: str = "neon", reference: str = "civitai:7@9", seed: int = 0) -> Fetched:
    path = write_weights(library.files / f"{name}.safetensors", sd1_lora(), seed=seed)
    return Fetched(
        reference, path, file_sha256(path), path.stat().st_size, "https://civitai.com/api/download/models/9",
        "9", "lora", "SD 1.5", title="Neon\x1b[2J style", trigger_words=("neon",), licence="CC0",
        also=("civitai:7", "urn:air:sd1:lora:civitai:7@9"),
    )  # fmt: skip


def test_what_was_fetched_is_found_by_all_its_names(library: Library) -> None:
    entry = library.register(fetched(library), category="city", notes="soft")
    for name in ("civitai:7@9", "civitai:7", "urn:air:sd1:lora:civitai:7@9", "air:x:y:civitai:7@9",
                 entry.facts.sha256, entry.facts.sha256[:10].upper(), f"sha256:{entry.facts.sha256[:8]}",
                 "neon", "NEON.safetensors", "neon\\x1b[2j style"):  # fmt: skip
        assert library.find(name) == (library.index.at(entry.path),), name
    assert library.find("civitai:8") == ()
    assert library.find("") == ()
    kept = library.one("civitai:7")
    assert kept is not None
    assert (kept.facts.kind, kept.facts.family, kept.facts.layout) == ("lora", "sd1", "kohya")
    assert (kept.category, kept.notes, kept.is_own, kept.facts.told_by) == ("city", "soft", True, "library")
    assert kept.title == "Neon\\x1b[2J style"


def test_tensors_are_believed_before_sites(library: Library) -> None:
    entry = library.register(replace(fetched(library), kind="checkpoint", base="SDXL 1.0", family="sdxl"))
    assert (entry.facts.kind, entry.facts.family) == ("lora", "sd1")


def test_of_two_versions_it_is_the_newer_one_or_that_of_the_digest(library: Library, tmp_path: Path) -> None:
    old = library.register(fetched(library, "old", "civitai:7@1", seed=1))
    new = library.register(fetched(library, "new", "civitai:7@2", seed=2))
    library.keep(replace(old, added=1.0))
    assert library.one("civitai:7") == library.index.at(new.path)
    found = locate("civitai:7", tmp_path, library.folder, old.facts.sha256)
    assert isinstance(found, Located)
    assert found.path == old.path


def test_a_reference_without_its_version_leads_to_what_is_here(library: Library) -> None:
    entry = library.register(replace(fetched(library), also=()))
    assert library.one("civitai:7") == entry or library.one("civitai:7") == library.index.at(entry.path)


@pytest.mark.parametrize(
    ("reference", "plain"),
    [
        ("urn:air:sdxl:lora:civitai:328553@368189", "civitai:328553@368189"),
        ("air:sd1:checkpoint:civitai:25694", "civitai:25694"),
        ("urn:air:flux1:model:huggingface:a/b@main", "hf:a/b@main"),
        ("urn:air:sdxl:lora:civitai:1@2+77.safetensors", "civitai:1@2+77"),
        ("civitai:1", "civitai:1"),
    ],
)
def test_an_air_is_a_reference(reference: str, plain: str) -> None:
    assert plain_reference(reference) == plain


def test_a_machine_without_models_makes_no_folder(library: Library) -> None:
    assert library.facts("civitai:7") is None
    assert library.one("neon") is None
    assert isinstance(locate("civitai:7", None, library.folder), MissingModel)
    assert not library.folder.exists()


def test_a_torn_index_is_made_again_from_the_disk_and_told(library: Library, tmp_path: Path) -> None:
    entry = library.register(fetched(library), category="city", notes="soft")
    write_weights(tmp_path / "webui" / "models" / "Lora" / "other.safetensors", sdxl_lora())
    library.scan(tmp_path / "webui")
    library.close()
    path = library.folder / NAME
    for ending in ("-wal", "-shm"):
        path.with_name(f"{NAME}{ending}").unlink(missing_ok=True)
    path.write_bytes(path.read_bytes()[:100] + b"torn" * 5000)
    again = Library(library.folder)
    kept = again.one("civitai:7")
    assert kept is not None
    assert (kept.category, kept.notes, kept.facts.sha256) == ("city", "soft", entry.facts.sha256)
    assert again.one("other") is not None
    assert "2 models" in again.told
    assert (library.folder / f"{NAME}.damaged").is_file()
    again.close()


@pytest.mark.parametrize("is_empty", [True, False])
def test_an_index_that_was_lost_is_made_again(is_empty: bool, library: Library) -> None:
    library.register(fetched(library))
    library.close()
    (library.folder / NAME).unlink()
    if is_empty:
        (library.folder / NAME).touch()
    again = Library(library.folder)
    assert again.is_there
    assert again.one("civitai:7") is not None
    assert "1 models on the disk" in again.told
    again.close()


def test_a_torn_page_is_told_when_the_index_is_opened(tmp_path: Path) -> None:
    with Index(tmp_path) as index:
        index.put([Entry(tmp_path / f"{n}.safetensors", notes="x" * 500) for n in range(60)])
    data = bytearray((tmp_path / NAME).read_bytes())
    # the first pages, which hold the tables, stay as they are
    data[8 * 4096 : 10 * 4096] = b"\xff" * 8192
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(Damaged):
        Index(tmp_path)


def test_a_row_that_is_damaged_is_an_error_of_the_index(tmp_path: Path) -> None:
    with Index(tmp_path) as index:
        index.put([Entry(tmp_path / "a.safetensors")])
        with sqlite3.connect(tmp_path / NAME) as other:
            other.execute("UPDATE models SET trigger_words = '['")
        other.close()
        with pytest.raises(sqlite3.DatabaseError, match="a row is damaged"):
            index.entries()


def test_a_library_on_a_disk_that_is_full_or_only_to_be_read_can_be_asked(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.register(fetched(library))
    library.close()
    connect = sqlite3.connect

    def refused(path: object, **how: Any) -> sqlite3.Connection:
        if not how.get("uri"):
            raise sqlite3.OperationalError("unable to open database file")
        return connect(str(path), **how)

    monkeypatch.setattr(sqlite3, "connect", refused)
    again = Library(library.folder)
    entry = again.one("civitai:7")
    assert entry is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        again.keep(entry)
    again.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names are Unicode")
def test_a_name_that_is_no_text_is_left_out(library: Library, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    odd = tmp_path / "more" / "\udcff.safetensors"
    write_weights(odd, sdxl_lora())
    found = library.scan(tmp_path / "more")
    assert [unread.path for unread in found.unread] == [odd]
    assert library.find("\udcff") == ()
    assert library.index.at(odd) is None


_ASKER = """
import sys
from pathlib import Path
from typing import Any
from anim_runtime.models.collection import Library
library = Library(Path(sys.argv[1]))
print(len(library.index.entries()), bool(library.told))
"""


def test_one_process_of_several_mends(library: Library) -> None:
    library.register(fetched(library))
    library.close()
    path = library.folder / NAME
    for ending in ("-wal", "-shm"):
        path.with_name(f"{NAME}{ending}").unlink(missing_ok=True)
    path.write_bytes(b"torn" * 5000)
    command = [sys.executable, "-c", _ASKER, str(library.folder)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = sorted(one.communicate()[0].strip() for one in started)
    assert said == ["1 False", "1 False", "1 True"]


def test_an_index_of_another_version_is_not_read(tmp_path: Path) -> None:
    Index(tmp_path).close()
    with sqlite3.connect(tmp_path / NAME) as opened:
        opened.execute("PRAGMA user_version = 99")
    opened.close()
    with pytest.raises(Damaged):
        Index(tmp_path)


_WRITER = """
import sys
from pathlib import Path
from typing import Any
from anim_compiler.models.facts import ModelFacts
from anim_runtime.models.entry import Entry
from anim_runtime.models.index import Index
folder, name = Path(sys.argv[1]), sys.argv[2]
with Index(folder) as index:
    for number in range(40):
        reference = f"civitai:{name}{number}"
        index.put([Entry(folder / f"{name}-{number}.safetensors", ModelFacts(reference, "lora"), ("same",))])
"""


def test_processes_write_at_the_same_time(tmp_path: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), str(n)]) for n in (1, 2, 3)]
    assert [one.wait() for one in started] == [0, 0, 0]
    with Index(tmp_path) as index:
        assert len(index.entries()) == 120
        assert len(index.named("same")) == 120


def test_the_folder_of_the_library_can_move(library: Library, tmp_path: Path) -> None:
    library.register(fetched(library))
    library.close()
    library.folder.rename(tmp_path / "moved")
    moved = Library(tmp_path / "moved")
    entry = moved.one("civitai:7")
    assert entry is not None
    assert entry.path == tmp_path / "moved" / "files" / "neon.safetensors"
    moved.close()


def test_what_is_taken_out_leaves_files_of_others(library: Library, tmp_path: Path) -> None:
    own = library.register(fetched(library))
    other = write_weights(tmp_path / "other.safetensors", sdxl_lora())
    entry = library.add_file(other)
    assert isinstance(entry, Entry)
    library.forget(entry)
    assert other.is_file()
    assert library.one("other") is None
    assert sidecar(own.path).is_file()
    library.forget(own, with_files=True)
    assert not own.path.exists()
    assert not sidecar(own.path).exists()


@pytest.mark.parametrize("told", ["[", "7", "{}", '{"quick": 7}', "[" * 100_000])
def test_a_sidecar_that_is_odd_is_not_believed(told: str, library: Library) -> None:
    entry = library.register(fetched(library))
    sidecar(entry.path).write_text(told)
    library.index.remove([entry])
    assert isinstance(library.add_file(entry.path), Entry)


def test_a_sidecar_with_values_of_another_kind_is_not_believed(library: Library) -> None:
    entry = library.register(fetched(library), category="city")
    kept = json.loads(sidecar(entry.path).read_text())
    for name, value in (
        ("title", 7),
        ("trigger_words", "neon"),
        ("size", "x"),
        ("is_nsfw", 3),
        ("added", "x"),
    ):
        sidecar(entry.path).write_text(json.dumps({**kept, name: value}))
        library.index.remove([entry])
        found = library.add_file(entry.path)
        assert isinstance(found, Entry)
        assert found.category == ""


def test_a_digest_is_made_once_and_again_when_the_file_was_written(library: Library, tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a.safetensors", sd1_lora())
    entry = library.add_file(path)
    assert isinstance(entry, Entry)
    assert entry.facts.sha256 == ""
    assert library.digest(entry) == file_sha256(path)
    kept = library.index.at(path)
    assert kept is not None
    assert kept.facts.sha256 == file_sha256(path)
    write_weights(path, sd1_lora(rank=8))
    assert library.digest(kept) == file_sha256(path)


def test_facts_are_those_of_the_file_as_it_is_now(library: Library, tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a.safetensors", sd1_lora())
    entry = library.add_file(path)
    assert isinstance(entry, Entry)
    library.digest(entry)
    write_weights(path, sdxl_lora())
    found = library.facts("a")
    assert found is not None
    assert (found.family, found.sha256) == ("sdxl", "")


def test_a_path_comes_before_the_library(library: Library, tmp_path: Path) -> None:
    library.register(fetched(library))
    write_weights(tmp_path / "film" / "neon", sdxl_lora())
    found = locate("neon", tmp_path / "film", library.folder)
    assert isinstance(found, MissingModel), "a file without its ending is no model, and not passed over"
    found = locate("neon", tmp_path, library.folder)
    assert isinstance(found, Located)
    assert found.path == library.files / "neon.safetensors"


def test_a_near_name_is_offered(library: Library) -> None:
    library.register(fetched(library))
    found = locate("neom", None, library.folder)
    assert isinstance(found, MissingModel)
    assert "`neon`" in found.hint
    found = locate("civitai:8", None, library.folder)
    assert isinstance(found, MissingModel)
    assert "anim models add civitai:8" in found.hint


def test_what_is_here_must_be_what_the_plan_was_made_with(library: Library, tmp_path: Path) -> None:
    entry = library.register(fetched(library))
    places = Places(tmp_path, library.folder, tmp_path / "cache")
    assert places.find("civitai:7", entry.facts.sha256).path == entry.path
    with pytest.raises(RenderProblem, match="not the one") as wrong:
        places.find("civitai:7", "0" * 64)
    assert wrong.value.exit_code == 7
    with pytest.raises(RenderProblem, match="not on this machine") as absent:
        places.find("civitai:8")
    assert absent.value.exit_code == 7


def test_what_was_fetched_in_place_of_a_changed_file_is_taken(library: Library, tmp_path: Path) -> None:
    kept = library.register(replace(fetched(library), also=("look.safetensors",)))
    write_weights(tmp_path / "look.safetensors", SDXL)
    places = Places(tmp_path, library.folder, tmp_path / "cache")
    assert places.find("look.safetensors", kept.facts.sha256).path == kept.path
    with pytest.raises(RenderProblem, match="not the one"):
        places.find("look.safetensors", "0" * 64)


def test_the_digest_of_a_file_is_that_of_its_content(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a.safetensors", SD1)
    assert digest(Located("a", "file", path)) == file_sha256(path)


def test_facts_know_the_reference_that_was_asked_for(library: Library) -> None:
    library.register(fetched(library))
    found = library.facts("civitai:7")
    assert isinstance(found, ModelFacts)
    assert (found.reference, found.told_by, found.trigger_words) == ("civitai:7", "library", ("neon",))
