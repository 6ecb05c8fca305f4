import json
from pathlib import Path

import pytest

FILM = """\
size = 64x64; fps = 8; length = 500ms; model = "null"
prompt { 0s: "a lake" }
variant { seed = [1, 2]; diffuse.cfg_scale = [5, 7.5] }
output "v.mp4"
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.mp4"))


def test_every_variant_is_rendered(anim, tmp_path, write_film) -> None:
    said = anim("render", write_film(FILM), "--progress", "none")
    assert said.code == 0, said.err
    assert names(tmp_path / "out") == [
        "v-seed1-cfg_scale5.mp4",
        "v-seed1-cfg_scale7.5.mp4",
        "v-seed2-cfg_scale5.mp4",
        "v-seed2-cfg_scale7.5.mp4",
    ]


@pytest.mark.parametrize("wanted", ["3", "seed2-cfg_scale5"])
def test_one_variant_by_number_or_name(anim, tmp_path, write_film, wanted: str) -> None:
    said = anim("render", write_film(FILM), "--variant", wanted, "--progress", "none")
    assert said.code == 0, said.err
    assert names(tmp_path / "out") == ["v-seed2-cfg_scale5.mp4"]


def test_one_file_and_one_sheet_for_every_variant(anim, tmp_path, write_film) -> None:
    film = write_film(FILM.replace("; diffuse.cfg_scale = [5, 7.5]", ""))
    said = anim("render", film, "-o", "a.mp4", "--sheet", "a.png", "--progress", "none")
    assert said.code == 0, said.err
    assert names(tmp_path) == ["a-seed1.mp4", "a-seed2.mp4"]
    assert {path.name for path in tmp_path.glob("*.png")} == {"a-seed1.png", "a-seed2.png"}


def test_an_unknown_variant_is_told(anim, write_film) -> None:
    said = anim("render", write_film(FILM), "--variant", "seed3-cfg_scale5")
    assert said.code == 2
    assert "it has 4" in said.err
    assert "seed2-cfg_scale5" in said.err


def test_a_film_without_variants_says_so(anim, write_film) -> None:
    said = anim("compile", write_film('length = 1s; prompt { 0s: "a" }'), "--variant", "1")
    assert said.code == 2
    assert "has no variants" in said.err


def test_the_plan_of_a_variant(anim, tmp_path, write_film) -> None:
    said = anim("compile", write_film(FILM), "--variant", "4")
    assert said.code == 0, said.err
    plan = json.loads((tmp_path / "film-seed2-cfg_scale7.5.plan.json").read_text())
    assert plan["seed"] == 2
    assert plan["outputs"][0]["path"] == "v-seed2-cfg_scale7.5.mp4"


def test_a_plan_of_the_film_without_its_variants_says_so(anim, write_film) -> None:
    said = anim("compile", write_film(FILM))
    assert said.code == 0, said.err
    assert "4 variants; `--variant N` picks one; this is the film without them" in said.err
    assert "variants" not in anim("compile", write_film(FILM), "--variant", "1").err
    quiet = anim("compile", write_film(FILM), "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
