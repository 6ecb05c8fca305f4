"""The language server as an editor meets it: a child process with which it speaks over pipes."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.studio.lsp.talking import HEAVY, SOON, START, Editor, editor, environment, insert, loaded

FILM = """\
length = 4s
let sway = 3deg
prompt { 0s: "a forest" }
camera 2d { roll = sway * u; zom = 1 + u }
"""


async def test_a_session_from_the_first_message_to_the_last(tmp_path: Path) -> None:
    uri = (tmp_path / "film.anim").as_uri()
    name = types.TextDocumentIdentifier(uri)
    async with editor(tmp_path) as client:
        ask = client.client
        client.open(uri, FILM)
        (slip,) = await client.diagnostics(uri, 1)
        assert (slip.code, slip.source) == ("E2003", "anim")
        assert slip.range == types.Range(types.Position(3, 29), types.Position(3, 32))
        assert "did you mean `zoom`?" in slip.message

        context = types.CodeActionContext([slip])
        actions = await ask.text_document_code_action_async(types.CodeActionParams(name, slip.range, context))
        assert actions is not None
        assert [action.title for action in actions] == ["replace `zom` with `zoom`", "explain E2003"]

        place = types.Position(1, 5)
        edit = await ask.text_document_rename_async(types.RenameParams(name, place, "swing"))
        assert edit is not None
        assert edit.changes is not None
        assert [(each.range.start.line, each.new_text) for each in edit.changes[uri]] == [
            (1, "swing"),
            (3, "swing"),
        ]
        with pytest.raises(JsonRpcException, match="`bass` is a name of the language already"):
            await ask.text_document_rename_async(types.RenameParams(name, place, "bass"))

        client.change(uri, 2, [insert(3, 29, "zoom", removed=3)])
        assert not await client.diagnostics(uri, 2)
        told = await ask.workspace_execute_command_async(
            types.ExecuteCommandParams("anim.explain", ["E2003"])
        )
        assert "E2003" in str(told)
        client.close(uri)
        assert not await client.diagnostics(uri, None)

        # this client watches no files, so the server looks at them itself
        other = (tmp_path / "other.anim").as_uri()
        client.open(other, 'import "late.anim"\nlength = 1s\nprompt = "x"\n')
        assert [each.code for each in await client.diagnostics(other, 1)] == ["E4002"]
        (tmp_path / "late.anim").write_text("let glow = 1\n")
        assert (await _until(client, other, "W6001")).message.startswith("nothing of `late.anim` is used")
        assert await client.leave() == 0
    assert not HEAVY & loaded(tmp_path)


async def test_versions_that_were_overtaken_are_not_told(tmp_path: Path) -> None:
    uri = (tmp_path / "film.anim").as_uri()
    async with editor(tmp_path) as client:
        client.open(uri, 'length = 2s\nprompt = "x"\n')
        wrong = [insert(2, 0, f"let a{number} = nothing{number}\n") for number in range(30)]
        for number, change in enumerate(wrong):
            client.change(uri, number + 2, [change])
        last = await client.diagnostics(uri, 31)
        assert len(last) >= 30
        for told in client.told[uri]:
            # each was said of the text that it was said of: one error for each change that there was then
            errors = [d for d in told.diagnostics if d.severity is types.DiagnosticSeverity.Error]
            assert len(errors) == (told.version or 0) - 1
        assert [told.version for told in client.told[uri]] == sorted(
            {told.version or 0 for told in client.told[uri]}
        )
        assert await client.leave() == 0


async def test_an_open_library_counts_before_it_is_saved(tmp_path: Path) -> None:
    library, film = tmp_path / "looks.anim", tmp_path / "film.anim"
    library.write_text("let glow = 0.2\n")
    (tmp_path / "anim.toml").write_text("")
    space = types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    )
    async with editor(tmp_path, capabilities=types.ClientCapabilities(space)) as client:
        uri, other = film.as_uri(), library.as_uri()
        client.open(
            uri, 'import "looks.anim"\nlength = 2s\nprompt = "x"\ncamera 2d { zoom = 1 + glow * u }\n'
        )
        assert not await client.diagnostics(uri, 1)
        assert client.asked == ["workspace/didChangeWatchedFiles"]

        client.open(other, "let glow = 0.2\n")
        client.change(other, 2, [insert(0, 4, "shine", removed=4)])
        told = await _until(client, uri, "E2001")
        assert "`glow`" in told.message

        # closed without being saved: what lies on the disk counts again
        client.close(other)
        await _until(client, uri, None)

        library.write_text("let shine = 0.2\n")
        change = types.FileEvent(other, types.FileChangeType.Changed)
        client.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
        await _until(client, uri, "E2001")
        assert await client.leave() == 0


async def _until(client: Editor, uri: str, code: str | None) -> types.Diagnostic:
    """Waits until this is the first that is said of a document, or nothing."""

    def there() -> bool:
        last = client.told[uri][-1].diagnostics
        return last[0].code == code if last else code is None

    async with client.news:
        await asyncio.wait_for(client.news.wait_for(there), SOON)
        last = client.told[uri][-1].diagnostics
    return last[0] if last else types.Diagnostic(types.Range(types.Position(0, 0), types.Position(0, 0)), "")


async def test_a_client_that_fetches_diagnostics_is_told_none(tmp_path: Path) -> None:
    capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
        general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8]),
        workspace=types.WorkspaceClientCapabilities(configuration=True),
    )
    uri = "untitled:Untitled-1"
    async with editor(tmp_path, capabilities=capabilities) as client:
        client.open(uri, FILM)
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        report = await client.client.text_document_diagnostic_async(params)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert [each.code for each in report.items] == ["E2003"]
        whole = 'length = 1s\nprompt = "🌧"; zom = 2\n'
        client.change(uri, 2, [types.TextDocumentContentChangeWholeDocument(whole)])
        report = await client.client.text_document_diagnostic_async(params)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert [each.code for each in report.items] == ["E2003"]
        # columns count bytes, as this client asked
        assert report.items[0].range.start == types.Position(1, 17)
        assert not client.told
        # it has no settings for us, and is not asked again and again
        assert client.asked == [types.WORKSPACE_CONFIGURATION]
        assert await client.leave() == 0


async def test_a_feature_that_breaks_is_an_answer_and_a_log(tmp_path: Path) -> None:
    breaking = START.replace(
        "code = main()",
        "from anim_studio.lsp.features import folding\n"
        "def broken(made, params): raise KeyError('folding')\n"
        "folding.folding_ranges = broken\n"
        "code = main()",
    )
    uri = (tmp_path / "film.anim").as_uri()
    name = types.TextDocumentIdentifier(uri)
    async with editor(tmp_path, start=breaking) as client:
        client.open(uri, FILM)
        for _ in range(2):
            with pytest.raises(JsonRpcException, match=r"the details are in .*crash-"):
                await client.client.text_document_folding_range_async(types.FoldingRangeParams(name))
        found = await client.client.text_document_document_symbol_async(types.DocumentSymbolParams(name))
        assert found
        assert await client.leave() == 0
    (log,) = (tmp_path / "cache" / "logs").glob("crash-*.log")
    assert "KeyError: 'folding'" in log.read_text()


async def test_a_server_whose_parent_has_gone_ends(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    async with editor(tmp_path, process_id=parent.pid) as client:
        parent.kill()
        await parent.wait()
        # its standard input is open still
        assert await client.ended() == 0


async def test_a_socket(tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START, "lsp", "--tcp", "0",
        cwd=tmp_path, env=environment(tmp_path), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert server.stderr is not None
    line = (await asyncio.wait_for(server.stderr.readline(), SOON)).decode()
    host, _, port = line.removeprefix("listening on ").strip().partition(":")
    from pygls.lsp.client import LanguageClient

    client = LanguageClient("test", "1")
    await client.start_tcp(host, int(port))
    made = await client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
    assert made.server_info is not None
    assert made.server_info.name == "anim"
    await client.shutdown_async(None)
    client.exit(None)
    assert await asyncio.wait_for(server.wait(), SOON) == 0
    client._stop_event.set()
    await asyncio.gather(*client._async_tasks)
