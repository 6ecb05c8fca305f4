"""Write the model in the form that ships: `python -m tools.postcard.export WORK [--into FOLDER]`."""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from anim_runtime.builtin import POSTCARD
from anim_runtime.builtin.codec import PostcardCodec
from tools.postcard import model, state, tokens
from tools.postcard.train import Pair

VERSION = "1.1.0"
LIMIT_BYTES = 15_000_000


def averaged(work: Path) -> tuple[Pair, dict[str, Any]]:
    """The averaged networks of a work folder, and their checkpoint."""
    held = state.load(work / "train.pt")
    pair = Pair(PostcardCodec().channels)
    for parameter, shadow in zip(pair.parameters(), held["average"], strict=True):
        parameter.data.copy_(shadow)
    return pair.eval(), held


def trained_codec(work: Path) -> PostcardCodec:
    """The codec of a work folder: its linear half, and its networks if they are trained."""
    codec = PostcardCodec()
    if (work / "codec.pt").exists():
        codec.load_state_dict(state.load(work / "codec.pt")["codec"])
    basis = state.load(work / "basis.pt")
    for name in ("basis", "mean", "scale"):
        getattr(codec, name).copy_(basis[name])
    return codec.eval()


def fingerprint(folder: Path) -> str:
    """One sha256 over the names and contents of all files but the card."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "model_card.json"):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def size_bytes(folder: Path) -> int:
    """The size of all files in a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def write_card(folder: Path, training: dict[str, Any], evaluation: dict[str, Any]) -> None:
    """Write `model_card.json`; `folder` is otherwise complete."""
    card = {
        "name": "postcard",
        "version": VERSION,
        "description": "landscapes and a few studio products, 128 px, drawn by this project's own generator",
        "license": "the project's own; every training picture was drawn by tools/postcard",
        "sha256": fingerprint(folder),
        "training": training,
        "evaluation": evaluation,
        "recommended": {
            "native_px": 128, "sampler": "euler a", "spacing": "trailing", "steps": 16, "cfg": 3.0,
            "tokens": tokens.LENGTH,
        },
    }  # fmt: skip
    (folder / "model_card.json").write_text(json.dumps(card, indent=2) + "\n")


def export(work: Path, folder: Path) -> None:
    """Write the whole folder from the averaged weights."""
    pair, held = averaged(work)
    pair.unet.half().save_pretrained(folder / "unet")
    pair.text.half().save_pretrained(folder / "text_encoder")
    tokens.save(folder / "tokenizer")
    model.scheduler().save_pretrained(folder / "scheduler")
    trained_codec(work).save(folder / "codec")
    training = {
        "steps": held["step"],
        "pictures_seen_128px": held["step"] * held.get("batch", 32),  # wider ones counted by their pixels
        "minutes": round(held["seconds"] / 60, 1),
        "parameters": sum(p.numel() for p in pair.parameters()),
        "torch": torch.__version__,
    }
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    measured = work / "evaluation.json"
    evaluation = json.loads(measured.read_text()) if measured.exists() else {}
    write_card(folder, training, evaluation)
    if size_bytes(folder) > LIMIT_BYTES:
        raise ValueError(f"{size_bytes(folder)} bytes; {LIMIT_BYTES} may ship")


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--into", type=Path, default=POSTCARD)
    options = parser.parse_args(arguments)
    export(options.work, options.into)
    print("bytes", size_bytes(options.into))


if __name__ == "__main__":
    main()
