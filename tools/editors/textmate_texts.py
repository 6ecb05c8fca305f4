"""The part of the TextMate grammar that is about texts: escapes, inserts, weights, samplers."""

from __future__ import annotations

from tools.editors.words import Words, any_of

_ESCAPE = r"\\(?:[\"\\nt{}()\[\]]|u\{[0-9a-fA-F]{1,8}\})"


def texts(words: Words) -> dict[str, object]:
    """The rules of the repository for texts."""
    return {
        "text": {
            "patterns": [
                _between("string.quoted.triple.anim", '"""', '"""', "long_insert"),
                {
                    "name": "string.quoted.double.sampler.anim",
                    "match": rf'(")({any_of(words.samplers)})(")',
                    "captures": {
                        "1": {"name": "punctuation.definition.string.begin.anim"},
                        "2": {"name": "support.constant.sampler.anim"},
                        "3": {"name": "punctuation.definition.string.end.anim"},
                    },
                },
                {"include": "#quoted"},
            ]
        },
        # a text in one pair of quotes ends with its line, so that a slip stays in its line
        "quoted": _between("string.quoted.double.anim", '"', r'"|(?=$)', "insert"),
        "inside": {
            "patterns": [
                {"name": "constant.character.escape.anim", "match": _ESCAPE},
                {"name": "invalid.illegal.escape.anim", "match": r"\\."},
                {
                    "match": r"(:)\s*([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?=\s*\))",
                    "captures": {
                        "1": {"name": "punctuation.separator.weight.anim"},
                        "2": {"name": "constant.numeric.weight.anim"},
                    },
                },
                {"name": "punctuation.section.weight.anim", "match": r"[()\[\]]"},
            ]
        },
        # quotes end a text even where a brace is open, so no text is nested in the text of one pair of them
        "insert": _insert('"', "value"),
        "long_insert": _insert('"""', "quoted", "value"),
    }


def _insert(quotes: str, *parts: str) -> dict[str, object]:
    """What stands in braces in a text that the quotes end."""
    return {
        "name": "meta.embedded.insert.anim",
        "begin": r"\{",
        "end": rf"(:\s*0[1-9][0-9]?\s*)?(\}})|(?={quotes}|$)",
        "beginCaptures": {"0": {"name": "punctuation.section.embedded.begin.anim"}},
        "endCaptures": {
            "1": {"name": "constant.other.format.anim"},
            "2": {"name": "punctuation.section.embedded.end.anim"},
        },
        "patterns": [{"include": f"#{part}"} for part in parts],
    }


def _between(scope: str, begin: str, end: str, insert: str) -> dict[str, object]:
    return {
        "name": scope,
        "begin": begin,
        "end": end,
        "beginCaptures": {"0": {"name": "punctuation.definition.string.begin.anim"}},
        "endCaptures": {"0": {"name": "punctuation.definition.string.end.anim"}},
        "patterns": [{"include": "#inside"}, {"include": f"#{insert}"}],
    }
