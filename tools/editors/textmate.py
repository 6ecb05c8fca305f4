"""The TextMate grammar, which VS Code, Sublime Text, JetBrains' editors and GitHub's Linguist read."""

from __future__ import annotations

import json
from typing import TypeAlias

from tools.editors.textmate_texts import texts
from tools.editors.words import BANNER, Words, any_of

Rule: TypeAlias = dict[str, object]

DECIMAL = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
GLUED = r"(?![A-Za-z0-9_.])"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_BEGIN = r"(?:^|(?<=[;{}]))\s*"  # where a statement begins


def textmate(words: Words) -> str:
    """The grammar as JSON."""
    grammar = {
        "information_for_contributors": [BANNER],
        "name": "anim",
        "scopeName": "source.anim",
        "fileTypes": ["anim"],
        "patterns": [{"include": "#film"}],
        "repository": {
            "film": {
                "patterns": [
                    {"include": f"#{part}"}
                    for part in ("comment", "declaration", "statement", "setting", "expression")
                ]
            },
            "expression": {"patterns": [{"include": f"#{part}"} for part in ("comment", "text", "value")]},
            "value": {
                "patterns": [
                    {"include": f"#{part}"} for part in ("number", "word", "call", "member", "name", "sign")
                ]
            },
            "comment": {"name": "comment.line.number-sign.anim", "match": "#.*$"},
            "declaration": {"patterns": _declarations()},
            "statement": {"patterns": _statements(words)},
            "setting": {"patterns": _settings(words)},
            "number": {"patterns": _numbers(words)},
            "word": {"patterns": _reserved(words)},
            "call": {"patterns": _calls(words)},
            "member": {"match": rf"(\.)({_NAME})", "captures": _captures(_DOT, "variable.other.member.anim")},
            "name": {"patterns": _names(words)},
            "sign": {"patterns": _signs()},
            **texts(words),
        },
    }
    return json.dumps(grammar, indent=2, ensure_ascii=True) + "\n"


_DOT = "punctuation.accessor.anim"


def _captures(*names: str) -> dict[str, Rule]:
    return {str(at): {"name": name} for at, name in enumerate(names, 1) if name}


def _word(names: tuple[str, ...], scope: str, after: str = "") -> Rule:
    return {"name": scope, "match": rf"(?<![A-Za-z0-9_.])(?:{any_of(names)})(?![A-Za-z0-9_]){after}"}


def _declarations() -> list[Rule]:
    return [
        {
            "match": rf"{_BEGIN}(let)\s+({_NAME})",
            "captures": _captures("storage.type.let.anim", "variable.other.constant.anim"),
        },
        {
            "match": rf"{_BEGIN}(def)\s+({_NAME})",
            "captures": _captures("storage.type.def.anim", "entity.name.function.anim"),
        },
        {
            "match": rf"\b(as)\s+({_NAME})",
            "captures": _captures("keyword.other.as.anim", "entity.name.namespace.anim"),
        },
    ]


def _statements(words: Words) -> list[Rule]:
    """A statement word is one only where a name, a text, a number, a brace or the end of the line follows."""
    called = ("template", "use")
    named = tuple(word for word in words.statements if word not in (*called, "expect", "import", "output"))
    keyword = "keyword.control.statement.anim"
    return [
        {
            "match": rf"{_BEGIN}({any_of(called)})\s+({_PATH})(?=\s*\()",
            "captures": _captures(keyword, "entity.name.function.anim"),
        },
        {"match": rf"{_BEGIN}(expect)\s+({_NAME})", "captures": _captures(keyword, "support.variable.anim")},
        {
            "match": rf"{_BEGIN}({any_of(named)})\s+({_NAME})",
            "captures": _captures(keyword, "entity.name.type.anim"),
        },
        {
            "match": rf'{_BEGIN}({any_of(words.statements)})(?![A-Za-z0-9_])(?=\s*(?:$|[A-Za-z_0-9"{{#]))',
            "captures": _captures(keyword),
        },
    ]


def _settings(words: Words) -> list[Rule]:
    given = r"(?=\s*(?:[+*]?=(?!=)|\{))"
    known = any_of((*words.settings, *words.aliases))
    block = any_of((*words.blocks, *words.statements))
    return [
        {
            "match": rf"{_BEGIN}({block})(\.)({known}){given}",
            "captures": _captures("support.class.anim", _DOT, "support.type.property-name.anim"),
        },
        {
            "match": rf"{_BEGIN}({known})(?![A-Za-z0-9_.]){given}",
            "captures": _captures("support.type.property-name.anim"),
        },
        {"match": rf"{_BEGIN}({_PATH}){given}", "captures": _captures("variable.other.property.anim")},
        {
            "match": rf"(?<=[(,])\s*({_NAME})(?=\s*=(?!=))",
            "captures": _captures("variable.parameter.anim"),
        },
    ]


