"""When what a file holds counts as changed: on real files, by a clock that the test sets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anim_compiler.stamps import Digests, stamp
from anim_studio.live.watch.content import SMALL_BYTES
from anim_studio.live.watch.looked import Looked, Sign

FILM = "".join(f"# line {n}\n" for n in range(40))


class Eyes:
    """A file that is looked at, at times that the test sets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digests = Digests()
        self.file = Looked(path)
        self.file.begin(stamp(path), self.digests)

    def look(self, now: float = 0.0, sign: Sign = Sign.WRITTEN, *, closing: bool = False) -> bool:
        return self.file.look(now, self.digests, sign, closing=closing)


@pytest.fixture
def eyes(tmp_path: Path) -> Eyes:
    path = tmp_path / "film.anim"
    path.write_text(FILM)
    return Eyes(path)


def test_another_text_counts_at_once_and_only_once(eyes: Eyes) -> None:
    assert not eyes.look()
    eyes.path.write_text(FILM.replace("7", "seven"))
    assert eyes.look()
    assert not eyes.look()


def test_a_touch_and_the_same_text_again_are_no_change(eyes: Eyes) -> None:
    os.utime(eyes.path, ns=(1, 1))
    assert not eyes.look()
    eyes.path.write_text(FILM)
    assert not eyes.look()
    assert eyes.file.due is None


def test_a_file_that_was_emptied_to_be_filled_is_never_seen_empty(eyes: Eyes) -> None:
    eyes.path.write_text("")
    assert not eyes.look(0.0)
    assert eyes.file.due is not None
    assert not eyes.look(0.2, Sign.WHOLE)
    eyes.path.write_text(FILM + "x = 1\n")
    assert eyes.look(0.21)
    assert eyes.file.due is None


def test_a_file_that_stays_empty_is_empty(eyes: Eyes) -> None:
    eyes.path.write_text("")
    assert not eyes.look(0.0)
    assert not eyes.look(0.25)
    assert eyes.look(0.4)


def test_a_file_that_goes_and_comes_back_as_it_was_never_went(eyes: Eyes) -> None:
    eyes.path.unlink()
    assert not eyes.look(0.0)
    eyes.path.write_text(FILM)
    assert not eyes.look(0.1)
    assert not eyes.look(9.0)


def test_a_file_that_stays_away_is_gone_and_comes_back_at_once(eyes: Eyes) -> None:
    eyes.path.unlink()
    assert not eyes.look(0.0)
    assert eyes.look(0.4)
    assert eyes.file.known.is_missing
    eyes.path.write_text(FILM)
    assert eyes.look(0.4)


@pytest.mark.parametrize(
    "half",
    [
        pytest.param(FILM[: len(FILM) // 2], id="within a line"),
        pytest.param(FILM[: FILM.index("# line 20")], id="the beginning of the text before"),
        pytest.param(FILM[: FILM.index("# line 20")].replace("7", "seven"), id="shorter"),
        pytest.param(("y" * 63 + "\n") * 64, id="one buffer full"),
    ],
)
def test_a_text_cut_short_waits_for_its_rest(eyes: Eyes, half: str) -> None:
    eyes.path.write_text(half)
    assert not eyes.look(0.0)
    whole = half + FILM + "the end\n"
    eyes.path.write_text(whole)
    assert eyes.look(0.05)
    assert eyes.file.known.data == whole.encode()


def test_a_text_that_was_shortened_on_purpose_waits_for_a_moment_only(eyes: Eyes) -> None:
    eyes.path.write_text(FILM[: FILM.index("# line 20")])
    assert not eyes.look(0.0)
    assert eyes.look(0.15)


def test_a_writer_that_has_closed_the_file_is_believed(eyes: Eyes) -> None:
    eyes.path.write_text(FILM[: FILM.index("# line 20")])
    assert eyes.look(0.0, Sign.WHOLE)


def test_where_closing_is_told_it_is_waited_for(eyes: Eyes) -> None:
    eyes.path.write_text(FILM + "# the beginning of more\n")
    assert not eyes.look(0.0, closing=True)
    eyes.path.write_text(FILM + "# the beginning of more\n# and its end\n")
    assert not eyes.look(0.01, closing=True)
    assert eyes.look(0.02, Sign.WHOLE, closing=True)


def test_a_writer_that_never_closes_the_file_is_heard_nevertheless(eyes: Eyes) -> None:
    eyes.path.write_text(FILM + "# more\n")
    assert not eyes.look(0.0, closing=True)
    assert eyes.look(0.15, Sign.NONE, closing=True)


def test_a_file_that_comes_whole_from_another_folder_counts_at_once(eyes: Eyes) -> None:
    other = eyes.path.with_name("other.anim")
    other.write_text(FILM + "# more\n")
    os.replace(other, eyes.path)
    assert eyes.look(0.0, Sign.MADE, closing=True)


def test_a_film_without_a_line_end_is_no_half_film(tmp_path: Path) -> None:
    path = tmp_path / "film.anim"
    path.write_text("size = 64x64")
    eyes = Eyes(path)
    path.write_text("size = 96x64")
    assert eyes.look()


def test_a_picture_counts_when_nobody_writes_it_any_more(tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    eyes = Eyes(path)
    path.write_bytes(b"\x89PNG\0\0 first part")
    assert not eyes.look(0.0)
    path.write_bytes(b"\x89PNG\0\0 first part, second part")
    assert not eyes.look(0.08)
    assert not eyes.look(0.15)
    assert eyes.look(0.2)


def test_a_picture_that_is_written_on_and_on_is_seen_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    eyes = Eyes(path)
    seen = []
    for n in range(120):
        path.write_bytes(b"\0" * (n + 1))
        if eyes.look(n * 0.05):
            seen.append(n)
    assert seen
    assert seen[0] >= 100


def test_a_large_file_is_known_by_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"\0" * (SMALL_BYTES + 1))
    os.utime(path, ns=(10**18, 10**18))
    eyes = Eyes(path)
    assert eyes.file.known.digest is None
    # somebody needed its digest, so that a touch can be told from a change
    eyes.digests.sha256(path)
    eyes.file.begin(stamp(path), eyes.digests)
    os.utime(path, ns=(10**18 + 5, 10**18 + 5))
    assert not eyes.look(0.0)
    assert not eyes.look(0.2)
    path.write_bytes(b"\1" * (SMALL_BYTES + 1))
    assert not eyes.look(1.0)
    assert eyes.look(1.2)


def test_a_file_that_was_written_since_it_was_read_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "film.anim"
    path.write_text(FILM)
    read = stamp(path)
    path.write_text(FILM + "x = 1\n")
    file = Looked(path)
    file.begin(read, Digests())
    assert file.look(0.0, Digests())


def test_a_file_that_came_since_it_was_looked_for_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "film.anim"
    path.write_text(FILM)
    file = Looked(path)
    file.begin(None, Digests())
    assert file.look(0.0, Digests())


def test_a_folder_in_the_place_of_a_file_is_no_file(eyes: Eyes) -> None:
    eyes.path.unlink()
    eyes.path.mkdir()
    assert not eyes.look(0.0)
    assert eyes.look(0.4)
    assert eyes.file.known.is_missing
