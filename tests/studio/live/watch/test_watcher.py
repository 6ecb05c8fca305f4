"""Every way in which editors save, done as they do it: each is heard, and nothing half written is seen."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.studio.live.hears import Hears

from anim_compiler.stamps import stamp
from anim_studio.live.watch.watcher import Watcher

OLD = "".join(f"# line {n}\n" for n in range(40))
NEW = OLD.replace("# line 7\n", "# line seven\n")
SHORT = OLD[: OLD.index("# line 30")]

Changed = frozenset[Path]


class Desk:
    """A film that is watched; `seen` are its texts whenever it was told to have changed."""

    def __init__(self, folder: Path, *, poll: bool, name: str = "film.anim") -> None:
        self.folder = folder
        self.film = folder / name
        self.other = folder / "other.anim"
        self.film.write_text(OLD)
        self.other.write_text("0")
        self.hears: Hears[Changed] = Hears()
        self.seen: list[bytes] = []
        self.watcher = Watcher([self.film, self.other], self._told, poll=poll)
        self._marks = 0

    def _told(self, changed: Changed) -> None:
        if self.film in changed:
            self.seen.append(self.watcher.texts().get(self.film, b""))
        self.hears(changed)

    def until_seen(self, text: str) -> None:
        """Waits until the film was told to hold this."""
        self.hears.until(lambda _: self.seen[-1:] == [text.encode()])

    def heard_all(self) -> None:
        """Waits until whatever was done before is heard, if it ever will be."""
        self._marks += 1
        self.hears.clear()
        # a file in the same folder is heard after what was done before it
        self.other.write_text(f"mark {self._marks}")
        self.hears.until(lambda told: any(self.other in changed for changed in told))


@pytest.fixture(params=[False, True], ids=["told", "polled"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, poll=request.param)
    yield made
    made.watcher.close()


def plain(film: Path, text: str) -> None:
    """As nano and most programs."""
    film.write_text(text)


def in_two_steps(film: Path, text: str) -> None:
    """As a program that empties the file first, and fills it by its own buffer."""
    with film.open("w") as file:
        file.flush()
        for start in range(0, len(text), 100):
            file.write(text[start : start + 100])
            file.flush()


def emptied_then_written(film: Path, text: str) -> None:
    """As a shell: `: > film; cat new > film`."""
    film.write_text("")
    film.write_text(text)


def renamed_over(film: Path, text: str) -> None:
    """As VS Code with atomic saves, gedit, `sed -i`."""
    new = film.with_name(".film.tmp")
    new.write_text(text)
    os.replace(new, film)


def backed_up(film: Path, text: str) -> None:
    """As vim with `backupcopy=no`."""
    backup = film.with_name(film.name + "~")
    os.rename(film, backup)
    film.write_text(text)
    backup.unlink()


def backed_up_elsewhere(film: Path, text: str) -> None:
    """As vim with `backupdir`."""
    elsewhere = film.parent / "backups"
    elsewhere.mkdir(exist_ok=True)
    os.rename(film, elsewhere / film.name)
    film.write_text(text)


def from_elsewhere(film: Path, text: str) -> None:
    """As a program that writes into a folder of its own and moves the file from there."""
    elsewhere = film.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    (elsewhere / film.name).write_text(text)
    os.replace(elsewhere / film.name, film)


def deleted_and_made(film: Path, text: str) -> None:
    """As version control."""
    film.unlink()
    film.write_text(text)


WAYS = [
    plain,
    in_two_steps,
    emptied_then_written,
    renamed_over,
    backed_up,
    backed_up_elsewhere,
    from_elsewhere,
    deleted_and_made,
]


@pytest.mark.parametrize("save", WAYS, ids=lambda way: way.__name__)
def test_every_way_of_saving_is_heard_again_and_again(desk: Desk, save: Callable[[Path, str], None]) -> None:
    for text in (NEW, SHORT, OLD):
        save(desk.film, text)
        desk.until_seen(text)
    # never empty, and never a part
    assert set(desk.seen) <= {text.encode() for text in (NEW, SHORT, OLD)}


def test_sed_in_place_is_heard(desk: Desk) -> None:
    subprocess.run(["sed", "-i", "s/line 7$/line seven/", desk.film], check=True)
    desk.until_seen(NEW)


def test_a_touch_and_a_save_without_a_change_are_not_heard(desk: Desk) -> None:
    os.utime(desk.film)
    desk.heard_all()
    renamed_over(desk.film, OLD)
    desk.heard_all()
    desk.film.read_text()
    desk.heard_all()
    assert desk.seen == []


def test_what_lies_beside_is_not_heard(desk: Desk) -> None:
    (desk.folder / "film.anim.swp").write_text("swap")
    (desk.folder / "frame-0001.png").write_bytes(b"\0")
    desk.heard_all()
    assert desk.seen == []
    assert {path for changed in desk.hears.told for path in changed} == {desk.other}


def test_a_film_that_is_deleted_is_heard_and_so_is_its_coming_back(desk: Desk) -> None:
    desk.film.unlink()
    desk.until_seen("")
    desk.film.write_text(OLD)
    desk.until_seen(OLD)


def test_a_file_in_a_folder_that_is_not_there_yet_is_heard_when_it_comes(desk: Desk) -> None:
    still = desk.folder / "media" / "deep" / "still.png"
    desk.watcher.follow([desk.film, desk.other, still])
    desk.heard_all()
    still.parent.mkdir(parents=True)
    still.write_bytes(b"\x89PNG\0\0")
    desk.hears.until(lambda told: any(still in changed for changed in told))
    desk.hears.clear()
    still.write_bytes(b"\x89PNG\0\0 another")
    desk.hears.until(lambda told: any(still in changed for changed in told))


def test_a_folder_that_is_replaced_by_another_is_watched_on(desk: Desk) -> None:
    media = desk.folder / "media"
    media.mkdir()
    still = media / "still.png"
    still.write_bytes(b"one")
    desk.watcher.follow([desk.film, desk.other, still])
    desk.heard_all()
    os.rename(media, desk.folder / "old media")
    media.mkdir()
    still.write_bytes(b"two")
    desk.hears.until(lambda told: any(still in changed for changed in told))
    desk.hears.clear()
    still.write_bytes(b"three")
    desk.hears.until(lambda told: any(still in changed for changed in told))


def test_a_link_that_leads_elsewhere_now_is_heard(desk: Desk) -> None:
    for name in ("a", "b"):
        (desk.folder / f"{name}.png").write_bytes(name.encode())
    link = desk.folder / "still.png"
    link.symlink_to("a.png")
    desk.watcher.follow([desk.film, desk.other, link])
    desk.heard_all()
    link.unlink()
    link.symlink_to("b.png")
    desk.hears.until(lambda told: any(link in changed for changed in told))


def test_what_is_not_followed_any_more_is_not_heard(desk: Desk) -> None:
    desk.watcher.follow([desk.other])
    desk.heard_all()
    desk.film.write_text(NEW)
    desk.heard_all()
    assert desk.seen == []


def test_a_file_that_was_written_after_it_was_read_is_heard(desk: Desk) -> None:
    late = desk.folder / "late.anim"
    late.write_text("one\n")
    read = {late: stamp(late), desk.film: stamp(desk.film), desk.other: stamp(desk.other)}
    late.write_text("three\n")
    desk.watcher.follow(read, read)
    desk.hears.until(lambda told: any(late in changed for changed in told))


def test_saves_one_after_the_other_come_to_the_last(desk: Desk) -> None:
    for n in range(50):
        desk.film.write_text(f"{OLD}# save {n}\n")
    desk.until_seen(f"{OLD}# save 49\n")


def test_relative_paths_are_told_as_absolute_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    film = Path("film.anim")
    film.write_text("1")
    hears: Hears[Changed] = Hears()
    watcher = Watcher([film], hears)
    film.write_text("2")
    told = hears.until(bool)
    watcher.close()
    assert told[0] == {tmp_path / "film.anim"}


def test_a_folder_that_is_a_link_is_watched(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    desk = Desk(tmp_path / "link", poll=False)
    assert not desk.watcher.is_polling
    (tmp_path / "real" / "film.anim").write_text(NEW)
    desk.until_seen(NEW)
    desk.watcher.close()


def test_nothing_is_told_after_closing(desk: Desk) -> None:
    desk.watcher.close()
    desk.film.write_text(NEW)
    desk.watcher.look()
    assert desk.hears.told == []
