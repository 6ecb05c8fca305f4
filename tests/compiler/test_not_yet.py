"""What this version does not do is told when a film is checked, and refused when it is compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from tests.compiler.film_texts import compiled, film_of
from tests.staging import staged

from anim_compiler.not_yet import found, refused

HEAD = 'size = 64x64; fps = 10; length = 1s\nprompt { 0s: "a" }\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Image.new("RGB", (64, 64)).save(tmp_path / "photo.png")
    (tmp_path / "clip.mp4").write_bytes(staged()["clip.mp4"])
    for name in ("grain", "ink"):
        (tmp_path / f"{name}.safetensors").write_bytes(staged()["grain.safetensors"])
    return tmp_path


REFUSED = [
    ('lora grain = "grain.safetensors" { weight = 0.5 }', "lora"),
    ('embedding ink = "ink.safetensors"\nprompt.negative = "ink, blurry"', "embedding"),
    ('image photo = "photo.png"\ncontrol depth { source = photo }', "control"),
]


@pytest.mark.parametrize(("text", "name"), REFUSED)
def test_what_is_not_rendered_yet_is_refused_with_one_error(home: Path, text: str, name: str) -> None:
    made = compiled(HEAD + text, home)
    assert made.plan is None
    (only,) = made.diagnostics
    assert only.code == "E2009"
    assert only.message == f"`{name}` is not rendered in this version yet"
    assert only.hint
    assert only.source.slice(only.span)


@pytest.mark.parametrize(("text", "name"), REFUSED)
def test_it_is_found_once_however_many_scenes_inherit_it(home: Path, text: str, name: str) -> None:
    scenes = 'scene one 1s { }\nscene two 1s { prompt { 0s: "b" } }\n'
    film = film_of(HEAD.replace("length = 1s", "") + text + "\n" + scenes, home)
    assert [message for _, message, _ in found(film)] == [f"`{name}` is not rendered in this version yet"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('mask edge = "photo.png"\ngrade { exposure = 1 }', []),
        ("pipeline { frame = diffuse(previous, eta = 0.5) }", ["eta"]),
        ('pipeline { frame = grade(previous, lut = "warm.cube") }', []),
        ("pipeline { frame = diffuse(previous) }", []),
    ],
)
def test_what_is_not_refused(home: Path, text: str, told: list[str]) -> None:
    (home / "warm.cube").write_text("LUT_3D_SIZE 2\n" + "0 0 0\n" * 8, encoding="utf-8")
    film = film_of(HEAD + text, home)
    assert [message.split("`")[1] for _, message, _ in found(film)] == told
    assert refused(film) == ()
    assert compiled(HEAD + text, home).plan is not None


def test_an_image_is_read_by_its_name(home: Path) -> None:
    start = 'image photo = "photo.png"\nmask m = not photo\n'
    text = f"{start}pipeline {{ frame = mix(diffuse(previous), photo, mask = m) }}"
    assert found(film_of(HEAD + text, home)) == ()
    plan = compiled(HEAD + text, home).plan
    assert plan is not None
    assert [(m.name, m.kind) for m in plan.media] == [("photo", "image")]


def test_models_that_change_are_refused() -> None:
    film = film_of(HEAD + 'model = 0s: "null", 0.5s: "postcard"')
    assert [hint for _, _, hint in refused(film)] == ["name one model for the whole film"]


def test_a_plain_film_lacks_nothing() -> None:
    assert found(film_of(HEAD + "camera 3d { depth = estimated }")) == ()
