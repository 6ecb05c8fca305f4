"""What the grammar builds."""

from __future__ import annotations

from typing import Any

import pytest

from anim_dsl import syntax
from anim_dsl.parse import comments, parse, parse_value
from anim_dsl.source import Source


def value(text: str) -> Any:
    expr, diagnostics = parse_value(Source("value", text))
    assert diagnostics == ()
    assert expr is not None
    return expr


def statement(text: str) -> Any:
    document, diagnostics = parse(Source("film", text))
    assert diagnostics == ()
    (only,) = document.statements
    return only


def drawn(expr: object) -> str:
    """An expression with all its parentheses."""
    match expr:
        case syntax.Number(number):
            return f"{number:g}"
        case syntax.Name():
            return expr.text
        case syntax.Quantity(parts):
            return "".join(f"{number:g}{unit}" for number, unit in parts)
        case syntax.Percent(number):
            return f"{number:g}%"
        case syntax.Unary(op, operand):
            return f"({op} {drawn(operand)})"
        case syntax.Binary(op, left, right):
            return f"({drawn(left)} {op} {drawn(right)})"
        case syntax.Comparison(operands, ops):
            rest = "".join(f" {op} {drawn(part)}" for op, part in zip(ops, operands[1:], strict=True))
            return f"({drawn(operands[0])}{rest})"
        case syntax.Conditional(test, then, other):
            return f"({drawn(then)} if {drawn(test)} else {drawn(other)})"
        case syntax.Per(inner, count, unit):
            return f"({drawn(inner)} per {count:g}{unit})"
    raise AssertionError(expr)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("-2**2", "(- (2 ** 2))"),
        ("2 ** 3 ** 2", "(2 ** (3 ** 2))"),
        ("2 ** -1", "(2 ** (- 1))"),
        ("-a * b", "((- a) * b)"),
        ("(1 + 2) * 3", "((1 + 2) * 3)"),
        ("not a > 1 or b and c", "((not (a > 1)) or (b and c))"),
        ("0 < a <= 1", "(0 < a <= 1)"),
        ("a if b else c if d else e", "(a if b else (c if d else e))"),
        ("7%2", "(7 % 2)"),
        ("50% + 1", "(50% + 1)"),
        ("50 %3", "(50 % 3)"),
        ("t%4", "(t % 4)"),
        ("1m30s + 4beats", "(1m30s + 4beat)"),
        ("250MS - 2Bars", "(250ms - 2bar)"),
        ("20px per 4beats", "(20px per 4beat)"),
        ("-3deg per s", "(- (3deg per 1s))"),
        ("1 per 1m30s", "(1 per 90s)"),
        (".5 + 2. + 1e-3", "((0.5 + 2) + 0.001)"),
    ],
)
def test_precedence(text: str, expected: str) -> None:
    assert drawn(value(text)) == expected


def test_spans_cover_what_was_written() -> None:
    text = "  (bass + 1) * clamp(mid, 0, 1)"
    expr = value(text)
    source = Source("value", text)
    assert source.slice(expr.span) == text.strip()
    assert source.slice(expr.left.span) == "(bass + 1)"
    assert source.slice(expr.right.arguments[1].span) == "0"


def test_key_list() -> None:
    keys = value("0s: 1 ease_in, 2s: bezier_x bezier(0.7, 0, 0.3, 1), 50% + 1f: 3 with smooth")
    assert [key.easing and key.easing.name for key in keys.keys] == ["ease_in", "bezier", None]
    assert len(keys.keys[1].easing.arguments) == 4
    assert keys.easing.name == "smooth"


def test_deforum_schedule_with_a_quoted_time() -> None:
    keys = value('0:(1.0), 30:(1.2+0.1*sin(t/5)), "max_f-1":(1.0)')
    at = keys.keys[2].at
    assert isinstance(at, syntax.Call)
    assert at.function.text == "frame"
    assert drawn(at.arguments[0].value) == "(max_f - 1)"
    assert (at.span.start, at.span.end) == (32, 41)


