"""Folders of other programs: found, indexed where they are, never written to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.weights import SD1, SDXL, sd1_lora, sdxl_lora, write_weights

from anim_runtime.models.collection import Library
from anim_runtime.models.folders import layout_of, look_through
from anim_runtime.models.hub_cache import hub_reference, in_hub_cache
from anim_runtime.models.library import Located, MissingModel, locate
from anim_runtime.models.scan import Unread

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def library(tmp_path: Path):
    made = Library(tmp_path / "library")
    yield made
    made.close()


def webui(folder: Path) -> Path:
    write_weights(folder / "models" / "Stable-diffusion" / "dream.safetensors", SD1)
    write_weights(folder / "models" / "Lora" / "sub" / "neon.safetensors", sd1_lora())
    write_weights(folder / "embeddings" / "look.safetensors", {"emb_params": (2, 768)})
    (folder / "models" / "VAE").mkdir()
    (folder / "models" / "VAE" / "old.ckpt").write_bytes(b"\x80\x02")
    (folder / "models" / "Lora" / "page.safetensors").write_bytes(b"<html>")
    write_weights(folder / "venv" / "not-mine.safetensors", SD1)
    return folder


def comfy(folder: Path, more: Path) -> Path:
    write_weights(folder / "models" / "checkpoints" / "xl.safetensors", SDXL)
    (folder / "models" / "loras").mkdir()
    write_weights(more / "stash" / "extra.safetensors", sdxl_lora())
    (folder / "extra_model_paths.yaml").write_text(
        "# where more is\nother:\n"
        f"    base_path: {more}\n    is_default: true\n"
        "    loras: |\n      stash\n      none\n    vae: 'absent'\n"
    )
    return folder


def hub(folder: Path) -> Path:
    home = folder / "hub" / "models--someone--neon-lora"
    snapshot = home / "snapshots" / COMMIT
    write_weights(home / "blobs" / "abc", sdxl_lora())
    snapshot.mkdir(parents=True)
    (snapshot / "neon.safetensors").symlink_to(home / "blobs" / "abc")
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(COMMIT)
    return folder


def names(found: tuple[Path, ...]) -> list[str]:
    return [path.name for path in found]


def test_each_layout_is_told_by_its_folders(tmp_path: Path) -> None:
    assert layout_of(webui(tmp_path / "a")) == "A1111"
    assert layout_of(tmp_path / "a" / "models") == "A1111"
    assert layout_of(comfy(tmp_path / "b", tmp_path / "more")) == "ComfyUI"
    assert layout_of(hub(tmp_path / "c")) == "Hugging Face cache"
    assert layout_of(tmp_path / "c" / "hub") == "Hugging Face cache"
    assert layout_of(tmp_path / "more") == "folder"


def test_what_lies_in_the_web_ui(tmp_path: Path) -> None:
    found = look_through(webui(tmp_path))
    assert names(found.models) == [
        "page.safetensors",
        "neon.safetensors",
        "dream.safetensors",
        "look.safetensors",
    ]
    assert names(found.pickles) == ["old.ckpt"]


def test_comfyui_and_the_paths_that_it_names_besides(tmp_path: Path) -> None:
    found = look_through(comfy(tmp_path / "comfy", tmp_path / "more"))
    assert names(found.models) == ["xl.safetensors", "extra.safetensors"]


def test_a_folder_of_diffusers_is_one_model_and_hidden_ones_are_none(tmp_path: Path) -> None:
    write_weights(tmp_path / "model" / "unet" / "a.safetensors", SD1)
    (tmp_path / "model" / "model_index.json").write_text("{}")
    write_weights(tmp_path / ".cache" / "b.safetensors", SD1)
    write_weights(tmp_path / ".part-c.safetensors", SD1)
    assert look_through(tmp_path).models == (tmp_path / "model",)


def test_folders_that_are_linked_are_looked_through_once(library: Library, tmp_path: Path) -> None:
    write_weights(tmp_path / "store" / "dream.safetensors", SD1)
    folder = tmp_path / "webui" / "models" / "Lora"
    folder.mkdir(parents=True)
    (folder / "there").symlink_to(tmp_path / "store")
    (folder / "again").symlink_to(tmp_path / "store")
    (folder / "round").symlink_to(folder.parent)
    (tmp_path / "store" / "itself").symlink_to(tmp_path / "store")
    assert len(look_through(tmp_path / "store").models) == 1
    assert [entry.path.parent.name for entry in library.scan(tmp_path / "webui").new] == ["again"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_is_no_file_is_not_opened(library: Library, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    os.mkfifo(tmp_path / "more" / "pipe.safetensors")
    (tmp_path / "more" / "lost.safetensors").symlink_to(tmp_path / "nowhere")
    assert look_through(tmp_path / "more").models == ()
    pipe = library.add_file(tmp_path / "more" / "pipe.safetensors")
    assert isinstance(pipe, Unread)
    assert pipe.why == "is no file"


def test_a_part_with_its_settings_is_one_model(library: Library, tmp_path: Path) -> None:
    part = tmp_path / "more" / "control-canny"
    write_weights(part / "diffusion_pytorch_model.safetensors", {"a": (1,)})
    (part / "config.json").write_text('{"_class_name": "ControlNetModel", "cross_attention_dim": 768}')
    llm = tmp_path / "more" / "words"
    write_weights(llm / "model-00001-of-00002.safetensors", {"a": (1,)})
    (llm / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
    found = library.scan(tmp_path / "more")
    assert [(e.name, e.facts.kind, e.facts.control) for e in found.new] == [
        ("control-canny", "controlnet", "canny")
    ]
    assert [u.path for u in found.unread] == [llm]


def test_models_are_used_where_they_are(library: Library, tmp_path: Path) -> None:
    folder = webui(tmp_path / "webui")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    found = library.scan(folder)
    assert {(e.name, e.facts.kind, e.facts.family, e.is_own) for e in found.new} == {
        ("dream", "checkpoint", "sd1", False),
        ("neon", "lora", "sd1", False),
        ("look", "embedding", "sd1", False),
    }
    assert [(u.path.name, u.why) for u in found.unread] == [
        ("page.safetensors", "is a page of the web (HTML), and not a safetensors file")
    ]
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    place = locate("dream", tmp_path, library.folder)
    assert isinstance(place, Located)
    assert place.path == folder / "models" / "Stable-diffusion" / "dream.safetensors"
    assert library.folders() == (folder,)


def test_a_second_look_reads_what_is_new_and_forgets_what_is_gone(library: Library, tmp_path: Path) -> None:
    folder = webui(tmp_path / "webui")
    first = library.scan(folder)
    (folder / "models" / "Lora" / "sub" / "neon.safetensors").unlink()
    write_weights(folder / "models" / "Lora" / "more.safetensors", sdxl_lora())
    second = library.scan(folder)
    assert [e.name for e in second.new] == ["more"]
    assert len(second.known) == len(first.new) - 1
    assert [e.name for e in second.gone] == ["neon"]
    assert library.one("neon") is None


def test_notes_stay_with_a_file_that_was_written_anew(library: Library, tmp_path: Path) -> None:
    path = write_weights(tmp_path / "a" / "neon.safetensors", sd1_lora())
    library.add_file(path, category="city", notes="soft")
    write_weights(path, sdxl_lora())
    (entry,) = library.scan(tmp_path / "a").new
    assert (entry.category, entry.notes, entry.facts.family) == ("city", "soft", "sdxl")


def test_the_same_content_is_told_and_links_are_one_file(library: Library, tmp_path: Path) -> None:
    one = write_weights(tmp_path / "a" / "one.safetensors", sd1_lora())
    write_weights(tmp_path / "a" / "two.safetensors", sd1_lora())
    write_weights(tmp_path / "a" / "other.safetensors", sd1_lora(), seed=1)
    (tmp_path / "a" / "link.safetensors").symlink_to(one)
    (alike,) = library.scan(tmp_path / "a").alike
    assert {entry.path.resolve().name for entry in alike} == {"one.safetensors", "two.safetensors"}


def test_the_cache_of_the_hub_is_used_in_place(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = hub(tmp_path / "hf") / "hub"
    (entry,) = library.scan(cache).new
    assert entry.facts.reference == "hf:someone/neon-lora/neon.safetensors"
    assert entry.revision == COMMIT
    monkeypatch.setattr("anim_runtime.models.hub_cache.hub_folder", lambda: cache)
    found = locate("hf:someone/neon-lora/neon.safetensors", tmp_path)
    assert isinstance(found, Located)
    assert found.kind == "file"
    for same in ("", "@main", f"@{COMMIT}", f"@{COMMIT}/neon.safetensors"):
        # the library knows the file under a near name, which is only offered where nothing is found
        assert (
            getattr(locate(f"hf:someone/neon-lora{same}", None, library.folder), "path", None) == found.path
        )
    assert isinstance(locate("hf:someone/neon-lora@v2"), MissingModel)


@pytest.mark.parametrize(
    "reference",
    ["hf:someone/other", "hf:someone/neon-lora/../../../secret", "hf:someone", "hf:../x/y", "civitai:1"],
)
def test_what_is_not_in_that_cache_is_not_found(reference: str, tmp_path: Path) -> None:
    assert in_hub_cache(reference, hub(tmp_path) / "hub") is None


def test_a_path_outside_of_that_cache_has_no_reference(tmp_path: Path) -> None:
    assert hub_reference(tmp_path / "a.safetensors") == ""
