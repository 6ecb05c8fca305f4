"""What changes a frame's recipe, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_texts import OPTIONS, compiled, film_of, frames_of

from anim_compiler.compile import compile_film
from anim_compiler.passes import PASSES, PLAIN
from anim_compiler.world import World

FILM = """
size = 64x64; fps = 8; length = 4s; seed = 3
prompt {
  0s: "a forest"
  1s: "a lake"
  3s: "a desert"
}
camera 2d { zoom = 0s: 1, 4s: 1.5 }
diffuse { steps = 8; strength = 0.5 }
coherence { color = lab; cadence = 2; noise = 0.02 }
output "film.mp4"
"""


def recipes(text: str, folder: Path | None = None, **options: object) -> tuple[str, ...]:
    return frames_of(compiled(text, folder, **options)).recipes


def first_change(text: str) -> int | None:
    """The first frame whose recipe is not the film's."""
    pairs = zip(recipes(FILM), recipes(text), strict=True)
    return next((f for f, (a, b) in enumerate(pairs) if a != b), None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("seed = 3", "seed = 3   # the third try"),
        ('output "film.mp4"', 'output "film.mkv" { quality = 10 }'),
        ("steps = 8; strength = 0.5", "strength = 0.5\n\n  steps = 8"),
        ("noise = 0.02", "noise = 2%"),
        ("0s: 1, 4s: 1.5", "0s: 1.0, 2s: 1.25, 4s: 1.5"),
        ("length", 'title = "The Film"; length'),
    ],
)
def test_layout_and_outputs_change_nothing(before: str, after: str) -> None:
    assert FILM.replace(before, after) != FILM
    assert first_change(FILM.replace(before, after)) is None


@pytest.mark.parametrize(
    ("before", "after", "frame"),
    [
        ("a forest", "a wood", 0),
        # the morph towards the key at 3s begins after frame 8, and frame 9 is a tween towards frame 10
        ("a desert", "a dune", 9),
        ("steps = 8", "steps = 9", 0),
        ("4s: 1.5", "4s: 1.6", 1),
        ("seed = 3", "seed = 4", 0),
        ("noise = 0.02", "noise = 0s: 0.02, 2s: 0.02, 3s: 0.05", 17),
        ("color = lab", "color = hsv", 1),
        ("cadence = 2", "cadence = 1", 1),
        ("size = 64x64", "size = 64x72", 0),
    ],
)
def test_an_edit_changes_the_frames_that_it_touches(before: str, after: str, frame: int) -> None:
    assert FILM.replace(before, after) != FILM
    assert first_change(FILM.replace(before, after)) == frame


def test_an_effect_that_begins_later_leaves_the_frames_before() -> None:
    late = FILM.replace("noise = 0.02", "noise = 0s: 0 hold, 2s: 0.02")
    none = FILM.replace("noise = 0.02", "noise = 0")
    pairs = list(zip(recipes(none), recipes(late), strict=True))
    assert next(f for f, (a, b) in enumerate(pairs) if a != b) == 15


def test_a_cut_prompt_leaves_everything_before_its_key() -> None:
    cut = FILM.replace("prompt {", "prompt { morph = cut\n")
    edited = cut.replace("a desert", "a dune")
    pairs = list(zip(recipes(cut), recipes(edited), strict=True))
    assert next(f for f, (a, b) in enumerate(pairs) if a != b) == 23


def test_the_model_and_media_are_part_of_it(tmp_path: Path) -> None:
    from PIL import Image

    text = FILM + 'image photo = "photo.png"\ninit = photo\n'
    Image.new("RGB", (8, 8), "red").save(tmp_path / "photo.png")
    red = recipes(text, tmp_path)
    Image.new("RGB", (8, 8), "blue").save(tmp_path / "photo.png")
    blue = recipes(text, tmp_path)
    assert not set(red) & set(blue)
    assert not set(recipes(FILM)) & set(recipes(FILM, model_sha256="1" * 64))


def test_every_frame_has_its_own() -> None:
    assert len(set(recipes(FILM))) == 32


def test_a_preview_of_the_beginning_shares_its_frames() -> None:
    """Frames 0 to 11: all but the tween and the frame at the preview's end, which is diffused there."""
    whole, part = recipes(FILM), recipes(FILM, frames=(0, 12))
    assert whole[:11] == part[:11]


def test_a_grade_changes_what_is_shown_and_no_carry() -> None:
    """From 2 s on, where it begins; what is shown before is the carry itself."""
    graded = frames_of(compiled(FILM + "grade { saturation = 0s: 1 hold, 2s: 1.2 }"))
    plain = frames_of(compiled(FILM))
    assert graded.recipes == plain.recipes
    assert plain.shown == plain.recipes
    changed = [f for f, (a, b) in enumerate(zip(graded.shown, plain.shown, strict=True)) if a != b]
    assert changed == list(range(16, 32))
    assert len(set(graded.shown)) == 32


def test_what_is_shown_changes_with_the_carry() -> None:
    grade = "grade { saturation = 1.2 }"
    one, other = (frames_of(compiled(text + grade)) for text in (FILM, FILM.replace("a desert", "a dune")))
    carries = [a != b for a, b in zip(one.recipes, other.recipes, strict=True)]
    shown = [a != b for a, b in zip(one.shown, other.shown, strict=True)]
    assert carries == shown
    assert 0 < sum(carries) < 32


def test_a_crossfade_shows_the_scene_beneath() -> None:
    """An edit of the first scene is seen while the second comes in over it, and no longer."""
    text = (
        FILM.replace("length = 4s; ", "")
        + "scene a 2s { STRENGTH }\nscene b 2s { transition = crossfade(1s) }"
    )
    one = frames_of(compiled(text.replace("STRENGTH", "")))
    other = frames_of(compiled(text.replace("STRENGTH", "diffuse { strength = 0.6 }")))
    changed = [a != b for a, b in zip(one.recipes, other.recipes, strict=True)]
    assert not any(changed[16:32])
    seen = [f for f in range(16, 32) if one.shown[f] != other.shown[f]]
    assert seen == list(range(16, 24))


def test_a_frame_from_noise_alone_depends_on_nothing_before() -> None:
    text = FILM.replace("strength = 0.5", "strength = 0: 0.5 hold, 20: 1 hold, 21: 0.5")
    text = text.replace("cadence = 2", "cadence = 1")
    one, other = (frames_of(compiled(t)) for t in (text, text.replace("a forest", "a wood")))
    same = [f for f, (a, b) in enumerate(zip(one.recipes, other.recipes, strict=True)) if a == b]
    # the frames after it are held to the first frame's colours
    assert same == [20]
    assert one.kinds[20] == "fresh"


def test_passes_change_no_recipe() -> None:
    """What is done faster is not another picture."""
    film, world = film_of(FILM), World(Path("nowhere"), Path("nowhere"))
    plain, optimised = (compile_film(film, world, OPTIONS, passes) for passes in (PLAIN, PASSES))
    assert frames_of(plain).recipes == frames_of(optimised).recipes
    assert frames_of(plain).shown == frames_of(optimised).shown


def test_noise_of_one_seed_is_another_at_every_place_of_the_scene() -> None:
    found = recipes(
        'length = 1s; fps = 8; prompt = "a lake"; diffuse { seed_mode = fixed }\n'
        "pipeline { frame = add_noise(generate(), 5%) }\n"
    )
    assert len(set(found)) == len(found) == 8
