"""What no editor sends, and what none should: the server answers, and goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.studio.lsp.talking import SOON, START, environment

URI = "file:///nowhere/film.anim"


def _frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _message(method: str, params: Any, number: object = None) -> bytes:
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    return _frame(json.dumps(message if number is None else {**message, "id": number}).encode())


def _change(text: str, *range: int, version: int) -> bytes:
    start, end = ({"line": range[at], "character": range[at + 1]} for at in (0, 2))
    change = {"range": {"start": start, "end": end}, "text": text}
    params = {"textDocument": {"uri": URI, "version": version}, "contentChanges": [change]}
    return _message("textDocument/didChange", params)


def _answers(folder: Path, *sent: bytes) -> tuple[int, list[dict[str, Any]]]:
    """The exit code of a server that was sent all of it, and what it said."""
    server = subprocess.run(
        [sys.executable, "-c", START, "lsp"],
        input=b"".join(sent),
        capture_output=True,
        cwd=folder,
        env=environment(folder),
        timeout=SOON,
        check=False,
    )
    rest, found = server.stdout, []
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(head.split(b"\r\n")[0].removeprefix(b"Content-Length: "))
        found.append(json.loads(rest[:length]))
        rest = rest[length:]
    return server.returncode, found


INITIALIZE = _message("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
INITIALIZED = _message("initialized", {})
OPEN = _message(
    "textDocument/didOpen",
    {"textDocument": {"uri": URI, "languageId": "anim", "version": 1, "text": "length = 2s\n"}},
)
DOCUMENT = {"textDocument": {"uri": URI}}
SYMBOLS = "textDocument/documentSymbol"


def _error(found: list[dict[str, Any]], number: object) -> int:
    answer: dict[str, Any] = next(each for each in found if each.get("id") == number and "method" not in each)
    return int(answer["error"]["code"])


def test_nothing_that_is_sent_ends_the_server(tmp_path: Path) -> None:
    far = {"line": 2**31 - 1, "character": 2**31 - 1}
    code, found = _answers(
        tmp_path,
        b"GET / HTTP/1.1\r\nHost: here\r\n\r\n",
        _message(SYMBOLS, DOCUMENT, 10),  # before `initialize`
        INITIALIZE,
        INITIALIZED,
        _message("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 11),
        _frame(b"{ this is no JSON"),
        _frame(b"\xff\xfe\x00"),
        _frame(b"[" * 100_000),
        _frame(b"[1, 2]"),
        _frame(b'{"jsonrpc": "1.0", "id": 12, "method": "x"}'),
        _frame(b'{"jsonrpc": "2.0", "id": [13], "method": "x"}'),
        _message("no/such", {}, 14),
        _message("textDocument/hover", {"textDocument": 3}, 15),
        _message("textDocument/hover", None, 16),
        _message("$/cancelRequest", {"id": 999}),
        _message("textDocument/didChange", {"nothing": True}),
        _change("x", 0, 0, 0, 0, version=2),  # of a document that is not open
        OPEN,
        _change("\ud83d", 1, 0, 1, 0, version=2),  # a half of a character
        _change("\ude00", 1, 1, 1, 1, version=3),  # and the other
        _change("# ", 1, 0, 1, 0, version=4),
        _change("tail", 2**31 - 1, 2**31 - 1, 2**31 - 1, 2**31 - 1, version=5),
        _change("", 9, 9, 0, 2**31 - 1, version=6),  # that ends before it begins
        _change("\ud800", 1, 0, 1, 0, version=7),  # a half that stays alone
        _message("textDocument/hover", {**DOCUMENT, "position": far}, 17),
        _message("textDocument/completion", {**DOCUMENT, "position": far}, 18),
        _message(SYMBOLS, {"textDocument": {"uri": "file://[broken"}}, 19),
        _message(SYMBOLS, {"textDocument": {"uri": "git:/film.anim?{}"}}, 20),
        _message("workspace/executeCommand", {"command": "rm", "arguments": ["-rf"]}, 21),
        _message("workspace/executeCommand", {"command": "anim.explain", "arguments": [{"a": 1}]}, 22),
        _message("workspace/executeCommand", {"command": "anim.renderScene", "arguments": []}, 26),
        _frame(b'{"jsonrpc": "2.0", "id": 27, "method": 3}'),
        _message(SYMBOLS, DOCUMENT, 23),
        _message("shutdown", None, 24),
        _message(SYMBOLS, DOCUMENT, 25),
        _message("exit", None),
    )
    assert code == 0
    assert _error(found, 10) == -32002
    assert [_error(found, number) for number in (11, 12, 25, 27)] == [-32600] * 4
    assert [each["error"]["code"] for each in found if each.get("id", 0) is None] == [
        *[-32700] * 3,
        *[-32600] * 2,
    ]
    assert _error(found, 14) == -32601
    assert {_error(found, 15), _error(found, 16)} <= {-32602, -32603}
    assert _error(found, 21) == -32602
    assert _error(found, 22) == _error(found, 26) == -32803
    assert "Exception occurred" not in (tmp_path / "cache" / "logs" / "lsp.log").read_text()
    for number in (17, 18, 19, 20, 23, 24):
        assert "error" not in next(each for each in found if each.get("id") == number)


def test_how_it_ends(tmp_path: Path) -> None:
    # the end of its input is no mistake; leaving without a word is
    assert _answers(tmp_path, INITIALIZE, b"Content-Length: 1000\r\n\r\n{")[0] == 0
    assert _answers(tmp_path, INITIALIZE, _message("exit", None))[0] == 1


def test_a_text_without_end(tmp_path: Path) -> None:
    huge = "let a = 1\n" * 150_000
    opened = {"uri": URI, "languageId": "anim", "version": 1, "text": huge}
    _, found = _answers(
        tmp_path,
        INITIALIZE,
        INITIALIZED,
        _message("textDocument/didOpen", {"textDocument": opened}),
        _message("textDocument/codeAction", {
            **DOCUMENT,
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
            "context": {"diagnostics": []},
        }, 2),
        _message(SYMBOLS, DOCUMENT, 3),
        _message("shutdown", None, 4),
        _message("exit", None),
    )  # fmt: skip
    told = [each["params"] for each in found if each.get("method") == "textDocument/publishDiagnostics"]
    assert not told or [each["code"] for each in told[-1]["diagnostics"]] == ["E1002"]
    assert {2, 3, 4} <= {each.get("id") for each in found}
