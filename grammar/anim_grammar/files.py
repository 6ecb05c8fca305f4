"""Reading the files of this package, and the tables that were generated from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zlib import crc32

_FOLDER = Path(__file__).parent


def read(name: str) -> str:
    """The text of one of the package's files."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def font() -> Path:
    """The font that texts are drawn with where a film names none: a part of DejaVu Sans."""
    return _FOLDER / "fonts" / "DejaVuSans.ttf"


def read_table(name: str) -> dict[str, Any]:  # Any: JSON's values
    """The generated table of one of the package's files, which `checksum` of that file's text fits or not."""
    table: dict[str, Any] = json.loads(read(f"tables/{name}.json"))
    return table


def checksum(text: str) -> int:
    """What tells whether a table was made from this text."""
    return crc32(text.encode())


def read_toml(name: str) -> dict[str, Any]:  # Any: TOML's values
    """The content of `name.toml`: its generated table if that is fresh, else the parsed file.

    The table is there because reading TOML takes longer than checking a film.
    """
    text = read(f"{name}.toml")
    try:
        table = read_table(name)
    except FileNotFoundError:
        table = {}
    if table.get("checksum") == checksum(text):
        content: dict[str, Any] = table["content"]
        return content
    import tomllib

    return tomllib.loads(text)
