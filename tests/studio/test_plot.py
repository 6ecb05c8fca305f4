import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image

FILM = """\
size = 64x64
fps = 12
length = 2s
prompt { 0s: "a lake at dawn" }
camera 2d { zoom = 0s: 1, 2s: 1.5; angle = sine(1s) * 5 }
diffuse { steps = 2 }
"""


def test_all_that_moves_is_drawn(anim, tmp_path, write_film) -> None:
    path = tmp_path / "new" / "curves.svg"
    said = anim("plot", write_film(FILM), "-o", path)
    assert said.code == 0, said.err
    words = [e.text for e in ElementTree.parse(path).iter() if e.tag.endswith("text")]
    assert "camera.zoom" in words
    assert "camera.angle" in words
    assert "1 to 1.479" in words
    assert not any("seed" in str(word) for word in words)


def test_the_png_is_not_blank(anim, tmp_path, write_film) -> None:
    said = anim("plot", write_film(FILM), "camera.zoom", "diffuse.strength")
    assert said.code == 0, said.err
    pixels = np.asarray(Image.open(tmp_path / "out" / "film-curves.png"))
    assert pixels.shape[2] == 3
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20


def test_a_film_that_does_not_move_says_so(anim, write_film) -> None:
    still = 'size = 64x64\nlength = 1s\nprompt { 0s: "a lake" }\n'
    said = anim("plot", write_film(still))
    assert said.code == 2
    assert "diffuse.strength" in said.err


def test_scenes_are_named_and_what_stands_is_named_with_its_value(anim, tmp_path, write_film) -> None:
    film = write_film(
        'size = 64x64; fps = 10\nscene dawn 1s { prompt { 0s: "a" }\n diffuse { steps = 9 } }\n'
        'scene dusk 1s { prompt { 0s: "b" }\n diffuse { steps = 9; strength = u } }\n'
    )
    path = tmp_path / "c.svg"
    said = anim("plot", film, "-o", path)
    assert said.code == 0, said.err
    words = [str(e.text) for e in ElementTree.parse(path).iter() if e.tag.endswith("text")]
    assert {"dawn", "dusk", "diffuse.strength"} <= set(words)
    assert "does not change: diffuse.steps = 9" in words


def test_formulas_are_drawn_as_curves_are(anim, tmp_path, write_film) -> None:
    film = write_film(FILM + "let sway = sine(1s)\n")
    said = anim("plot", film, "camera.zoom", "abs(sway) * 3", "-o", tmp_path / "c.svg")
    assert said.code == 0, said.err
    words = [str(e.text) for e in ElementTree.parse(tmp_path / "c.svg").iter() if e.tag.endswith("text")]
    assert {"camera.zoom", "abs(sway) * 3", "0 to 3"} <= set(words)
    wrong = anim("plot", film, "abs(swai) * 3", "-o", tmp_path / "d.svg")
    assert wrong.code == 1
    assert "did you mean `sway`" in wrong.err
    assert not (tmp_path / "d.svg").exists()
