"""The grammar file, its tables, and what reading them costs."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources

import pytest
from lark import Lark
from lark.lexer import Lexer

from anim_dsl.easings import EASINGS
from anim_dsl.settings import ALIASES, SETTINGS, names, setting
from anim_dsl.words import WORDS


class Unused(Lexer):
    def __init__(self, lexer_conf: object) -> None: ...

    def lex(self, lexer_state: object, parser_state: object) -> object:
        return iter(())


def test_grammar_has_no_conflict() -> None:
    """Lark settles shift/reduce conflicts silently, so its debug log must name none."""
    text = resources.files("anim_grammar").joinpath("anim.lark").read_text(encoding="utf-8")
    code = (
        "import logging, sys\nfrom lark import Lark, logger\nfrom lark.lexer import Lexer\n"
        "class U(Lexer):\n    def __init__(self, c): pass\n    def lex(self, a, b): return iter(())\n"
        "logger.setLevel(logging.DEBUG)\n"
        "Lark(sys.stdin.read(), parser='lalr', lexer=U, start=['statement', 'value'], debug=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=text, capture_output=True, text=True, check=True
    )
    assert "conflict" not in (done.stderr + done.stdout).lower()
    assert Lark(text, parser="lalr", lexer=Unused, start=["statement", "value"])


def test_parsing_imports_nothing_heavy() -> None:
    code = (
        "import sys, anim_dsl.parse, anim_dsl.report\n"
        "print(sorted({'numpy', 'pydantic', 'lark', 'torch'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("key", SETTINGS, ids=lambda key: ".".join(key))
def test_setting_is_whole(key: tuple[str, str]) -> None:
    spec = SETTINGS[key]
    assert spec.help
    assert not spec.help.endswith(".")
    assert spec.help[0].islower() or spec.help[0] in "`."
    # a picture may be one by a name that is always there: `reference = first`
    assert spec.type == "choice" or not spec.choices or spec.type == "image"
    assert spec.type != "choice" or spec.choices
    if spec.type == "choice" and spec.default:
        assert spec.default.strip('"') in spec.choices
    if spec.minimum is not None and spec.maximum is not None:
        assert spec.minimum <= spec.maximum


def test_defaults_parse_and_are_in_range() -> None:
    from anim_dsl.parse import parse_value
    from anim_dsl.source import Source
    from anim_dsl.syntax import Number

    for spec in SETTINGS.values():
        if not spec.default:
            continue
        expr, diagnostics = parse_value(Source("default", spec.default))
        assert diagnostics == (), spec
        if isinstance(expr, Number):
            assert spec.minimum is None or expr.value >= spec.minimum, spec
            assert spec.maximum is None or expr.value <= spec.maximum, spec


def test_blocks_of_settings_are_known() -> None:
    blocks = {block.split(" ")[0] for block, _ in SETTINGS}
    assert blocks - {"film"} <= set(WORDS)
    assert all(set(word.blocks) <= {"film", *WORDS} for word in WORDS.values())


def test_deforum_names_find_their_setting_and_rule() -> None:
    spec = setting("diffuse", "strength_schedule")
    assert spec is SETTINGS["diffuse", "strength"]
    assert ALIASES["diffuse", "strength_schedule"][1] == "one_minus"
    assert ALIASES["coherence", "noise_schedule"][1] == "same"
    assert setting("diffuse", "nothing") is None
    assert "zoom" in names("camera 3d")


def test_easings() -> None:
    assert {"linear", "hold", "ease_in_out", "bounce_out", "bezier", "smooth"} <= EASINGS
    assert len(EASINGS) == 6 + 9 * 3 + 3 + 1
