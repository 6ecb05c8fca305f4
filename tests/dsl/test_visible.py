"""Foreign text where a terminal, a JSON reader or a person meets it."""

from __future__ import annotations

import json

import pytest

from anim_dsl.visible import json_escaped, shortened

HOSTILE = ("\x1b[31m", "\x9b31m", "\u202egnp\u202c", "\u2028", "\x7f", "\U000e0041", "a\u00a0b")


@pytest.mark.parametrize("text", HOSTILE)
def test_json_means_the_same_and_holds_nothing_unseen(text: str) -> None:
    document = {"prompt": text, text: ["plain", "שלום", "雨"]}
    written = json_escaped(json.dumps(document, ensure_ascii=False, indent=1))
    assert json.loads(written) == document
    assert written.replace("\n", "").isprintable()
    assert "שלום" in written
    assert "雨" in written


def test_json_that_can_be_seen_stays_as_it_is() -> None:
    written = json.dumps({"a": "→ ✓"}, ensure_ascii=False, indent=1)
    assert json_escaped(written) is written


def test_words_that_no_line_holds_are_cut() -> None:
    assert shortened(f"`{'n' * 5000}` 0.2 → 0.3") == f"`{'n' * 69}…` 0.2 → 0.3"
    assert shortened("a short text") == "a short text"
