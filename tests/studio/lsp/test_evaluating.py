"""The numbers of a film, worked out while nobody types; no song is listened to for them."""

from __future__ import annotations

import wave
from pathlib import Path
from threading import Event

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.checking import Checking, Wanted
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.evaluating import Evaluating

SOON = 30.0


class Bench:
    """Checks and evaluates one film, and waits for what comes of it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "film.anim"
        self.desk = Desk(cache=folder / "cache")
        self.known = Event()
        self.errors: list[Exception] = []
        self.checking = Checking(lambda made: self.evaluating.want(made), self._failed)
        self.evaluating = Evaluating(self.checking, self._told, self._failed)
        self.number = 0

    def understood(self, text: str) -> Analysed:
        """The film once its numbers are known, or are known not to be."""
        self.known.clear()
        self.number += 1
        wanted = Wanted(self.number, "file:///film.anim", self.path, self.number, text, self.desk)
        self.checking.want(wanted)
        self.checking.wait(wanted).result(SOON)
        assert self.known.wait(SOON)
        made = self.checking.latest(wanted.uri)
        assert made is not None
        return made

    def close(self) -> None:
        """Ends its threads."""
        self.checking.close()
        self.evaluating.close()
        assert not self.errors

    def _told(self, _: Analysed) -> None:
        self.known.set()

    def _failed(self, error: Exception, _: str) -> None:
        self.errors.append(error)
        self.known.set()


def test_numbers_come_after_the_check(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    made = bench.understood('length = 1s\nfps = 4\nprompt = "x"\ncamera 2d { zoom = 1 + u }\n')
    assert made.good is not None
    assert made.good.curves["camera.zoom"].tolist() == [1.0, 1.25, 1.5, 1.75]
    assert made.unheard == ()
    bench.close()


def test_a_song_that_nobody_heard_is_not_listened_to(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "song.wav"), "wb") as song:
        song.setparams((1, 2, 8000, 0, "NONE", ""))
        song.writeframes(bytes(16000))
    text = (
        'length = 1s\nfps = 2\nprompt = "x"\naudio song = "song.wav"\n'
        "camera 2d { zoom = 1 + bass * 0.1; angle = 10 * t }\n"
    )
    bench = Bench(tmp_path)
    made = bench.understood(text)
    assert made.film is not None
    # what does not follow it is known
    assert made.good is not None
    assert "camera.zoom" not in made.good.curves
    assert made.good.curves["camera.angle"].tolist() == [0.0, 10.0]
    assert made.unheard == ("song",)
    assert not (tmp_path / "cache").exists()

    # once it was heard, by a render or `anim audio`, it is known
    from anim_compiler.audio import analyse

    digest = made.film.tracks[0].sha256
    analyse(tmp_path / "song.wav", sha256=digest, cache=tmp_path / "cache")
    heard = bench.understood(text + "\n")
    assert heard.good is not None
    assert "camera.zoom" in heard.good.curves
    assert heard.unheard == ()
    bench.close()
