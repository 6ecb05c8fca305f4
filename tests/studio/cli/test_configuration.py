import subprocess
import sys
from pathlib import Path

import pytest

from anim_studio.cli.config_files import user_file
from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop


@pytest.fixture
def read(tmp_path: Path):
    """The environment for work in a project: what its files hold, the user's own file, and variables."""

    def run(
        project: str = "", own: str = "", pyproject: str = "", variables: dict[str, str] | None = None
    ) -> Environment:
        folder = tmp_path / "project"
        (folder / "films").mkdir(parents=True, exist_ok=True)
        (folder / ".git").mkdir(exist_ok=True)
        for name, text in (("anim.toml", project), ("pyproject.toml", pyproject)):
            if text:
                (folder / name).write_text(text, encoding="utf-8")
        mine = tmp_path / "config.toml"
        mine.write_text(own, encoding="utf-8")
        env = {"ANIM_CONFIG": str(mine), **(variables or {})}
        return read_environment(env, folder=folder / "films")

    return run


def test_a_project_is_found_from_below(read, tmp_path: Path) -> None:
    settings = read('device = "cpu"\nout = "made"\n').settings
    assert settings.device == "cpu"
    assert settings.out == tmp_path / "project" / "made"
    assert settings.origins == {name: str(tmp_path / "project" / "anim.toml") for name in ("device", "out")}


def test_a_pyproject_has_a_table(read) -> None:
    settings = read(
        pyproject='[tool.other]\nx = 1\n[tool.anim]\ncap = "2GiB"\n[tool.anim.live]\npoll = true\n'
    )
    assert settings.cap_bytes == 2 * 2**30
    assert settings.settings.live.poll is True


def test_a_pyproject_has_its_table_however_it_is_written(read) -> None:
    assert read(pyproject='[tool]\nanim.cap = "2GiB"\n').cap_bytes == 2 * 2**30
    assert read(pyproject='[ tool . "anim" ]\ncap = "2GiB"\n').cap_bytes == 2 * 2**30


def test_a_pyproject_without_the_table_is_none_of_ours(read) -> None:
    assert read(pyproject="[tool.other]\nx = 1\n").settings.origins == {}