def _numbers(words: Words) -> list[Rule]:
    units = any_of(words.units)
    unit = {"name": "keyword.other.unit.anim", "match": rf"(?i)(?:{units})(?=[0-9.]|$)"}
    quantity = rf"(?i:(?:{DECIMAL}{EXPONENT}(?:{units}))+){GLUED}"
    before = r"(?<![A-Za-z0-9_.])"
    return [
        {
            "name": "constant.numeric.quantity.anim",
            "match": before + quantity,
            "captures": {"0": {"patterns": [unit]}},
        },
        {
            "match": rf"{before}({DECIMAL})(%)(?![A-Za-z0-9_(.])",
            "captures": _captures("constant.numeric.percent.anim", "keyword.other.unit.anim"),
        },
        {"name": "constant.numeric.size.anim", "match": rf"{before}[0-9]+[xX][0-9]+{GLUED}"},
        {"name": "constant.language.dimension.anim", "match": rf"{before}[23][dD]{GLUED}"},
        {"name": "constant.numeric.anim", "match": rf"{before}{DECIMAL}{EXPONENT}{GLUED}"},
        {"name": "invalid.illegal.number.anim", "match": rf"{before}\.?[0-9][\w.]*"},
    ]


def _reserved(words: Words) -> list[Rule]:
    logic = ("and", "or", "not")
    return [
        {
            "match": rf"\b(per)\s+({any_of(words.units)})(?![A-Za-z0-9_])",
            "captures": _captures("keyword.operator.word.anim", "keyword.other.unit.anim"),
        },
        {
            "match": rf"\b(with)\s+({any_of(words.easings)})(?![A-Za-z0-9_])",
            "captures": _captures("keyword.other.with.anim", "constant.language.easing.anim"),
        },
        _word(logic, "keyword.operator.logical.anim"),
        _word(("between",), "keyword.operator.word.anim", r"(?=[^=:]*$)"),
        _word(
            tuple(word for word in words.joining if word not in logic),
            "keyword.operator.word.anim",
        ),
        _word(words.declaring, "storage.type.anim"),
    ]


def _calls(words: Words) -> list[Rule]:
    call = r"(?=\s*\()"
    easings = tuple(word for word in words.easings if word not in words.functions)
    return [
        _word(easings, "constant.language.easing.anim", call),
        _word(words.features, "support.variable.feature.anim", call),
        _word(words.functions, "support.function.curve.anim", call),
        _word(words.operations, "support.function.operation.anim", call),
        {"name": "entity.name.function.anim", "match": rf"(?<![A-Za-z0-9_.])(?:{_NAME}){call}"},
    ]


def _names(words: Words) -> list[Rule]:
    ends = r"(?=\s*(?:$|[;#}]))"
    return [
        {
            "match": rf"(?<=[=:])\s*({any_of(words.choices)})(?![A-Za-z0-9_.]){ends}",
            "captures": _captures("constant.language.choice.anim"),
        },
        # an easing stands behind a value, so a space is before it and a comma or the end after it
        {
            "match": rf"(?<=[0-9A-Za-z_)%\"])\s+({any_of(words.easings)})(?=\s*(?:$|[,;#}}]|with\b))",
            "captures": _captures("constant.language.easing.anim"),
        },
        _word((*words.switches, "none"), "constant.language.anim"),
        _word(words.constants, "constant.language.math.anim"),
        _word(words.clocks, "variable.language.clock.anim"),
        _word(words.features, "support.variable.feature.anim"),
        {"name": "variable.other.anim", "match": _NAME},
    ]


def _signs() -> list[Rule]:
    return [
        {"name": "keyword.operator.comparison.anim", "match": r"<=|>=|==|!=|[<>]"},
        {"name": "keyword.operator.assignment.anim", "match": r"\+=|\*=|="},
        {"name": "keyword.operator.arithmetic.anim", "match": r"\*\*|[-+*/%]"},
        {"name": "punctuation.separator.key.anim", "match": ":"},
        {"name": "punctuation.separator.anim", "match": "[,;]"},
        {"name": "punctuation.accessor.anim", "match": r"\."},
        {"name": "punctuation.section.braces.anim", "match": r"[{}]"},
        {"name": "punctuation.section.parens.anim", "match": r"[()]"},
        {"name": "punctuation.section.brackets.anim", "match": r"[\[\]]"},
    ]
