import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from anim_studio.commands.export import To
from anim_studio.interchange.formats import EXPORTS

FILM = """\
size = 64x64; fps = 10; length = 8f
let tall = 1.5
prompt { 0f: "a lake"; 4f: "a hill" }
camera 2d { zoom = 0s: 1, 0.8s: tall }
variant { seed = [1, 2] }
output "lake.mp4"
"""


@pytest.mark.parametrize("to", [format.name for format in EXPORTS])
def test_every_format_is_written_under_a_name_of_its_own(anim, tmp_path, write_film, to: str) -> None:
    said = anim("export", write_film(FILM), "--to", to)
    assert said.code == 0, said.err
    assert not said.out
    (path,) = [
        path for path in tmp_path.iterdir() if path.name.startswith("film.") and path.suffix != ".anim"
    ][:1]
    assert path.read_bytes()
    again = anim("export", tmp_path / "film.anim", "--to", to)
    assert again.code == 2
    assert "is there already" in again.err
    assert anim("export", tmp_path / "film.anim", "--to", to, "--force", "-q").code == 0


def test_the_ending_of_the_name_is_a_format(anim, tmp_path, write_film) -> None:
    for name in ("new/curves.csv", "curves.json", "cut.otio"):
        said = anim("export", write_film(FILM), "-o", tmp_path / name)
        assert said.code == 0, said.err
        assert (tmp_path / name).stat().st_size > 100


def test_a_name_with_a_slash_behind_it_is_a_folder(anim, tmp_path, write_film) -> None:
    said = anim("export", write_film(FILM), "--to", "fizznodes", "-o", f"{tmp_path / 'new'}/")
    assert said.code == 0, said.err
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "film.prompts.txt", "film.camera.zoom.txt",
    }  # fmt: skip


def test_standard_output_is_the_file_alone(anim_process, write_film) -> None:
    said = anim_process("export", write_film(FILM), "--to", "csv", "-o", "-")
    assert said.code == 0, said.err
    assert len(list(csv.DictReader(io.StringIO(said.out)))) == 8


def test_a_terminal_is_shown_no_control_characters(anim, write_film, monkeypatch) -> None:
    film = write_film('length = 1f; prompt = "a\\u{1b}[31mb"')
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    said = anim("export", film, "--to", "csv", "-o", "-")
    assert "a\\x1b[31mb" in said.out
    assert "\x1b" not in said.out


def test_frames_scenes_variants_and_lets_are_chosen_as_everywhere(anim, write_film) -> None:
    film = write_film(FILM)
    said = anim(
        "export", film, "--to", "json", "-o", "-", "--frames", "2-3,6", "--variant", "2", "-D", "tall=2.6"
    )
    assert said.code == 0, said.err
    found = json.loads(said.out)
    assert found["frames"] == [2, 3, 6]
    assert found["seed"] == 2
    assert found["curves"]["camera.zoom"] == [1.4, 1.6, 2.2]
    beyond = anim("export", film, "--to", "csv", "--frames", "9-")
    assert beyond.code == 2
    assert "none of these frames" in beyond.err
    assert anim("export", film, "--to", "csv", "--scene", "x").code == 2


def test_a_variants_timeline_shows_its_own_file_and_a_drawn_seed_is_told(anim, write_film) -> None:
    said = anim("export", write_film(FILM), "--to", "otio", "-o", "-", "--variant", "2")
    assert '"out/lake-seed2.mp4"' in said.out
    film = write_film(f"{FILM}seed = -1\ndiffuse {{ seed_mode = fixed }}")
    found = json.loads(anim("export", film, "--to", "json", "-o", "-").out)
    assert found["curves"]["diffuse.seed"] == [found["seed"]] * 8


def test_size_rate_seed_and_steps_stand_over_the_films(anim, write_film) -> None:
    film = write_film('size = 64x32; fps = 10; length = 1s; prompt = "a"; camera 2d { truck = -20px per s }')
    words = ("--size", "128x64", "--fps", "5", "--seed", "8", "--steps", "3")
    found = json.loads(anim("export", film, "--to", "deforum", "-o", "-", *words).out)
    assert (found["W"], found["H"], found["fps"], found["max_frames"]) == (128, 64, 5, 5)
    assert (found["seed"], found["steps"]) == (8, 3)
    assert found["translation_x"] == "0: (8)"


