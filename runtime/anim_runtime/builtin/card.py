"""Where the built-in model is, and what it is."""

import json
from pathlib import Path
from typing import Any

POSTCARD = Path(__file__).parent / "postcard"


def card() -> dict[str, Any]:  # Any: the card is JSON
    """The model card of `postcard`: name, version, sha256, training, evaluation."""
    fields: dict[str, Any] = json.loads((POSTCARD / "model_card.json").read_text())
    return fields
