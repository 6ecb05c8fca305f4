"""Published Parseq documents: each is a film that says the same at every frame, and reads like one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.studio.interchange.parseq.documents import DATA, asked, given, proved

from anim_studio.interchange.parseq import looks_like

FILES = sorted(DATA.glob("parseq_*.json"))
OTHERS = sorted(path for path in DATA.glob("*") if not path.name.startswith("parseq_"))
pytestmark = pytest.mark.skipif(not FILES, reason="the published files are not here")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_document_is_a_film(path: Path) -> None:
    data = path.read_bytes()
    assert looks_like(given(data))
    made = proved(data)
    assert not made.diagnostics
    assert not made.beside, "every curve of these is kept as it is written"
    assert len(made.text.splitlines()) < 230


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_another_program_s_file_is_not_taken_for_one(path: Path) -> None:
    assert not looks_like(given(path.read_bytes()))


def test_rendered_frames_are_met_to_a_millionth() -> None:
    data = (DATA / "parseq_02_deforum_testdata.json").read_bytes()
    rows = json.loads(data)["rendered_frames"]
    film = asked(proved(data))
    for name, place in (("seed", "diffuse.seed"), ("angle_delta", "camera.angle")):
        assert film.curve(place).tolist() == pytest.approx([row[name] for row in rows], abs=1e-6)
    words = film.words("prompt")
    assert words is not None
    assert set(words) == {'"Parseq prompt!"'}
