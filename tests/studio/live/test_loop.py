"""The whole loop: files are saved, and what is told follows them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.studio.live.films import FILM, WRONG, write_picture
from tests.studio.live.hears import Hears
from tests.studio.live.watch.test_watcher import WAYS

from anim_studio.live.compile.compiled import Compiled, Gone, Settled
from anim_studio.live.loop import Loop
from anim_studio.live.version import TierPlan, Version


class Desk:
    """A film in a loop."""

    def __init__(self, folder: Path, text: str, *, poll: bool) -> None:
        self.film = folder / "film.anim"
        self.film.write_text(text)
        self.hears: Hears[Compiled] = Hears()
        self.loop = Loop(self.film, folder / "cache", self.hears, poll=poll)

    def until(self, fits: Callable[[Version], bool]) -> Version:
        """The newest version, as soon as it is so."""

        def newest(told: list[Compiled]) -> Version | None:
            return next((each for each in reversed(told) if isinstance(each, Version)), None)

        def came(told: list[Compiled]) -> bool:
            version = newest(told)
            return version is not None and fits(version)

        version = newest(self.hears.until(came))
        assert version is not None
        return version


@pytest.fixture(params=[False, True], ids=["told", "polled"])
def begin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    desks: list[Desk] = []

    def made(text: str) -> Desk:
        desks.append(Desk(tmp_path, text, poll=request.param))
        return desks[-1]

    yield made
    for desk in desks:
        desk.loop.close()


def is_good(version: Version) -> bool:
    return version.good is not None


def is_wrong(version: Version) -> bool:
    return version.good is None


def has_blend(value: float, version: Version) -> bool:
    return version.good is not None and version.good.curves["coherence.blend"][0] == value


def test_a_save_is_followed_and_a_mistake_and_its_fix(begin: Callable[[str], Desk]) -> None:
    desk = begin(FILM)
    desk.until(is_good)
    desk.film.write_text(WRONG)
    desk.until(is_wrong)
    desk.film.write_text(FILM.replace("a lake", "a river"))
    assert "a river" in desk.until(is_good).source.text


def test_a_picture_that_comes_clears_the_mistake_that_it_was_missing(begin: Callable[[str], Desk]) -> None:
    desk = begin('image still = "media/still.png"; init = still\n' + FILM)
    desk.until(is_wrong)
    write_picture(desk.film.parent / "media" / "still.png")
    desk.until(is_good)
    (desk.film.parent / "media" / "still.png").unlink()
    desk.until(is_wrong)


def test_an_import_that_is_saved_is_followed_from_when_it_is_there(begin: Callable[[str], Desk]) -> None:
    desk = begin('import "looks.anim"\n' + FILM.replace("0.1 * swell", "depth"))
    desk.until(is_wrong)
    looks = desk.film.with_name("looks.anim")
    for depth in (0.3, 0.4):
        looks.write_text(f"let depth = {depth}\n")
        desk.until(partial(has_blend, depth))
    looks.write_text("let depth = \n")
    wrong = desk.until(is_wrong)
    assert "looks.anim" in {found.source.name for found in wrong.diagnostics}


def test_a_film_that_is_deleted_is_said_and_comes_back(begin: Callable[[str], Desk]) -> None:
    desk = begin(FILM)
    desk.until(is_good)
    desk.film.unlink()
    desk.hears.until(lambda told: isinstance(told[-1], Gone))
    desk.hears.clear()
    desk.film.write_text(FILM)
    desk.until(is_good)


def test_a_film_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    hears: Hears[Compiled] = Hears()
    film = tmp_path / "new" / "film.anim"
    loop = Loop(film, tmp_path / "cache", hears)
    hears.until(lambda told: any(isinstance(each, Gone) for each in told))
    film.parent.mkdir()
    film.write_text(FILM)
    hears.until(lambda told: any(isinstance(each, Version) for each in told))
    loop.close()


def test_a_link_to_a_film_is_followed_to_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    real = tmp_path / "films" / "real.anim"
    real.write_text(FILM)
    link = tmp_path / "film.anim"
    link.symlink_to(real)
    hears: Hears[Compiled] = Hears()
    loop = Loop(link, tmp_path / "cache", hears)
    hears.until(lambda told: Settled(1) in told)
    real.write_text(WRONG)
    hears.until(lambda told: any(isinstance(each, Version) and each.good is None for each in told))
    loop.close()


def test_what_is_written_beside_a_film_makes_no_version(begin: Callable[[str], Desk]) -> None:
    desk = begin(FILM)
    desk.hears.until(lambda told: Settled(1) in told)
    (desk.film.parent / "out").mkdir()
    (desk.film.parent / "out" / "film.mp4").write_bytes(b"\0" * 100)
    (desk.film.parent / ".film.anim.swp").write_text(FILM)
    os.utime(desk.film)
    desk.film.write_text(FILM + "# the end\n")
    version = desk.until(lambda version: version.source.text.endswith("# the end\n"))
    assert version.number == 2


def test_many_saves_in_every_way_come_to_the_last_and_show_no_half_film(
    begin: Callable[[str], Desk],
) -> None:
    source = random.Random(7)
    desk = begin(FILM)
    texts = {FILM}
    for n in range(60):
        text = FILM.replace("a lake", f"a lake {n}") + "# more\n" * source.randrange(40)
        texts.add(text)
        source.choice(WAYS)(desk.film, text)
    last = desk.until(lambda version: version.source.text == text)
    told = desk.hears.until(lambda told: Settled(last.number) in told)
    versions = [each for each in told if isinstance(each, Version)]
    assert {version.source.text for version in versions} <= texts
    assert all(is_good(version) for version in versions)
    assert not [each for each in told if isinstance(each, Gone)]
    numbers = [version.number for version in versions]
    assert numbers == sorted(numbers)
    assert [each.version for each in told if isinstance(each, TierPlan)][-1] == last.number
