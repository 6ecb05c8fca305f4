"""The `[models]` table: the user's own, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from anim_studio.cli.environment import read_environment
from anim_studio.cli.exits import Stop
from anim_studio.cli.settings import ModelSettings


@pytest.fixture
def read(tmp_path: Path):
    def run(own: str = "", project: str = "", variables: dict[str, str] | None = None) -> ModelSettings:
        (tmp_path / "config.toml").write_text(own)
        if project:
            (tmp_path / "anim.toml").write_text(project)
        env = {"ANIM_CONFIG": str(tmp_path / "config.toml"), **(variables or {})}
        return read_environment(env, folder=tmp_path).settings.models

    return run


def test_a_table_of_ones_own(read) -> None:
    found = read('[models]\nallowed = ["mirror.example:8080"]\ncivitai = "http://mirror.example:8080/c"\n')
    assert found == ModelSettings(allowed=("mirror.example:8080",), civitai="http://mirror.example:8080/c")


def test_variables(read) -> None:
    found = read(
        variables={
            "ANIM_MODELS_ALLOWED": "a.example:1, [::1]:2",
            "ANIM_MODELS_HUB": "https://hub.example",
            "ANIM_MODELS_PROXY": "http://proxy.example:3128",
        }
    )
    assert (found.allowed, found.hub) == (("a.example:1", "[::1]:2"), "https://hub.example")
    assert found.proxy == "http://proxy.example:3128"


@pytest.mark.parametrize(
    "line",
    ['allowed = ["x:1"]', 'civitai = "https://x"', 'hub = "https://x"', 'proxy = "http://x"', 'folder = "x"'],
)
def test_a_project_may_choose_nothing_of_it(read, line: str) -> None:
    """Whoever wrote the film's folder would choose where tokens go."""
    with pytest.raises(Stop, match="a project cannot choose `models"):
        read(project=f"[models]\n{line}\n")


@pytest.mark.parametrize(
    ("own", "variables", "says"),
    [
        ('[models]\nallowed = ["x"]\n', {}, "`models.allowed` is no list of hosts with their ports"),
        ('[models]\nallowed = ["https://x:1"]\n', {}, "no list of hosts"),
        ('[models]\ncivitai = "ftp://x"\n', {}, "`models.civitai` is no address"),
        ('[models]\nhub = "https://u:p@x"\n', {}, "`models.hub` is no address"),
        ('[models]\ntoken = "x"\n', {}, "`models.token` is no setting"),
        ("", {"ANIM_MODELS_ALLOWED": "host"}, "`ANIM_MODELS_ALLOWED` is `host`, no list of hosts"),
        (
            "",
            {"ANIM_MODELS_PROXY": "http://me:pw@p:1"},
            "`ANIM_MODELS_PROXY` is `http://•••••@p:1`, no address",
        ),
    ],
)
def test_what_is_no_setting(read, own: str, variables: dict[str, str], says: str) -> None:
    with pytest.raises(Stop, match=says):
        read(own, variables=variables)
