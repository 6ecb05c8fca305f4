"""Write the estimator in the form that ships: `python -m tools.depth.export WORK [--into FOLDER]`."""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from anim_runtime.depth.builtin import FOLDER
from anim_runtime.depth.net import DepthNet
from tools.postcard import state

VERSION = "1.0.0"
LIMIT_BYTES = 4_000_000
WEIGHTS = "depth.safetensors"


def weights(net: DepthNet) -> dict[str, torch.Tensor]:
    """The network's numbers as they ship: half precision, without what only training counts."""
    kept = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    return {k: v.detach().half().contiguous().cpu() for k, v in kept.items()}


def write(net: DepthNet, folder: Path, training: dict[str, Any], evaluation: dict[str, Any]) -> None:
    """Write the weights and `model_card.json`; ValueError if they are larger than may ship."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS
    save_file(weights(net), path)
    path.chmod(0o644)
    card = {
        "name": "estimator",
        "version": VERSION,
        "description": "depth of one picture, as the logarithm of distance",
        "license": "the project's own; every training picture was drawn by tools/postcard and tools/depth",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "training": training,
        "evaluation": evaluation,
    }
    (folder / "model_card.json").write_text(json.dumps(card, indent=2) + "\n")
    if path.stat().st_size > LIMIT_BYTES:
        raise ValueError(f"{path.stat().st_size} bytes; {LIMIT_BYTES} may ship")


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and write; `evaluation.json` of the work folder, if it is there, goes into the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--into", type=Path, default=FOLDER)
    options = parser.parse_args(arguments)
    held = state.load(options.work / "train.pt")
    net = DepthNet()
    net.load_state_dict(held["net"])
    measured = options.work / "evaluation.json"
    training = {
        "steps": held["step"],
        "pictures": held["step"] * held.get("batch", 32),
        "minutes": round(held["seconds"] / 60, 1),
        "parameters": sum(p.numel() for p in net.parameters()),
        "torch": torch.__version__,
    }
    write(net.eval(), options.into, training, json.loads(measured.read_text()) if measured.exists() else {})
    print("bytes", (options.into / WEIGHTS).stat().st_size)


if __name__ == "__main__":
    main()
