"""The text of every generated table."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from anim_dsl.automaton import build
from anim_grammar.files import checksum

GRAMMAR = Path(__file__).parents[2] / "grammar" / "anim_grammar"
FOLDER = GRAMMAR / "tables"


def tables() -> dict[Path, str]:
    """What each generated file must hold."""
    found = {FOLDER / "automaton.json": _automaton()}
    for path in sorted(GRAMMAR.glob("*.toml")):
        found[FOLDER / f"{path.stem}.json"] = _toml(path)
    return found


def stale() -> list[Path]:
    """The generated files that are missing or old, and those that nothing makes any more."""
    wanted = tables()
    unknown = [path for path in sorted(FOLDER.glob("*.json")) if path not in wanted]
    return unknown + [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def _automaton() -> str:
    made = asdict(build((GRAMMAR / "anim.lark").read_text(encoding="utf-8")))
    return _text(made)


def _toml(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return _text({"checksum": checksum(text), "content": tomllib.loads(text)})


def _text(table: dict[str, Any]) -> str:  # Any: JSON's values
    """A row a line, so that differences can be read. Raises TypeError for what JSON does not know."""
    parts = []
    for name, value in table.items():
        if isinstance(value, dict) and value:
            rows = [f"{json.dumps(key)}: {json.dumps(row)}" for key, row in value.items()]
            parts.append(f"{json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n}")
        elif isinstance(value, list | tuple) and value:
            parts.append(f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(row) for row in value) + "\n]")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
