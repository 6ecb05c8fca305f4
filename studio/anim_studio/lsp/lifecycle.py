"""How a connection begins, and what a client tells besides documents: folders, settings, files."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from anim_studio.lsp.diagnostics import diagnostics_of
from anim_studio.lsp.places import file_of, paths_of
from anim_studio.lsp.protocol import BEGINS

if TYPE_CHECKING:
    from anim_studio.lsp.server import FilmServer

#: the files that a film may read are of any kind: songs, pictures, tables, locks
_WATCHED = "**/*"
#: LSP 3.17: the server gave up a request, and the client should ask again
_SERVER_CANCELLED = -32802


def register(server: FilmServer) -> None:
    """Puts all of it in the server's hands."""
    rows: tuple[tuple[str, Callable[[Any], object], Any], ...] = (
        (types.INITIALIZE, lambda params: _initialize(server, params), None),
        (types.INITIALIZED, lambda _: _initialized(server), None),
        (
            types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            lambda params: _configured(server, params.settings),
            None,
        ),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, lambda params: _files_changed(server, params), None),
        (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, lambda _: _folders_changed(server), None),
        (types.TEXT_DOCUMENT_DID_SAVE, lambda _: look(server), types.SaveOptions(include_text=False)),
        (
            types.TEXT_DOCUMENT_DIAGNOSTIC,
            _pulled(server),
            types.DiagnosticOptions(
                inter_file_dependencies=True, workspace_diagnostics=False, identifier="anim"
            ),
        ),
    )
    for method, handle, options in rows:
        server.feature(method, options)(handle)


# --- the beginning ---


def _initialize(server: FilmServer, params: types.InitializeParams) -> None:
    encoding = server.workspace.position_encoding
    options = params.initialization_options
    settings = options if isinstance(options, Mapping) else {}
    server.furnish(
        encoding=getattr(encoding, "value", encoding),
        client=params.capabilities,
        roots=_roots(server),
        settings=settings.get("anim", settings),
    )
    if params.process_id is not None:
        server.watch_parent(params.process_id)


def _initialized(server: FilmServer) -> None:
    space = server.documents.desk.client.workspace
    if space is None:
        server.look_regularly()
        return
    watching = space.did_change_watched_files
    if watching is not None and watching.dynamic_registration:
        _watch_files(server)
    else:
        server.look_regularly()
    if space.configuration:
        _fetch_settings(server)


def _watch_files(server: FilmServer) -> None:
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    row = types.Registration("anim-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    server.ask(types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams([row]))


# --- settings and folders ---


def _fetch_settings(server: FilmServer) -> None:
    def arrived(answer: Any) -> None:
        found = None if answer.cancelled() or answer.exception() is not None else answer.result()
        # a client without settings for us answers `null`, which told by itself would have us ask again
        if isinstance(found, list | tuple) and found and found[0] is not None:
            _configured(server, found[0])

    params = types.ConfigurationParams([types.ConfigurationItem(section="anim")])
    server.protocol.send_request(types.WORKSPACE_CONFIGURATION, params).add_done_callback(arrived)


def _configured(server: FilmServer, settings: object) -> None:
    """Settings as a client told them: those of `anim`, or all with `anim` among them; None tells to ask."""
    plain = _plain(settings)
    if not isinstance(plain, Mapping):
        space = server.documents.desk.client.workspace
        if settings is None and space is not None and space.configuration:
            _fetch_settings(server)
        return
    server.furnish(settings=plain.get("anim", plain) or {})
    server.publishing.refresh()


def _plain(settings: object) -> object:
    """JSON as JSON: pygls makes objects with attributes of what it does not know."""
    fields = getattr(settings, "_asdict", None)
    if fields is not None:
        return {name: _plain(value) for name, value in fields().items()}
    if isinstance(settings, Mapping):
        return {str(name): _plain(value) for name, value in settings.items()}
    return [_plain(each) for each in settings] if isinstance(settings, list | tuple) else settings


def _folders_changed(server: FilmServer) -> None:
    server.furnish(roots=_roots(server))


def _roots(server: FilmServer) -> tuple[Path, ...]:
    space = server.workspace
    uris = list(space.folders) or ([space.root_uri] if space.root_uri else [])
    return tuple(path for uri in uris if (path := file_of(uri)) is not None)


# --- files on the disk ---


def _files_changed(server: FilmServer, params: types.DidChangeWatchedFilesParams) -> None:
    paths = {
        name
        for change in params.changes
        if (path := file_of(change.uri)) is not None
        for name in paths_of(path)
    }
    _again(server, server.checking.readers(paths))


def look(server: FilmServer) -> None:
    """Checks those documents again of which a file on the disk is another now."""
    _again(server, server.checking.outdated())


def _again(server: FilmServer, uris: tuple[str, ...]) -> None:
    if uris:
        server.documents.again(uris)
        server.publishing.stale()


# --- diagnostics that a client fetches ---


def _pulled(server: FilmServer) -> Callable[[Any], Coroutine[Any, Any, Any]]:
    def begin(params: types.DocumentDiagnosticParams) -> Coroutine[Any, Any, Any]:
        uri = params.text_document.uri
        asked = server.answering.ask(uri)

        async def answer() -> types.RelatedFullDocumentDiagnosticReport:
            try:
                made = await server.answering.analysed(uri, *asked, waits="long")
            except JsonRpcException as overtaken:
                again = {"retriggerRequest": True}
                raise JsonRpcException(overtaken.message, _SERVER_CANCELLED, again) from None
            return types.RelatedFullDocumentDiagnosticReport([] if made is None else diagnostics_of(made))

        return answer()

    setattr(begin, BEGINS, True)
    return begin