def test_the_formats_of_the_option_are_those_of_the_table() -> None:
    assert get_args(To) == tuple(format.name for format in EXPORTS)


def test_what_a_format_cannot_say_is_said_on_standard_error(anim, write_film) -> None:
    film = write_film(FILM + "grade { contrast = 1.2 }\n")
    said = anim("export", film, "--to", "deforum", "-o", "-")
    assert json.loads(said.out)["max_frames"] == 8
    assert "what deforum does not have as the film has it:" in said.err
    assert "not expressible  grade: " in said.err
    assert "grade" not in anim("export", film, "--to", "deforum", "-o", "-", "--quiet").err


def test_files_of_the_film_are_told_from_the_folder_that_is_written_to(anim, tmp_path, write_film) -> None:
    said = anim("export", write_film(FILM), "-o", tmp_path / "cut" / "film.otio")
    assert said.code == 0, said.err
    assert "../out/lake.mp4" in (tmp_path / "cut/film.otio").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--to", "defourm"), "it is one of `deforum`, `fizznodes`"),
        ((), "write `--to` and one of deforum, fizznodes"),
        (("-o", "film.mp4"), "write `--to`"),
        (("--to", "csv", "-o", "film.anim", "--force"), "is the film itself"),
        (("--to", "csv", "--tier", "draft"), "leave out `--tier`"),
        (("--to", "deforum", "--frames", "0-1,3"), "one range of frames"),
    ],
)
def test_mistakes_are_told(anim, write_film, words: tuple[str, ...], says: str) -> None:
    said = anim("export", write_film(FILM), *words)
    assert said.code == 2
    assert says in said.err


def test_a_film_with_errors_is_not_exported(anim, tmp_path, write_film) -> None:
    said = anim("export", write_film("zom = 1"), "--to", "csv")
    assert said.code == 1
    assert "E2003" in said.err
    assert not list(tmp_path.glob("*.csv"))
    broken = anim(
        "export", write_film('length = 4f; prompt = "a"; camera 2d { zoom = log(t - 2) }'), "--to", "csv"
    )
    assert broken.code == 1
    assert "E5001" in broken.err


def test_models_that_are_not_here_are_no_hindrance(anim, write_film) -> None:
    film = write_film(
        'length = 4f; prompt = "a"; model = "hf:someone/model"; control tile { source = previous }\n'
        'lora x = "civitai:1" { weight = 0.5 }'
    )
    for to in ("deforum", "comfyui"):
        said = anim("export", film, "--to", to)
        assert said.code == 0, said.err


def test_nothing_that_a_terminal_obeys_comes_from_a_film(anim, write_film) -> None:
    film = write_film('length = 4f; title = "\\u{1b}[31mred"; prompt = "\\u{1b}]0;x\\u{7}\\u{202e}"')
    said = anim("export", film, "--to", "json", "-o", "-")
    assert "\x1b" not in said.out
    assert json.loads(said.out)["texts"]["prompt"][0] == "\x1b]0;x\x07\u202e"


def test_exporting_loads_neither_torch_nor_a_model(tmp_path) -> None:
    film = tmp_path / "film.anim"
    film.write_text(FILM, encoding="utf-8")
    code = (
        "import sys; from anim_studio.cli import main; "
        f"code = main(['export', {str(film)!r}, '--to', 'comfyui', '-o', {str(tmp_path / 'a.json')!r}]); "
        "heavy = {'torch', 'diffusers', 'librosa', 'textual', 'opentimelineio'}; "
        "print(code, sorted(heavy & sys.modules.keys()))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "0 []"
    assert Path(tmp_path / "a.json").is_file()


def test_every_format_stands_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    assert all(f"| `{format.name}` | " in manual for format in EXPORTS)
