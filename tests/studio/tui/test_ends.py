"""How the screen ends when something goes wrong, without a terminal."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.studio.tui.stands import Stand, until

from anim_studio.cli.exits import Exit


def test_a_bug_ends_the_app_and_is_kept_for_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stand = Stand(tmp_path)

    def fail() -> None:
        raise RuntimeError("a bug of ours")

    stand.app.call_later(fail)
    stand.app.run(headless=True, size=(80, 24))
    assert str(stand.app.failure) == "a bug of ours"
    assert stand.compiling.closed
    assert stand.painter.closed
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, Exit.TERMINATED), (signal.SIGINT, Exit.INTERRUPTED)]
)
async def test_a_signal_ends_it_as_a_key_would(tmp_path: Path, number: signal.Signals, code: Exit) -> None:
    stand = Stand(tmp_path)
    async with stand.app.run_test(size=(80, 24)) as pilot:
        await stand.settle(pilot)
        os.kill(os.getpid(), number)
        await until(pilot, lambda: stand.app.return_value is not None)
    assert stand.app.return_value == code
    assert stand.painter.closed
