from pathlib import Path

import pytest

from anim_studio.cli.environment import DEFAULT_CAP_BYTES, read_environment
from anim_studio.cli.exits import Exit, Stop


def test_the_cache_is_named_by_option_then_variable_then_system(tmp_path: Path) -> None:
    named = {"ANIM_CACHE": str(tmp_path / "a")}
    assert read_environment(named).cache == tmp_path / "a"
    assert read_environment(named, cache=tmp_path / "b").cache == tmp_path / "b"
    assert "anim" in str(read_environment({}).cache)


def test_the_cap() -> None:
    assert read_environment({}).cap_bytes == DEFAULT_CAP_BYTES
    assert read_environment({"ANIM_CACHE_CAP": "2GiB"}).cap_bytes == 2 * 2**30
    with pytest.raises(Stop) as stop:
        read_environment({"ANIM_CACHE_CAP": "plenty"})
    assert stop.value.code is Exit.USAGE


@pytest.mark.parametrize(
    ("variables", "colour"),
    [
        ({}, None),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, None),
        ({"TERM": "dumb"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours(variables: dict[str, str], colour: bool | None) -> None:
    assert read_environment(variables).colour is colour
