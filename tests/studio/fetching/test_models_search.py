"""`anim models search`, against the fake sites."""

from __future__ import annotations

import io
import json
import re
import sys

import numpy as np
import pytest
from PIL import Image
from tests.runtime.models.fake_sites import FakeSites, Fault, safetensors

from anim_dsl.visible import width
from anim_studio.cli.terminal import open_terminal
from anim_studio.fetching import previews
from anim_studio.fetching.hits import counted, cut


def test_both_sites_on_lines_of_80_cells(anim, sites: FakeSites) -> None:
    sites.add_model(9, "Neon " + "very long name " * 9, {91: safetensors(500)})
    said = anim("models", "search", "neon")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "Civitai: 3 models"
    assert "Hugging Face: 1 model" in lines
    assert any("civitai:82098@87153" in line for line in lines)
    assert any("hf:someone/neon-lora" in line for line in lines)
    assert all(width(line) <= 80 for line in lines)
    assert "Neon Night" not in said.out


def test_nothing(anim, sites: FakeSites) -> None:
    said = anim("models", "search", "there", "is", "none")
    assert said.out == "Civitai: nothing like that\nHugging Face: nothing like that\n"


def test_json_is_all_of_it(anim, sites: FakeSites) -> None:
    rows = json.loads(anim("models", "search", "neon", "--json", "--nsfw").out)
    assert [row["site"] for row in rows] == ["civitai"] * 3 + ["hf"]
    assert rows[0]["trigger_words"] == ["neon glow"]
    assert rows[2]["is_nsfw"] is True


def test_more_than_is_shown(anim, sites: FakeSites) -> None:
    said = anim("models", "search", "neon", "--source", "civitai", "--limit", "1")
    assert said.out.splitlines()[0] == "Civitai: 1 model, and more: `--limit 2` shows them"


def test_a_site_that_is_away_is_told_of_and_the_other_shown(anim, sites: FakeSites) -> None:
    sites.fail("/api/v1/models", Fault(403, body=b'{"error": "away"}'))
    said = anim("models", "search", "neon")
    assert said.code == 0
    assert "hf:someone/neon-lora" in said.out
    assert "Civitai was left out" in said.err
    sites.fail("/api/v1/models", Fault(403))
    said = anim("models", "search", "neon", "--source", "civitai")
    assert said.code == 7
    assert "answers 403" in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--limit", "0"], "is no number of models"),
        (["--json", "--pictures"], "shows no pictures"),
        (["--type", "loar"], "lora"),
        (["--sort", "best"], "downloads"),
        (["--source", "github"], "civitai"),
        (["--sorce", "hf"], "--source"),
    ],
)
def test_slips(anim, sites: FakeSites, words: list[str], says: str) -> None:
    said = anim("models", "search", *words)
    assert said.code == 2
    assert says in said.err
    assert sites.seen == []


def picture(width_px: int = 90, height_px: int = 60) -> bytes:
    pixels = np.zeros((height_px, width_px, 3), np.uint8)
    pixels[:, : width_px // 2] = (255, 0, 0)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_previews_in_half_blocks(anim, sites: FakeSites) -> None:
    sites.put("/preview/87153.png", picture(), content_type="image/png")
    said = anim("--colour", "always", "models", "search", "neon city", "--source", "civitai", "--pictures")
    rows = [line for line in said.out.splitlines() if "▀" in line]
    assert len(rows) == 12
    assert "\x1b[38;2;255;0;0m" in rows[0]
    assert all(len(re.sub(r"\x1b\[[0-9;]*m", "", row)) <= 80 for row in rows)
    plain = anim("models", "search", "neon city", "--source", "civitai", "--pictures")
    assert "needs colours" in plain.out


@pytest.mark.parametrize("data", [b"", b"<html>", picture()[:60], b"GIF89a" + bytes(50)])
def test_a_preview_that_is_none_is_left_out(anim, sites: FakeSites, data: bytes) -> None:
    sites.put("/preview/87153.png", data)
    said = anim("--colour", "always", "models", "search", "neon city", "--source", "civitai", "--pictures")
    assert said.code == 0
    assert "▀" not in said.out


def test_a_preview_that_unpacks_to_too_much() -> None:
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    assert previews.decoded(file.getvalue()) is None


def test_kitty_gets_pixels_in_pieces() -> None:
    written = previews.kitty(np.zeros((60, 90, 3), np.uint8))
    assert written.startswith("\x1b_Ga=T,f=24,s=360,v=240,c=36,r=12,q=2,m=1;")
    assert written.endswith("\x1b\\")
    assert "m=0;" in written
    assert all(len(piece) < 4200 for piece in written.split("\x1b\\"))


@pytest.mark.parametrize(
    ("term", "begins"), [("foot", "\x1bP"), ("xterm-kitty", "\x1b_Ga=T"), ("xterm-256color", "▀")]
)
def test_a_terminal_gets_what_it_draws(monkeypatch: pytest.MonkeyPatch, term: str, begins: str) -> None:
    class Screen(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    screen = Screen()
    for name in (
        "TMUX",
        "STY",
        "SSH_CONNECTION",
        "SSH_TTY",
        "KITTY_WINDOW_ID",
        "VTE_VERSION",
        "TERM_PROGRAM",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stdout", screen)
    previews.Previews(open_terminal(True), lambda address, most: picture()).show("https://x/y.png")
    drawn = screen.getvalue()
    assert begins in drawn
    assert drawn.count("\x1bP") == (term == "foot")
    assert drawn.count("\n") == (1 if term == "xterm-kitty" else 12)


def test_the_smaller_version_of_a_preview_is_asked_for() -> None:
    assert previews.small("https://i/x/original=true/1.jpeg") == "https://i/x/width=450/1.jpeg"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (987, "987"), (12_345, "12.3k"), (999_999, "1.0M"), (456_000, "456k")],
)
def test_counts(number: int, text: str) -> None:
    assert counted(number) == text


def test_texts_are_cut_by_their_cells() -> None:
    assert cut("a\nb\x1b", 20) == "a\\x0ab\\x1b"
    assert cut("霓虹城市", 5) == "霓虹…"
