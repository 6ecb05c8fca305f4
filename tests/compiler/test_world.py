"""What may be read, and what is said about the rest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from anim_compiler.stamps import stamp
from anim_compiler.world import Held, Problem, World
from anim_dsl.source import Source


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "anim.toml").touch()
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "film.anim").write_text("fps = 12")
    (tmp_path / "films" / "song.mp3").write_bytes(b"sound")
    (tmp_path / "photo.png").write_bytes(b"picture")
    return World.open(tmp_path / "films" / "film.anim")


def code(found: object) -> str:
    assert isinstance(found, Problem)
    return found.code


def test_the_root_is_the_nearest_marked_folder(world: World, tmp_path: Path) -> None:
    assert world.root == tmp_path.resolve()
    (tmp_path / "films" / ".git").mkdir()
    assert World.open(tmp_path / "films" / "film.anim").root == (tmp_path / "films").resolve()


def test_paths_count_from_the_films_folder(world: World) -> None:
    assert world.resolve("song.mp3") == world.folder / "song.mp3"
    assert world.resolve("../photo.png") == world.root / "photo.png"
    assert world.resolve("..\\photo.png") == world.root / "photo.png"


@pytest.mark.parametrize(
    "text", ["../../x.png", "/etc/passwd", "C:\\x.png", "https://example.org/x.png", "", "a\0b"]
)
def test_nothing_outside_the_root(world: World, text: str) -> None:
    assert code(world.resolve(text)) == "E4001"


def test_links_are_followed_before_they_are_trusted(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("secret")
    try:
        (world.folder / "link.txt").symlink_to(outside)
    except OSError:
        pytest.skip("this system makes no links")
    assert code(world.resolve("link.txt")) == "E4001"


def test_a_missing_file_names_the_nearest(world: World) -> None:
    found = world.resolve("sonf.mp3")
    assert isinstance(found, Problem)
    assert (found.code, found.hint) == ("E4002", "did you mean `song.mp3`?")


def test_a_folder_is_no_file(world: World) -> None:
    assert code(world.resolve("../films")) == "E4003"


def test_sources(world: World) -> None:
    film = world.folder / "film.anim"
    film.write_bytes(b"\xef\xbb\xbffps = 12\r\n")
    found = world.read_source(film)
    assert isinstance(found, Source)
    assert found.text == "fps = 12\r\n"


def test_sources_that_are_no_text(world: World) -> None:
    film = world.folder / "film.anim"
    film.write_bytes(b"fps = 12\n# \xff\xfe")
    found = world.read_source(film)
    assert isinstance(found, Problem)
    assert "0xFF at line 2, column 3" in found.message
    film.write_bytes("fps = 12".encode("utf-16"))
    assert code(world.read_source(film)) == "E4005"
    film.write_bytes(b"#" * (1 << 20) + b"\n")
    assert code(world.read_source(film)) == "E4004"
    assert code(world.read_source(world.folder / "fim.anim")) == "E4002"


def test_hashes(world: World) -> None:
    assert world.sha256(world.folder / "song.mp3") == hashlib.sha256(b"sound").hexdigest()


def test_a_name_too_long_for_the_disk_is_a_file_that_is_not_there(world: World) -> None:
    assert code(world.resolve("a" * 5000)) == "E4002"
    assert code(world.resolve("a" * 300 + ".png")) == "E4002"


def test_the_nearest_file_is_named_with_its_folder(world: World) -> None:
    found = world.resolve("../phot.png")
    assert isinstance(found, Problem)
    assert found.hint == "did you mean `../photo.png`?"


def test_every_file_that_was_asked_for_is_known_with_the_stamp_it_had(world: World) -> None:
    song = world.folder / "song.mp3"
    before = stamp(song)
    world.resolve("song.mp3")
    world.resolve("none/still.png")
    world.resolve("../../outside.png")
    world.read_source(world.folder / "film.anim")
    song.write_bytes(b"another sound")
    world.resolve("song.mp3")
    assert world.seen == {
        song: before,
        world.folder / "none" / "still.png": None,
        world.folder / "film.anim": stamp(world.folder / "film.anim"),
    }


def test_a_link_is_known_beside_the_file_that_it_leads_to(world: World) -> None:
    (world.folder / "link.png").symlink_to("../photo.png")
    world.resolve("link.png")
    assert world.seen.keys() == {world.folder / "link.png", world.root / "photo.png"}


def test_a_link_that_leads_nowhere_is_known_for_it_may_be_led_elsewhere(world: World) -> None:
    (world.folder / "self.png").symlink_to("self.png")
    assert isinstance(world.resolve("self.png"), Problem)
    assert world.seen == {world.folder / "self.png": None}


def test_texts_that_are_held_stand_for_the_files(world: World) -> None:
    film = world.folder / "film.anim"
    held = World.open(film, held=Held({film: b"fps = 25", film.with_name("other.anim"): b"\xff"}))
    assert held.read_source(film) == Source("film.anim", "fps = 25")
    assert code(held.read_source(film.with_name("other.anim"))) == "E4005"
    assert code(held.read_source(film.with_name("third.anim"))) == "E4002"
