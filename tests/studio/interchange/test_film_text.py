"""The text of a film that an importer makes, and how it is mended where something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anim_dsl.parse import parse, parse_value
from anim_dsl.source import Source
from anim_dsl.syntax import Text
from anim_studio.interchange.film_mending import mended
from anim_studio.interchange.film_text import (
    Block,
    Comment,
    Gap,
    Item,
    Setting,
    Statement,
    as_comment,
    checked,
    comment,
    film_text,
    identifier,
    quoted,
)


def test_statements_blocks_and_comments_are_laid_out() -> None:
    items: list[Item] = [
        Comment("From a file."),
        Gap(),
        Setting("length", "4s"),
        Setting("size", "64x64", beside="small"),
        Block("prompt", (Statement('0s: "a lake"'), Setting("morph", "cut", why="as there"))),
        Block("camera 2d", ()),
    ]
    assert film_text(items) == (
        "# From a file.\n\nlength = 4s\nsize   = 64x64  # small\n"
        'prompt {\n  0s: "a lake"\n  # as there\n  morph = cut\n}\n'
    )


def test_a_long_key_list_is_written_as_a_block() -> None:
    keys = tuple((str(10 * i), f"1.{i:04}") for i in range(12))
    text = film_text([Setting("zoom", ", ".join(f"{at}: {value}" for at, value in keys), keys=keys)])
    assert text.startswith("zoom {\n  0:   1.0000\n  10:  1.0001\n")


def test_pieces_that_are_no_film_are_a_bug() -> None:
    with pytest.raises(ValueError, match="syntax errors"):
        film_text([Statement("length = = 3")])


@given(st.text(max_size=60))
def test_a_text_in_quotes_is_read_as_itself(text: str) -> None:
    value, slips = parse_value(Source("value", quoted(text)))
    shown = [slip for slip in slips if slip.code not in ("E1003", "E1005", "E1018")]
    habits = [slip for slip in shown if not slip.code.startswith(("E102", "W"))]
    if len(shown) == len(slips) and not habits and isinstance(value, Text):
        assert value.plain is not None
        plain = "".join(" " if ord(char) < 32 or 127 <= ord(char) < 160 else char for char in text)
        assert " ".join(value.plain.split()) == " ".join(plain.split())


@given(st.text(max_size=300))
def test_nothing_ends_a_comment(text: str) -> None:
    document, slips = parse(Source("film", "".join(f"{line}\n" for line in comment(text))))
    assert not slips
    assert not document.statements


def test_names_are_small_and_different() -> None:
    assert identifier("[LoRA][Horror]s4w3_v10") == "lora_horror_s4w3_v10"
    assert identifier("3d", fallback="lora") == "lora_3d"
    assert identifier("ünï") == "n"
    assert identifier("a", ["a", "a_2"]) == "a_3"
    assert identifier("…") == "item"


def test_what_is_missing_becomes_a_comment_and_what_needs_it_too(tmp_path: Path) -> None:
    items: list[Item] = [
        Setting("length", "1s"),
        Statement('image photo = "photo.png"'),
        Setting("init", "photo"),
        Block("prompt", (Statement('0s: "a"'),)),
        Block("diffuse", (Setting("steps", "20"), Setting("sampler", '"no such"'))),
        Block(
            "pipeline",
            (Setting("carry", "composite(previous, photo)"), Setting("frame", "carry")),
            is_whole=True,
        ),
    ]
    text, lost = mended(items, tmp_path, "film")
    assert checked(text, tmp_path) == ()
    assert {what for what, _ in lost} == {"image photo", "init", "sampler", "pipeline"}
    assert '# image photo = "photo.png"  # there is no file `photo.png`\n# init = photo' in text
    assert "  # sampler = " in text
    assert "# pipeline {\n#   carry = composite(previous, photo)\n#   frame = carry\n# }\n" in text


def test_a_film_that_nothing_mends_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="film"):
        mended([Comment("nothing")], tmp_path, "film")


def test_a_block_as_a_comment_keeps_its_layout() -> None:
    block = Block("camera 2d", (Setting("zoom", "1.1"), Setting("translation_x", "3")))
    found = as_comment(block, "not yet")
    assert isinstance(found, Comment)
    assert found.text == "not yet\ncamera 2d {\n  zoom          = 1.1\n  translation_x = 3\n}"
