"""The Pygments lexer: what each word is, and that no character is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pygments.formatters import HtmlFormatter, NullFormatter
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String, Whitespace, _TokenType
from tools.reference.assemble import REFERENCE

from anim_dsl.codes import CODES
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.lexing.lexer import AnimLexer

_FENCE = re.compile(r"^```anim([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.anim"))
_LEXER = AnimLexer(stripnl=False, ensurenl=False)


def _pieces(text: str) -> list[tuple[_TokenType, str]]:
    return [(kind, characters) for _, kind, characters in _LEXER.get_tokens_unprocessed(text)]


def _kind(text: str, characters: str) -> _TokenType:
    """What the first piece with these characters is."""
    return next(kind for kind, found in _pieces(text) if found == characters)


@pytest.mark.parametrize(
    ("text", "characters", "wanted"),
    [
        ("size = 768x512", "size", Name.Attribute),
        ("size = 768x512", "768x512", Number),
        ("camera 3d {\n}", "camera", Keyword.Declaration),
        ("camera 3d {\n}", "3d", Keyword.Type),
        ("camera closeup 3d { }", "closeup", Name.Variable),
        ("camera = closeup", "camera", Name.Attribute),
        ("pipeline { moved = warp(previous, camera) }", "camera", Name),
        ("diffuse.steps = 12", "diffuse", Name.Attribute),
        ("diffuse.steps = 12", "steps", Name.Attribute),
        ("let thump = smooth(bass, 80ms)", "let", Keyword.Declaration),
        ("let thump = smooth(bass, 80ms)", "thump", Name.Variable),
        ("let thump = smooth(bass, 80ms)", "smooth", Name.Builtin),
        ("let thump = smooth(bass, 80ms)", "bass", Name.Builtin.Pseudo),
        ("let thump = smooth(bass, 80ms)", "ms", Keyword.Type),
        ("def wave(p, by = 2) = by", "wave", Name.Function),
        ("def wave(p, by = 2) = by", "by", Name.Attribute),
        ("use sway(amount = 2deg)", "sway", Name.Function),
        ('import "std:push" as push', "push", Name.Namespace),
        ("zoom = 0s: 1 ease_in, 2s: 2 with smooth", "ease_in", Keyword.Pseudo),
        ("zoom = 0s: 1 ease_in, 2s: 2 with smooth", "smooth", Keyword.Pseudo),
        ("zoom = 1 if u > 0.5 else t", "if", Keyword),
        ("zoom = 1 if u > 0.5 else t", "t", Name.Variable.Magic),
        ("angle = 36deg per s", "s", Keyword.Type),
        ("mask far = not near", "not", Operator.Word),
        ("expect luma between 10% and 90%", "between", Keyword),
        ("coherence { color = lab; flow = on }", "lab", Name.Constant),
        ("coherence { color = lab; flow = on }", "on", Keyword.Constant),
        ("zoom = 1  # scene", "# scene", Comment.Single),
        ('color = "#fff"', "#fff", String.Double),
        ('prompt = "(neon:1.2) {bass}"', "1.2", Number),
        ('prompt = "(neon:{0.8 + bass})"', "bass", Name.Builtin.Pseudo),
        ('output "{frame:05}.png"', ":05", String.Interpol),
        ('prompt = "\\u{1f98a} \\( \\{"', "\\u{1f98a}", String.Escape),
        ('prompt = "C:\\films"', "\\f", Error),
        ("length = 5frames", "5frames", Error),
        ('prompt = "open', '"open', Error),
        ("zoom = a && b", "&&", Error),
        ("drop: 1", "drop", Name),
    ],
)
def test_a_piece_is_what_the_language_says(text: str, characters: str, wanted: _TokenType) -> None:
    assert _kind(text, characters) is wanted


def test_a_compound_of_quantities_comes_apart() -> None:
    assert _pieces("1m30s") == [
        (Number, "1"),
        (Keyword.Type, "m"),
        (Number, "30"),
        (Keyword.Type, "s"),
    ]


def _right() -> list[tuple[str, str]]:
    """Films and pieces of films that the language takes: examples, the manual, the codes' right sides."""
    films = [(path.name, path.read_text(encoding="utf-8")) for path in _EXAMPLES]
    manual = REFERENCE.read_text(encoding="utf-8")
    films += [
        (f"manual, {manual[: found.start()].count(chr(10)) + 1}", found[2])
        for found in _FENCE.finditer(manual)
    ]
    films += [(page.code, page.right) for page in CODES.values() if page.language != "deforum"]
    return films


def test_what_the_language_takes_has_no_error() -> None:
    films = _right()
    assert len(films) > 300
    wrong = [
        (name, piece)
        for name, text in films
        if name[0] not in "EW" or not parse(Source(name, text))[1]
        for kind, piece in _pieces(text)
        if kind is Error
    ]
    assert wrong == []


def test_every_character_comes_back() -> None:
    hard = [
        "",
        "\n\n",
        "\ufefffps = 12\r\n",
        "a\u00a0=\u00a01",
        "\x00\x1b[31m",
        '"""open {',
        '"{"a" b}"',
        "{}}\\",
    ]
    wrong = [page.wrong for page in CODES.values()]
    for text in [*(text for _, text in _right()), *wrong, *hard]:
        at = 0
        for index, _, characters in _LEXER.get_tokens_unprocessed(text):
            assert index == at
            assert characters
            at += len(characters)
        assert at == len(text)
        assert "".join(piece for _, piece in _pieces(text)) == text


def test_hostile_texts_are_read_in_one_go() -> None:
    for text in ('"' + "{" * 200_000 + '"', "a." * 100_000, '"' + "(a:1" * 50_000 + '"', "{" * 200_000):
        assert sum(len(piece) for _, piece in _pieces(text)) == len(text)


def test_a_space_is_a_space() -> None:
    assert [kind for kind, piece in _pieces("a = 1\n  b = 2\n") if not piece.strip()] == [Whitespace] * 7


def test_other_programs_anim_files_are_not_taken_for_films() -> None:
    assert AnimLexer.analyse_text("%YAML 1.1\n--- !u!74 &7400000\n") == 0
    assert AnimLexer.analyse_text("//Maya ASCII\n") == 0
    assert AnimLexer.analyse_text(_EXAMPLES[0].read_text(encoding="utf-8")) > 0


def test_it_works_with_the_formatters_of_pygments() -> None:
    from pygments import highlight

    text = _EXAMPLES[0].read_text(encoding="utf-8")
    assert highlight(text, AnimLexer(), NullFormatter()).strip() == text.strip()
    assert '<span class="kd">camera</span>' in highlight("camera 2d {\n}\n", AnimLexer(), HtmlFormatter())
