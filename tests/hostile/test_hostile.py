"""The hostile corpus through the real command: each film has its verdict, and nothing else happens."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from tests.hostile.cases import CASES, Case
from tests.hostile.child import Warm, lay_out, run, watched

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and usage of a child process are POSIX's")

RSS_MB = 256
WIDEST = 200
"""Columns of the longest line that may be printed: hints and messages are not wrapped."""
MOST_TOLD = 21
_TOLD = re.compile(r"^(?:error|warning|note)\[([EW]\d{4})\]", re.MULTILINE)


def marked(case: Case) -> ParameterSet:
    reason = case.broken
    return pytest.param(
        case, id=case.id, marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    )


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """The process that the films are forked from."""
    process = Warm(tmp_path_factory.mktemp("warm"))
    yield process
    process.close()


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_verdict(case: Case, warm: Warm, tmp_path: Path) -> None:
    ended = warm.run(lay_out(case, tmp_path), tmp_path)
    assert "Traceback" not in ended.said
    assert ended.code == case.exit, ended.said[:2000]
    assert ended.deeds == ""
    assert ended.rss_mb <= RSS_MB
    assert_shown_safely(ended.said)
    codes = _TOLD.findall(ended.out)
    assert codes[:1] == ([case.code] if case.code else codes[:1]), ended.said[:2000]
    assert not case.codes or tuple(codes) == case.codes
    assert len(codes) <= MOST_TOLD
    assert case.says in ended.said
    assert not [word for word in case.hides if word in ended.said]
    assert not (tmp_path / "project" / "pwned").exists()


def assert_shown_safely(said: str) -> None:
    """No control, bidirectional or other invisible character, and no line that floods a terminal."""
    assert unsafe(said) == []
    assert max(map(len, said.splitlines()), default=0) <= WIDEST


def unsafe(said: str) -> list[str]:
    """Characters that a terminal obeys or hides instead of showing them."""
    return sorted({f"U+{ord(char):04X}" for char in said if not (char.isprintable() or char == "\n")})


# these in processes of their own, as users start them
@pytest.mark.parametrize("format", ["concise", "json"])
@pytest.mark.parametrize("name", ["H04-control-bytes", "H15-error-flood", "H40-escapes-shown"])
def test_other_formats_are_as_safe(name: str, format: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.id == name)
    ended = run(lay_out(case, tmp_path), tmp_path, "--format", format)
    assert ended.code == case.exit
    assert unsafe(ended.said) == []
    assert format != "json" or json.loads(ended.out)


def test_a_playlist_fetches_nothing(tmp_path: Path) -> None:
    """The decoder's own sockets are not seen by the watcher, so somebody listens where they would call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n"
        film = 'prompt { 0s: "a" }\naudio a = "list.m3u8"\nvideo b = "list.m3u8"\nsource = b\n'
        run(lay_out(Case("", film, 1, files={"list.m3u8": playlist}), tmp_path), tmp_path)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_watcher_sees(tmp_path: Path) -> None:
    """The hook itself works: a child that opens a socket and writes a file is written down."""
    log, hidden = tmp_path / "deeds.log", tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "secret").write_text("x")
    deed = "import socket; socket.socket(); open('new', 'w'); open('hidden/secret'); import os; os.mkdir('d')"
    rules: dict[str, str | list[str]] = {"log": str(log), "write": [], "hidden": str(hidden), "read": []}
    subprocess.run([sys.executable, "-c", deed], cwd=tmp_path, env=watched(rules), check=True)
    deeds = log.read_text(encoding="utf-8")
    assert all(word in deeds for word in ("socket.", "/new", "/hidden/secret", "os.mkdir"))


def test_the_watcher_sees_what_a_fork_does(warm: Warm, tmp_path: Path) -> None:
    film = lay_out(Case("", "fps  =  24", 0), tmp_path)
    ended = warm.run(film, tmp_path, "fmt")
    assert ended.code == 0
    assert film.read_text(encoding="utf-8") == "fps = 24\n"
    assert any(line.startswith("writes ") for line in ended.deeds.splitlines())


def test_every_idea_of_the_corpus_has_a_case() -> None:
    assert {case.id[:3] for case in CASES} == {f"H{number:02}" for number in range(1, 41)}
    assert len({case.id for case in CASES}) == len(CASES)
