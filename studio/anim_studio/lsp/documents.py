"""The documents that an editor has open, as their texts are now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

from lsprotocol.types import TextDocumentContentChangeEvent

from anim_studio.lsp.checking import Checking, Wanted
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.places import file_of, paths_of, stand_in
from anim_studio.lsp.texts import changed, whole


@dataclass(frozen=True, slots=True)
class _Open:
    """One open document; `names` are those by which other films may read its file."""

    uri: str
    path: Path
    version: int
    text: str
    names: tuple[Path, ...]


class Documents:
    """Keeps the texts and hands each change on to be checked. Used from one thread.

    A text that is open counts for every film that imports it, saved or not.
    """

    def __init__(self, checking: Checking, desk: Desk, home: Path) -> None:
        self._checking = checking
        self._open: dict[str, _Open] = {}
        self._wanted: dict[str, Wanted] = {}
        self._numbers = count(1)
        self._home = home
        self._bytes: dict[Path, bytes] = {}
        self.desk = desk

    def __contains__(self, uri: object) -> bool:
        return uri in self._open

    @property
    def uris(self) -> tuple[str, ...]:
        """The addresses of all that is open."""
        return tuple(self._open)

    # --- what an editor does ---

    def opened(self, uri: str, version: int, text: str) -> None:
        """A document was opened; one that was open already begins anew."""
        file = file_of(uri)
        path = file or stand_in(uri, self.desk.roots[0] if self.desk.roots else self._home)
        self._put(_Open(uri, path, version, whole(text), () if file is None else paths_of(path)))

    def changed(self, uri: str, version: int, changes: Sequence[TextDocumentContentChangeEvent]) -> None:
        """A document was changed; one that is not open is left alone."""
        before = self._open.get(uri)
        if before is not None:
            text = changed(before.text, changes, self.desk.encoding)
            self._put(replace(before, version=version, text=text))

    def closed(self, uri: str) -> bool:
        """A document was closed, and its file counts again; whether it was open."""
        gone = self._open.pop(uri, None)
        if gone is None:
            return False
        self._wanted.pop(uri, None)
        self._checking.forget(uri)
        for name in gone.names:
            self._bytes.pop(name, None)
        self._share()
        self.touched(gone.names)
        return True

    def touched(self, paths: Collection[Path]) -> None:
        """Files are not what they were: whatever was made from them is made again."""
        self.again(self._checking.readers(paths))

    def again(self, uris: Iterable[str] | None = None) -> None:
        """Checks these documents again, or all."""
        for uri in self.uris if uris is None else uris:
            if uri in self._open:
                self._want(self._open[uri], is_first=False)

    def furnish(self, desk: Desk) -> None:
        """The client or its settings are others now."""
        self.desk = replace(desk, texts=self.desk.texts, uris=self.desk.uris)
        self.again()

    # --- what is asked ---

    def wanted(self, uri: str) -> Wanted | None:
        """What is to be known of a document as it is now; None if it is not open."""
        return self._wanted.get(uri)

    # --- inside ---

    def _put(self, document: _Open) -> None:
        before = self._open.get(document.uri)
        self._open[document.uri] = document
        data = document.text.encode("utf-8", "surrogatepass")
        self._bytes |= dict.fromkeys(document.names, data)
        self._share()
        self._want(document)
        if before is None or before.text != document.text:
            readers = self._checking.readers(document.names)
            self.again(uri for uri in readers if uri != document.uri)

    def _share(self) -> None:
        # one that a check holds stays as it was
        uris = {name: document.uri for document in self._open.values() for name in document.names}
        self.desk = replace(self.desk, texts=MappingProxyType(dict(self._bytes)), uris=MappingProxyType(uris))

    def _want(self, document: _Open, *, is_first: bool = True) -> None:
        wanted = Wanted(
            next(self._numbers), document.uri, document.path, document.version, document.text, self.desk
        )
        self._wanted[document.uri] = wanted
        self._checking.want(wanted, is_first=is_first)
