"""`--tier hints` on the command line."""

from __future__ import annotations

from pathlib import Path

FILM = """\
size = 96x64; fps = 4; length = 1s; {model}
prompt = "a lake"
camera 2d {{ zoom = 0s: 1, 1s: 1.3 }}
"""


def test_a_film_of_hints_needs_no_model(anim, write_film, fresh_cache, tmp_path: Path, open_video) -> None:
    """The film's own model is not on this machine, nor is its ControlNet."""
    text = FILM.format(model='model = "hf:nobody/nothing"')
    film = write_film(text + "control canny { low = 20; high = 40 }\ncontrol depth\n", "lake.anim")
    said = anim("render", film, "--tier", "hints")
    assert said.code == 0, said.err
    assert "built-in" not in said.err
    (made,) = (tmp_path / "out").glob("lake*hints*")
    video = open_video(made)
    assert (video.frames, video.width, video.height) == (4, 96, 64)


def test_a_film_without_a_control_is_told_what_to_write(anim, write_film, fresh_cache) -> None:
    film = write_film(FILM.format(model='model = "null"'), "lake.anim")
    said = anim("render", film, "--tier", "hints")
    assert said.code == 2
    assert "the film has no `control`" in said.err
    assert "control canny { source = init }" in said.err


def test_the_films_own_controls_reach_the_built_in_model(
    anim, write_film, fresh_cache, tmp_path: Path
) -> None:
    """From the film's text to pixels: a control changes the frames, and its weight changes them again."""
    shown = []
    for control in ("", "control canny { source = still }", "control canny { source = still; weight = 0.3 }"):
        text = f"""\
size = 64x64; fps = 2; length = 0.5s
image still = "still.png"
prompt = "mountains"
diffuse {{ steps = 2; strength = 1 }}
{control}
"""
        film = write_film(text, "a.anim")
        _still(film.parent / "still.png")
        out = tmp_path / f"{len(shown)}.png"
        said = anim("render", film, "-o", out)
        assert said.code == 0, said.err
        shown.append(out.read_bytes())
    assert len(set(shown)) == 3


def _still(path: Path) -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(picture).ellipse((12, 12, 52, 52), fill="black")
    picture.save(path)


def test_hints_are_told_neither_that_they_are_dark_nor_that_a_controlnet_is_missing(
    anim, write_film, fresh_cache
) -> None:
    """The built-in model has no ControlNet for `scribble`; and edges are a black picture with a few lines."""
    film = write_film(
        """\
size = 64x64; fps = 2; length = 1s; bpm = 120
image still = "still.png"
control canny lines { source = still; weight = 0beats: 1, 2beats: 0 }
control scribble { source = still; weight = 0beats: 1, 2beats: 0 }
""",
        "a.anim",
    )
    _still(film.parent / "still.png")
    said = anim("render", film, "--tier", "hints")
    assert said.code == 0, said.err
    assert "W6173" not in said.err + said.out
    assert "advice" not in said.err + said.out
