"""The standard pipelines are files of the language, read by the same checker as a film's own."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from tests.compiler.film_texts import film_of
from tests.compiler.graph_films import seen
from tests.compiler.statement_files import stage

from anim_compiler.film import Pipeline
from anim_compiler.std_pipelines import STANDARDS, Standard, mode, pipeline_of, standard
from anim_compiler.text import graph_text

HEAD = 'length = 1s; fps = 8\nprompt { 0s: "a" }\n'
CAMERAS = {"2d": "camera 2d { zoom = 2 per s }\n", "3d": "camera 3d { dolly = 9 per s }\n", "morph": ""}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def text_of(name: str) -> str:
    return resources.files("anim_grammar").joinpath("std", f"{name}.anim").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STANDARDS)
def test_every_standard_pipeline_is_right_and_read_once(name: Standard) -> None:
    found = standard(name)
    assert isinstance(found, Pipeline)
    assert (found.carry, found.frame) == ("carry", "frame")
    assert standard(name) is found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "morph"),
        (CAMERAS["2d"], "2d"),
        (CAMERAS["3d"], "3d"),
        ('video clip = "clip.mp4"\nsource = clip\n', "video"),
        ('video clip = "clip.mp4"\nsource = clip\n' + CAMERAS["3d"], "video"),
    ],
)
def test_the_mode_is_by_the_camera_and_the_source(text: str, name: str, home: Path) -> None:
    shot = film_of(HEAD + text, home).shots[0]
    assert mode(shot) == name
    assert pipeline_of(shot) is standard(mode(shot))


def test_a_pipeline_of_the_films_own_stands_over_it(home: Path) -> None:
    shot = film_of(HEAD + CAMERAS["2d"] + "pipeline { frame = diffuse(previous) }", home).shots[0]
    assert pipeline_of(shot) is shot.pipeline


@pytest.mark.parametrize("name", sorted(CAMERAS))
def test_a_copy_of_a_standard_pipeline_is_the_same_film(name: str, home: Path) -> None:
    start = HEAD + CAMERAS[name] + "coherence { color = lab; noise = 5%; blend = 20% * u; cadence = 3 }\n"
    plain, copied = (seen(text, home) for text in (start, start + text_of(name)))
    for (_, one), (_, other) in zip(plain.graphs, copied.graphs, strict=True):
        assert graph_text(one) == graph_text(other)
        assert one.columns.keys() == other.columns.keys()


def test_checking_a_plain_film_reads_no_standard_pipeline() -> None:
    code = (
        "from pathlib import Path\n"
        "from anim_compiler.check import check\n"
        "from anim_compiler.world import World\n"
        "from anim_dsl.parse import parse\n"
        "from anim_dsl.source import Source\n"
        f"document, _ = parse(Source('film.anim', {HEAD + CAMERAS['2d']!r}))\n"
        "film, _ = check(document, World(Path(), Path()))\n"
        "assert film is not None\n"
        "import sys\n"
        "heavy = {'anim_compiler.std_pipelines', 'anim_compiler.lowering.paths', 'numpy'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
