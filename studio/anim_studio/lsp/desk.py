"""What surrounds a document: the client, its settings, the other open texts, and work for later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol.types import ClientCapabilities

from anim_studio.lsp.later import Later
from anim_studio.lsp.places import uri_of
from anim_studio.lsp.positions import UTF16


def _silent(*_: object) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What a feature may know beside its document. A new one is made whenever any of it changes.

    `settings` are those of the client's section `anim`, as JSON (Any: whatever a user wrote); `texts` the
    open documents by absolute path, as bytes of UTF-8; `roots` the folders that the client has open.
    """

    encoding: str = UTF16
    client: ClientCapabilities = field(default_factory=ClientCapabilities)
    settings: Mapping[str, Any] = field(default_factory=dict)
    roots: tuple[Path, ...] = ()
    texts: Mapping[Path, bytes] = field(default_factory=dict)
    #: what the client calls the documents that it has open, by the same paths
    uris: Mapping[Path, str] = field(default_factory=dict)
    cache: Path | None = None
    #: whether the project is somebody else's: no models of this machine are told of
    untrusted: bool = False
    #: results that take long: asked for now, there later
    later: Later = field(default_factory=Later)
    #: sends a notification (method, params); may be called from any thread
    notify: Callable[[str, object], None] = _silent
    #: sends a request (method, params), whose answer nobody waits for; may be called from any thread
    ask: Callable[[str, object], None] = _silent

    def uri(self, path: Path) -> str:
        """The address of a file: the client's own for one that is open."""
        return self.uris.get(path) or uri_of(path)

    def setting(self, name: str, default: Any = None) -> Any:
        """A setting of the client by its dotted name below `anim`, or the default: what a user wrote there
        may be of any type.
        """
        found: Any = self.settings
        for part in name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                return default
            found = found[part]
        return found

    def switched_on(self, name: str, default: bool = True) -> bool:
        """A setting that is true or false."""
        found = self.setting(name, default)
        return found if isinstance(found, bool) else default