def test_variables_win_over_the_project_and_that_over_ones_own(read) -> None:
    own = 'device = "mps"\nprogress = "lines"\n[live]\ntheme = "nord"\nimages = "half"\n'
    project = 'device = "cuda"\n[live]\ntheme = "gruvbox"\n'
    settings = read(project, own, variables={"ANIM_LIVE_THEME": "dracula"}).settings
    assert (settings.device, settings.progress) == ("cuda", "lines")
    assert (settings.live.theme, settings.live.images) == ("dracula", "half")
    assert settings.origins["live.theme"] == "$ANIM_LIVE_THEME"
    assert settings.origins["live.images"].endswith("config.toml")
    assert settings.origins["device"].endswith("anim.toml")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('# x\ndevise = "cpu"\n', "anim.toml:2`: `devise` is no setting", "did you mean `device`?"),
        ('theme = "x"\n', "anim.toml:1`: `theme` is no setting", "did you mean `live.theme`?"),
        ('[live]\n\nimage = "x"\n', "anim.toml:3`: `live.image` is no setting", "`live.images`"),
        ('device = "tpu"\n', "anim.toml:1`: `device` is none of its words", "`cuda`"),
        ('cap = "lots"\n', "anim.toml:1`: `cap` is no amount of bytes", "20GiB"),
        ("[live]\npoll = 7\n", "anim.toml:2`: `live.poll` is no switch", "`poll = true`"),
        ("x = \n", "anim.toml:1` is no TOML", ""),
        ('[live]\neditor = "sh"\n', "anim.toml:2`: a project cannot choose `live.editor`", "config.toml"),
        ('x = 1\nout = "../elsewhere"\n', "anim.toml:1`: `x` is no setting", ""),
        (
            '\nout = "../elsewhere"\n',
            "anim.toml:2`: a project's `out` cannot lie outside of it",
            "config.toml",
        ),
        ('cache = "/var/tmp"\n', "anim.toml:1`: a project's `cache` cannot lie outside of it", "config.toml"),
        ("live = 3\n", "anim.toml:1`: `live` is no table", "`live = { tier = "),
        ("out = 3\n", "anim.toml:1`: `out` is no folder", '`out = "renders"`'),
        ("cap = 0\n", "anim.toml:1`: `cap` is no amount of bytes", "20GiB"),
        ("[liv]\n", "anim.toml:1`: `liv` is no setting", "did you mean `live`?"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(read, text: str, message: str, hint: str) -> None:
    with pytest.raises(Stop) as stop:
        read(text)
    assert stop.value.code is Exit.USAGE
    assert message in stop.value.message
    assert hint in stop.value.hint


def test_a_mistake_of_a_variable_is_told_with_its_name(read) -> None:
    with pytest.raises(Stop) as stop:
        read(variables={"ANIM_DEVICE": "tpu"})
    assert stop.value.message == "`ANIM_DEVICE` is `tpu`, none of its words"
    with pytest.raises(Stop) as stop:
        read(variables={"ANIM_LIVE_POLL": "maybe"})
    assert (stop.value.message, stop.value.hint) == (
        "`ANIM_LIVE_POLL` is `maybe`, no switch",
        "write it like `true`",
    )


def test_ones_own_editor_is_ones_own(read) -> None:
    assert read(own='[live]\neditor = "vim"\n').settings.live.editor == "vim"


def test_an_untrusted_project_sets_nothing(anim, write_film) -> None:
    write_film('devise = "cpu"\n', "anim.toml")
    film = write_film("size = 64x64; length = 1s\n")
    assert anim("check", film).code == 2
    assert anim("check", film, "--untrusted").code == 0


def test_the_project_is_the_films_not_the_folders(anim, write_film, tmp_path: Path) -> None:
    write_film('devise = "cpu"\n', "there/anim.toml")
    film = write_film("size = 64x64; length = 1s\n", "there/film.anim")
    assert anim("check", film).code == 2
    assert anim("check", write_film("size = 64x64; length = 1s\n")).code == 0


def test_the_users_file_is_where_platformdirs_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from platformdirs import user_config_path

    for variables in ({}, {"XDG_CONFIG_HOME": "/somewhere/else"}):
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert user_file(variables) == user_config_path("anim", appauthor=False) / "config.toml"


@pytest.mark.parametrize(
    ("flags", "variables", "is_coloured"),
    [
        ((), {}, False),
        (("--colour", "always"), {}, True),
        (("--color=always",), {"NO_COLOR": "1"}, True),
        ((), {"ANIM_COLOUR": "always"}, True),
        (("--colour=never",), {"ANIM_COLOUR": "always", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_by_flag_then_variable(
    anim, write_film, monkeypatch: pytest.MonkeyPatch, flags, variables, is_coloured: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    said = anim("check", write_film("zom = 1\nlength = 1s\n"), *flags)
    assert said.code == 1
    assert ("\x1b[" in said.out) is is_coloured


def test_a_colour_that_is_none(anim) -> None:
    said = anim("doctor", "--colour", "sometimes")
    assert said.code == 2
    assert "always" in said.err


def test_a_film_without_settings_loads_no_pydantic(write_film, tmp_path: Path) -> None:
    film = write_film("size = 64x64; length = 1s\n")

    program = (
        "import sys; from anim_studio.cli import main; code = main(sys.argv[1:]);"
        "loaded = {'pydantic', 'pydantic_settings', 'numpy', 'watchdog', 'textual'} & set(sys.modules);"
        "sys.exit(code or (f'loaded {loaded}' if loaded else 0))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", str(film)], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_file_that_is_no_text_is_told(read, tmp_path: Path) -> None:
    read()
    (tmp_path / "project" / "anim.toml").write_bytes(b"cap = '\xff'")
    with pytest.raises(Stop, match="is no UTF-8 text"):
        read()
    (tmp_path / "project" / "anim.toml").unlink()
    with pytest.raises(Stop, match="is no table"):
        read(pyproject="[[tool.anim]]\ncap = 1\n")


def test_an_empty_file_only_marks_the_root(read, tmp_path: Path) -> None:
    read('device = "cpu"\n')
    (tmp_path / "project" / "films" / "anim.toml").touch()
    assert read().settings.origins == {}


def test_a_doctor_tells_where_settings_come_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from anim_studio.commands import doctor

    (tmp_path / "anim.toml").write_text('cap = "2GB"\n[live]\ntheme = "nord"\n', encoding="utf-8")
    monkeypatch.setenv("ANIM_DEVCE", "cpu")
    found = {one.subject: one.text for one in doctor.settings_told(read_environment({}, folder=tmp_path))}
    assert found["cap"] == f"2.0 GB ({tmp_path / 'anim.toml'})"
    assert found["live.theme"] == f"nord ({tmp_path / 'anim.toml'})"
    assert "`ANIM_DEVICE`" in found["ANIM_DEVCE"]
    found = {
        one.subject: one.text for one in doctor.settings_told(read_environment({}, folder=tmp_path / "gone"))
    }
    assert "cap" in found, "a folder below the project is part of it"


def test_how_a_render_uses_its_device_can_be_set(read) -> None:
    plain = read().speed
    assert (plain.graphs, plain.memory) == (True, "auto")
    told = read('[render]\ngraphs = "off"\n', variables={"ANIM_MEMORY": "tiles"}).speed
    assert (told.graphs, told.memory) == (False, "tiles")
    assert read(variables={"ANIM_GRAPHS": "off"}).speed.graphs is False
    with pytest.raises(Stop, match="memory` is none of its words"):
        read('[render]\nmemory = "most"\n')
