"""Texts that nobody would write, from a random generator: noise, token soup, and real films after mishaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

PIECES = (
    *"{}()[],:;=+-*/%.<>\"'#\n \t",
    *("zoom", "camera", "3d", "2d", "prompt", "let", "def", "if", "else", "per", "with", "as", "not", "and"),
    *("or", "scene", "layer", "audio song", "output", "template", "use", "import", "variant", "control"),
    *("0s", "10 s", "1.5", "0,5", "1:30", "50%", "768x512", "5frames", "ease_in", "hold", "max_f-1", "1e999"),
    *("song.bass", "bass", "t", "smooth(", "every(4beats)", "pick([1, 2], t)", "none", "on", "std:orbit"),
    *('"a {b} c"', '"a', '"""x', '"{', "“x”", "'y'", "**", "==", "+=", "&&", "//", "\\", "é", "\u202e"),
    *("\r\n", "\x00", "\x1b[31m", "\ufeff", "camera 3d {", "}\n", "0s: 1, ", 'prompt { 0s: "a" }'),
    *("<lora:x:1>", "{frame:05}", "\\u{41}", "\\{", "length = 2s\n", "diffuse { strength = ", "zoom = 0: 1"),
    *(
        "def f(x) = f(x)",
        "let a = a",
        "20px per s",
        "#",
        '"0": (1.0), 30: (t)',
        "seed = -1",
        "- - -",
        "(((((",
    ),
)
"""Tokens, nearly tokens and the beginnings of statements."""

_CHARACTERS = (
    "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_ \t\n\r.,:;=+-*/%<>!?&|^~@$#\"'`\\(){}[]"
    "\x00\x07\x1b\x7f\x85\xa0äßéñøΩжд中文\u200b\u200e\u202e\u2066\ufeff\ufffd\U0001f98a\ud800"
)
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.%]*|\s+|\"[^\"\n]*\"|.", re.DOTALL)


def noise(random: Random) -> str:
    """Characters of all kinds, up to 200."""
    return "".join(random.choices(_CHARACTERS, k=random.randrange(200)))


def soup(random: Random) -> str:
    """Up to 60 tokens in any order, with a blank between two of three."""
    out = []
    for piece in random.choices(PIECES, k=random.randrange(60)):
        out.append(piece)
        out.append(random.choice(("", " ", " ")))
    return "".join(out)


def mishap(random: Random, films: Sequence[str]) -> str:
    """A film after one to four mishaps: a token or line is deleted, doubled, swapped, replaced or cut off."""
    text = random.choice(films)
    for _ in range(random.randrange(1, 5)):
        by_lines = random.random() < 0.3
        parts = text.splitlines(keepends=True) if by_lines else _TOKEN.findall(text)
        if parts:
            text = "".join(_changed(random, parts, films))
    return text


def _changed(random: Random, parts: list[str], films: Sequence[str]) -> list[str]:
    at, other = random.randrange(len(parts)), random.randrange(len(parts))
    match random.randrange(7):
        case 0:
            del parts[at]
        case 1:
            parts.insert(at, parts[at])
        case 2:
            parts[at], parts[other] = parts[other], parts[at]
        case 3:
            parts[at] = random.choice(PIECES)
        case 4:
            parts.insert(at, random.choice(PIECES))
        case 5:
            del parts[max(at, other) :]
        case _:
            parts.insert(at, random.choice(random.choice(films).splitlines(keepends=True) or [""]))
    return parts
