"""Every example of `--help` is a command line that its command understands."""

import shlex
from pathlib import Path

import pytest

from anim_studio.cli.app import COMMANDS, GROUPS, build_app
from anim_studio.cli.invocation import read_words
from anim_studio.commands.models.group import ROWS

EXAMPLES = [example for row in (*COMMANDS, *ROWS) for example in row.examples]


def own_words(example: str) -> tuple[str, ...]:
    """The words behind `anim` up to a pipe, a redirection or the next command."""
    words = shlex.split(example, comments=True)
    assert words[0] == "anim"
    ends = [place for place, word in enumerate(words) if word in ("|", "&&", "<", ">", "||")]
    return read_words(tuple(words[1 : min(ends, default=len(words))])).own


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.startswith("anim ")])
def test_an_example_is_understood(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, bound, _ = build_app().parse_args(own_words(example), exit_on_error=False, print_error=False)
    assert bound.args or bound.kwargs or example.split()[-1] in {row.name for row in (*COMMANDS, *ROWS)}


@pytest.mark.parametrize("row", [row for row in COMMANDS if row.name not in GROUPS], ids=lambda row: row.name)
def test_options_of_one_name_mean_the_same_everywhere(row) -> None:
    """What is said of a film is said by the same names; `SHARED` are those that several commands have."""
    names = {
        name
        for argument in build_app()[row.name].assemble_argument_collection()
        for name in argument.parameter.name or ()
    }
    if "--frames" in names and row.name != "eval":
        assert {"--scene", "--fps", "--size", "--seed", "--steps", "--tier", "--variant", "-D"} <= names
    if "--variant" in names:
        assert "-D" in names, "whoever picks a variant may give values"
