"""The table of features: every row leads to a function, and no editor waits for what another row brings."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lsprotocol import types
from tests.studio.lsp.talking import HEAVY

from anim_studio.lsp.answering import load
from anim_studio.lsp.legend import LEGEND, MODIFIERS, TYPES
from anim_studio.lsp.table import COMMANDS, FEATURES


@pytest.mark.parametrize(
    "function", [*(row.function for row in FEATURES), *(row.function for row in COMMANDS)]
)
def test_every_row_has_its_function(function: str) -> None:
    found = load(function)
    assert callable(found)
    assert found.__doc__


def test_every_method_has_one_row() -> None:
    methods = [row.method for row in FEATURES]
    assert len(methods) == len(set(methods))


def test_the_enter_that_ends_a_line_takes_no_suggestion() -> None:
    (row,) = (row for row in FEATURES if row.method == types.TEXT_DOCUMENT_COMPLETION)
    assert isinstance(row.options, types.CompletionOptions)
    assert not {"{", "=", ","} & set(row.options.trigger_characters or ())


def test_the_legend_is_documented() -> None:
    from anim_studio.lsp import legend

    told = legend.__doc__ or ""
    assert all(f"`{name}`" in told for name in (*TYPES, *MODIFIERS))
    assert (list(TYPES), list(MODIFIERS)) == (LEGEND.token_types, LEGEND.token_modifiers)


def test_all_features_together_load_nothing_heavy() -> None:
    code = (
        "import sys; import anim_studio.lsp.server; from anim_studio.lsp.answering import warm;"
        "light = set(sys.modules); warm(); print(*light, '|', *sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    light, _, warmed = told.partition("|")
    assert not {*HEAVY, "numpy"} & set(light.split())
    assert not HEAVY & set(warmed.split())
