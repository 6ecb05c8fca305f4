"""Documents on their way from a change to what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from lsprotocol.types import TextDocumentContentChangeWholeDocument

from anim_studio.lsp import checking
from anim_studio.lsp.analysed import Analysed, analyse
from anim_studio.lsp.checking import Checking, Wanted
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.documents import Documents

SOON = 30.0
URI = "untitled:one"
FILM = 'length = 1s\nprompt = "x"\n'


class Room:
    """A checking thread with documents, and what it told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Analysed] = []
        self.failed: list[str] = []
        self.go = Event()
        self.go.set()
        self.telling = Event()
        self.checking = Checking(self._told, lambda error, _: self.failed.append(str(error)))
        self.documents = Documents(self.checking, Desk(), folder)

    def _told(self, made: Analysed) -> None:
        self.telling.set()
        assert self.go.wait(SOON)
        self.told.append(made)
        if "listener" in made.text:
            raise KeyError("listener")

    def put(self, version: int, text: str) -> Wanted:
        """Opens or changes the document."""
        if version == 1:
            self.documents.opened(URI, 1, text)
        else:
            self.documents.changed(URI, version, [TextDocumentContentChangeWholeDocument(text)])
        wanted = self.documents.wanted(URI)
        assert wanted is not None
        return wanted

    def known(self, wanted: Wanted) -> Analysed:
        """What comes of a text that is not overtaken."""
        return self.checking.wait(wanted).result(SOON)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.go.set()
    made.checking.close()


def test_what_was_overtaken_is_neither_told_nor_waited_for(room: Room) -> None:
    room.go.clear()
    room.put(1, FILM)
    assert room.telling.wait(SOON)
    second = room.checking.wait(room.put(2, FILM + "# two\n"))
    third = room.put(3, FILM + "# three\n")
    room.go.set()
    assert room.known(third).version == 3
    assert second.cancelled()
    assert [made.version for made in room.told] == [1, 3]


def test_a_film_that_breaks_the_checker_is_parsed_at_least(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*arguments: object, checks: bool = True, **options: object) -> Analysed:
        if checks and "break" in arguments[3].source.text:  # type: ignore[attr-defined]  # a `Parsed`
            raise ZeroDivisionError("ours")
        return analyse(*arguments, checks=checks, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "analyse", breaking)
    broken = room.known(room.put(1, FILM + "# break\nzom =\n"))
    assert not broken.is_checked
    assert [found.code[:2] for found in broken.diagnostics] == ["E1"]
    assert room.failed == ["ours"]
    assert room.known(room.put(2, FILM)).film is not None


def test_a_listener_that_breaks_ends_nothing(room: Room) -> None:
    room.known(room.put(1, FILM + "# listener\n"))
    assert room.known(room.put(2, FILM)).is_checked
    assert room.failed == ["'listener'"]


def test_a_document_that_was_closed_is_known_no_more(room: Room) -> None:
    wanted = room.put(1, FILM)
    room.known(wanted)
    assert room.documents.closed(URI)
    assert not room.documents.closed(URI)
    assert room.checking.latest(URI) is None
    assert room.checking.wait(wanted).cancelled()
    room.documents.changed(URI, 2, [TextDocumentContentChangeWholeDocument("x")])
    assert room.documents.wanted(URI) is None


def test_the_last_film_without_errors_is_kept(room: Room) -> None:
    good = room.known(room.put(1, FILM))
    wrong = room.put(2, FILM + "zom = 2\n")
    made = room.known(wrong)
    assert made.film is None
    assert made.last_film is good.film
    assert room.checking.quickly(wrong).last_film is good.film
