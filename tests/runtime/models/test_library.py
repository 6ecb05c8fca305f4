from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anim_runtime.models.library import Located, MissingModel, digest, locate


def folder(path: Path, weights: bytes = b"weights") -> Path:
    (path / "unet").mkdir(parents=True)
    (path / "model_index.json").write_text("{}")
    (path / "unet" / "model.safetensors").write_bytes(weights)
    return path


def found(reference: str, root: Path | None = None) -> Located:
    place = locate(reference, root)
    assert isinstance(place, Located)
    return place


def test_references_lead_to_their_places(tmp_path: Path) -> None:
    folder(tmp_path / "sd")
    (tmp_path / "one.safetensors").write_bytes(b"x")
    assert found("null").kind == "null"
    assert found("postcard").kind == "postcard"
    assert found("sd", tmp_path) == Located("sd", "folder", tmp_path / "sd")
    assert found(str(tmp_path / "sd")).path == tmp_path / "sd"
    assert found("one.safetensors", tmp_path).kind == "file"


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("nowhere", "is not on this machine"),
        ("empty", "holds no diffusers model"),
        ("old.ckpt", "not a `.safetensors`"),
    ],
)
def test_what_is_missing_is_told_with_a_hint(tmp_path: Path, reference: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "old.ckpt").write_bytes(b"pickle")
    place = locate(reference, tmp_path)
    assert isinstance(place, MissingModel)
    assert said in place.message
    assert f"`{reference}`" in place.message
    assert place.hint


def test_digest_follows_content_not_place(tmp_path: Path) -> None:
    a = digest(found(str(folder(tmp_path / "a"))))
    b = digest(found(str(folder(tmp_path / "b"))))
    c = digest(found(str(folder(tmp_path / "c", b"others"))))
    assert a == b
    assert a != c
    assert len(digest(found("null"))) == 64


def test_kept_digest_is_used_until_the_file_changes(tmp_path: Path) -> None:
    place = found(str(folder(tmp_path / "a")))
    cache = tmp_path / "cache"
    first = digest(place, cache)
    kept = json.loads((cache / "models.json").read_text())
    (stamp,) = kept
    assert kept[stamp] == first
    (cache / "models.json").write_text(json.dumps({stamp: "0" * 64}))
    assert digest(place, cache) == "0" * 64
    weights = tmp_path / "a" / "unet" / "model.safetensors"
    os.utime(weights, (1, 1))
    assert digest(place, cache) == first
    (cache / "models.json").write_text("not json")
    assert digest(place, cache) == first


def test_finding_a_model_imports_no_heavy_library() -> None:
    code = (
        "import sys; from anim_runtime.models.library import digest, locate; digest(locate('postcard'));"
        "print([m for m in ('torch', 'diffusers', 'transformers', 'numpy') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