def test_text_with_inserts_has_true_spans() -> None:
    text = 'prompt { 0s: "a (neon:{0.8 + bass}) \\{b\\}, {season}" }'
    line = statement(text).block.statements[0]
    found = line.keys.keys[0].value
    plain = [part for part in found.parts if isinstance(part, str)]
    inserts = [part for part in found.parts if not isinstance(part, str)]
    assert plain == ["a (neon:", ") {b}, "]
    source = Source("film", text)
    assert [source.slice(part.span) for part in inserts] == ["0.8 + bass", "season"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"a \"b\" \\ \n \t \u{1f98a}"', 'a "b" \\ \n \t \U0001f98a'),
        (r'"\(word:1.2\) \[x\]"', r"\(word:1.2\) \[x\]"),
        (r'"\{braces\}"', "{braces}"),
        ('""', ""),
        ('"""\n    a dancer,\n      made of glass\n    """', "a dancer,\n  made of glass"),
        ('"""one\n   two"""', "one\ntwo"),
        ('"""\r\n  a\r\n  b\r\n  """', "a\nb"),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert value(text).plain == expected


def test_padded_insert() -> None:
    head = statement('output "frames/{frame:05}.png"').head[0]
    call = head.parts[1]
    assert call.function.text == "format"
    assert call.arguments[0].value.text == "frame"
    assert call.arguments[1].value.plain == "05"


def test_statement_shapes() -> None:
    assert isinstance(statement("diffuse.strength = 0.4"), syntax.Setting)
    assert statement("zoom *= 1.1").op == "*="
    assert statement("init = photo { fit = cover }").block is not None
    assert statement("let a = 1").name.text == "a"
    assert [p.name for p in statement("def f(a, b = 2) = a + b").parameters] == ["a", "b"]
    camera = statement("camera 3d { zoom = 1 }")
    assert camera.head[0].axes == 3
    imported = statement('import "std:orbit" as ns')
    assert [part.text for part in imported.head[1:]] == ["as", "ns"]
    audio = statement('audio song = "a.mp3" { bpm = 120 }')
    assert (audio.head[0].text, audio.value.plain) == ("song", "a.mp3")


def test_key_block_is_a_setting_unless_its_name_is_a_statement_word() -> None:
    setting = statement("zoom {\n 0s: 1\n 4s: 2 with ease\n}")
    assert isinstance(setting, syntax.Setting)
    assert isinstance(setting.value, syntax.Keys)
    assert (len(setting.value.keys), setting.value.easing.name) == (2, "ease")
    prompt = statement('prompt { 0s: "a" }')
    assert isinstance(prompt, syntax.Word)
    assert isinstance(prompt.block.statements[0], syntax.KeyLine)


def test_let_that_is_lost_is_named() -> None:
    document, diagnostics = parse(Source("film", "let a = 1 +\nlet b = 2"))
    assert len(diagnostics) == 1
    assert document.broken == ("a",)
    assert [s.name.text for s in document.statements if isinstance(s, syntax.Let)] == ["b"]


def test_one_bad_statement_loses_nothing_else() -> None:
    text = "fps = 24\nlet a = * 2\ncamera 2d {\n  zoom = = 3\n  angle = 2deg\n}\nseed = 1\n"
    document, diagnostics = parse(Source("film", text))
    assert len(diagnostics) == 2
    assert len(document.statements) == 3
    camera = document.statements[1]
    assert isinstance(camera, syntax.Word)
    assert camera.block is not None
    assert len(camera.block.statements) == 1


def test_comments_are_kept_aside() -> None:
    found = comments(Source("film", 'fps = 24 # one\n# two\nlet a = "# no"'))
    assert [token.text for token in found] == ["# one", "# two"]


def test_the_same_tree_with_any_line_ends() -> None:
    text = 'fps = 24\ncamera 3d {\n  zoom = 0s: 1,\n    2s: 2\n}\nprompt { 0s: "a" }\n'
    plain = [type(s) for s in parse(Source("film", text))[0].statements]
    for other in (text.replace("\n", "\r\n"), "\ufeff" + text):
        document, diagnostics = parse(Source("film", other))
        assert diagnostics == ()
        assert [type(s) for s in document.statements] == plain
