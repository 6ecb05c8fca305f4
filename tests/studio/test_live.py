"""`anim live` as a command: where it refuses, and what its process does not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from anim_studio.cli import main

HEAVY = ["torch", "cv2", "librosa", "diffusers", "scipy", "numba", "av", "transformers", "soundfile"]


def test_without_a_terminal_it_says_what_to_do_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    (tmp_path / "a.anim").write_text('prompt { 0s: "a" }\n')
    assert main(["live", str(tmp_path / "a.anim")]) == 2
    told = capsys.readouterr().err
    assert "`anim live` needs a terminal" in told
    assert "anim preview" in told


def test_the_process_of_the_screen_stays_light() -> None:
    code = (
        "import sys, anim_studio.commands.live, anim_studio.tui.app, anim_studio.live.loop, "
        "anim_studio.live.paint.painter, anim_studio.renders; "
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
