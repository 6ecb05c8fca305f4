"""The words that `anim-mode.el` reads."""

from __future__ import annotations

import textwrap
from dataclasses import fields

from tools.editors.words import BANNER, Words

_HEAD = f"""\
;;; anim-words.el --- The words of anim  -*- lexical-binding: t; -*-

;;; Commentary:

;; {BANNER}

;;; Code:
"""


def emacs(words: Words) -> str:
    """The whole file: a constant for every list."""
    parts = [_constant(field.name, getattr(words, field.name)) for field in fields(words)]
    return _HEAD + "\n" + "\n".join(parts) + "\n(provide 'anim-words)\n;;; anim-words.el ends here\n"


def _constant(name: str, found: tuple[str, ...]) -> str:
    quoted = " ".join(f'"{word}"'.replace(" ", "\x00") for word in found)
    lines = textwrap.wrap(quoted, 96, break_long_words=False, break_on_hyphens=False)
    body = "\n    ".join(lines).replace("\x00", " ")
    return f'(defconst anim-words-{name}\n  \'({body})\n  "The {name} of the language.")\n'
