"""`anim graph`."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from PIL import Image

from anim_compiler.graph_read import read_graph

FILM = """\
size = 64x64
fps = 12
length = 1s
prompt { 0s: "a lake at dawn"; 0.5s: "a lake at night" }
coherence { cadence = 2; color = lab; blend = 20% }
diffuse { steps = 2 }
scene near 0.5s { camera 3d { rotation_3d_y = 0s: 0, 1s: 30 } }
scene far 0.5s { }
"""


def test_the_text_is_told_and_reads_back(anim, write_film) -> None:
    said = anim("graph", write_film(FILM))
    assert said.code == 0, said.err
    graph = read_graph(said.out)
    assert {(0, "first"), (0, "diffused"), (1, "tween")} <= set(graph.templates)
    assert 'scene 0 "near", first: frame 0' in said.out
    assert sum(len(template.frames) for template in graph.templates.values()) == 12


def test_a_film_of_one_scene_names_none(anim, write_film) -> None:
    said = anim("graph", write_film('size = 64x64; length = 3f; prompt { 0s: "a" }'))
    assert said.out.startswith("scene 0, first: frame 0")


def test_steps_of_the_compiler_can_be_looked_at(anim, write_film) -> None:
    film = write_film(FILM)

    def ops(*words: str) -> set[str]:
        said = anim("graph", film, *words)
        assert said.code == 0, said.err
        return {line.split()[2] for line in said.out.splitlines() if line.startswith("  %")}

    assert "estimate_depth" in ops("--after", "lower")
    assert ops("--before", "expand") == ops("--after", "lower")
    assert "estimate_depth" not in ops("--plain")
    assert ops("--plain") == ops("--after", "cadence")
    assert "color_stats" in ops("--after", "hoist")
    assert "color_stats" not in ops("--before", "hoist")


def test_parts_can_be_chosen(anim, write_film) -> None:
    film = write_film(FILM)
    said = anim("graph", film, "--scene", "far", "--kind", "tween")
    assert [line for line in said.out.splitlines() if line.startswith("scene")] == [
        'scene 1 "far", tween: frames 7,9'
    ]
    assert anim("graph", film, "--scene", "1", "--kind", "tween").out == said.out


def test_places_are_told_if_asked_for(anim, write_film) -> None:
    film = write_film(FILM)
    said = anim("graph", film, "--places")
    assert "# frees %" in said.out
    assert any(template.releases for template in read_graph(said.out).templates.values())
    assert "# frees %" not in anim("graph", film).out


@pytest.mark.parametrize(
    ("words", "says", "hint"),
    [
        (["--after", "fold", "--plain"], "each choose a step", "write one of them"),
        (["--after", "melt"], "there is no step `melt` to look after", "`lower`, `expand`"),
        (["--before", "lower"], "there is no step `lower` to look before", "`expand`"),
        (["--scene", "middle"], "there is no scene `middle`", "its scenes are `near`, `far`"),
        (["--scene", "2"], "there is no scene `2`", "`near`"),
        (["--scene", "far", "--kind", "fresh"], "no frame of it is made as `fresh`", "its kinds are"),
        (["-o", "graph.pdf"], "a graph cannot be written as `.pdf`", ".svg"),
        (["--format", "png"], "needs a file", "-o graph.png"),
    ],
)
def test_wrong_use_is_said(anim, write_film, words: list[str], says: str, hint: str) -> None:
    said = anim("graph", write_film(FILM), *words)
    assert said.code == 2
    assert says in said.err
    assert hint in said.err


def test_a_film_with_errors_has_no_graph(anim, write_film) -> None:
    said = anim("graph", write_film("sizes = 64x64"))
    assert said.code == 1
    assert said.out == ""


def test_files_by_their_endings(anim, tmp_path, write_film) -> None:
    film = write_film(FILM)
    for name in ("a/graph.txt", "a/graph.dot", "a/graph.svg", "a/graph.png"):
        assert anim("graph", film, "-o", tmp_path / name).code == 0
    assert read_graph((tmp_path / "a/graph.txt").read_text("utf-8")).templates
    assert (tmp_path / "a/graph.dot").read_text("utf-8").startswith("digraph film {")
    assert anim("graph", film, "--format", "dot").out == (tmp_path / "a/graph.dot").read_text("utf-8")
    svg = ElementTree.parse(tmp_path / "a/graph.svg").getroot()
    assert any(
        "diffused: frames" in (text.text or "") for text in svg.iter("{http://www.w3.org/2000/svg}text")
    )
    with Image.open(tmp_path / "a/graph.png") as picture:
        assert picture.size == (int(svg.get("width", 0)), int(svg.get("height", 0)))


def test_words_stay_inside_the_picture(anim, tmp_path, write_film) -> None:
    from anim_studio.draw.font import width_of

    assert anim("graph", write_film(FILM), "-o", tmp_path / "g.svg").code == 0
    svg = ElementTree.parse(tmp_path / "g.svg").getroot()
    width, height = float(svg.get("width", 0)), float(svg.get("height", 0))
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        x, y, size = (float(text.get(name, 0)) for name in ("x", "y", "font-size"))
        wide = width_of(text.text or "", size)
        left = x - (wide / 2 if text.get("text-anchor") == "middle" else 0)
        assert 0 <= left <= left + wide <= width
        assert size <= y <= height
