"""Model files by their headers: only what is a whole safetensors file is taken; no number of it is read."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.compiler.film_texts import checked, codes
from tests.staging import staged

FILM = 'length = 2s\nprompt { 0s: "a" }\nlora style = "style.safetensors"\n'
WHOLE = staged()["grain.safetensors"]

WRONG = {
    "a pickle": b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR.",
    "a zip archive": b"PK\x03\x04" + bytes(60),
    "terabytes of header": struct.pack("<Q", 1 << 42) + b"{}",
    "a header beyond the format's limit": struct.pack("<Q", 100_000_001) + b"{}",
    "a header beyond the file": WHOLE[: len(WHOLE) // 4],
    "no JSON": struct.pack("<Q", 2) + b"[]" + bytes(60),
    "nearly nothing": b"\x00\x01",
    "nothing": b"",
}


@pytest.mark.parametrize("word", ["lora style", "embedding style", "model", "vae"])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_safetensors_file_is_one_error(word: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "style.safetensors").write_bytes(WRONG[what])
    assert codes(FILM.replace("lora style", word), tmp_path) == ["E4010"]


def test_a_header_that_is_too_long_is_refused_by_its_first_bytes(tmp_path: Path) -> None:
    """A header of 90 MB in a file without blocks on the disk: nothing of it is read."""
    with (tmp_path / "style.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", 90_000_000) + b"{")
        file.truncate(5_000_000_000)
    assert codes(FILM, tmp_path) == ["E4010"]


def test_a_whole_file_is_taken(tmp_path: Path) -> None:
    (tmp_path / "style.safetensors").write_bytes(WHOLE)
    assert [d.code for d in checked(FILM, tmp_path)[1]] == []
