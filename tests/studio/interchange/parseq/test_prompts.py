"""Prompts of Parseq: formulas in texts, prompts that overlap, and words that move to the negative prompt."""

from __future__ import annotations

from typing import Any

import pytest
from tests.studio.interchange.parseq.documents import asked, document, given

from anim_studio.interchange.parseq import read
from anim_studio.interchange.parseq.document import read_document
from anim_studio.interchange.parseq.prompts import rendered
from anim_studio.interchange.parseq.truth import curves_of


def with_prompts(prompts: Any, *keys: dict[str, Any], fields: str = "prompt_weight_1") -> bytes:
    keyed = keys or ({"frame": 0, "prompt_weight_1": 0}, {"frame": 40, "prompt_weight_1": 1})
    return document(*keyed, fields=fields, prompts=prompts)


def prompt(positive: str, first: int, last: int, fade: str = "none", **overlap: Any) -> dict[str, Any]:
    return {
        "positive": positive,
        "negative": f"no {positive}",
        "allFrames": False,
        "from": first,
        "to": last,
        "overlap": {"type": fade, "inFrames": 0, "outFrames": 0, **overlap},
    }


def words(data: bytes, *frames: int, name: str = "prompt") -> list[str]:
    found = asked(read(given(data))).words(name)
    assert found is not None
    return [found[frame] for frame in frames]


def test_numbers_stand_in_braces() -> None:
    data = with_prompts(
        {"positive": "(cat:${prompt_weight_1})\n(dog:${1-prompt_weight_1})", "negative": "bad"}
    )
    assert words(data, 10) == ['"(cat:0.25) (dog:0.75)"']
    assert "(cat:{prompt_weight_1}) (dog:{1 - prompt_weight_1})" in read(given(data)).text


def test_a_text_is_chosen_by_a_formula() -> None:
    chosen = '${if (prompt_weight_1 > 0.5) "(day:" + prompt_weight_1 + ")" else "night"} and more'
    data = with_prompts({"positive": chosen, "negative": ""})
    assert words(data, 10, 30) == [
        '"(day:0.25) and more" * 0 + "night and more"',
        '"(day:0.75) and more" + "night and more" * 0',
    ]


def test_texts_joined_by_and_are_a_sum() -> None:
    data = with_prompts({"positive": "a cat :${prompt_weight_1} AND a dog :0.5", "negative": "bad"})
    assert words(data, 10) == ['"a cat" * 0.25 + "a dog" * 0.5']


def test_overlapping_prompts_fade() -> None:
    prompts = [prompt("a", 0, 30, "linear", outFrames=20), prompt("b", 10, 40, "linear", inFrames=20)]
    assert words(with_prompts(prompts), 0, 15, 20, 35) == [
        '"a"',
        '"a" * 0.75 + "b" * 0.25',
        '"a" * 0.5 + "b" * 0.5',
        '"b"',
    ]


def test_a_weight_is_a_formula_of_its_own() -> None:
    prompts = [
        prompt("a", 0, 40, "custom", custom="prompt_weight_1"),
        prompt("b", 0, 40, "custom", custom="1-prompt_weight_1"),
    ]
    assert words(with_prompts(prompts), 10) == ['"a" * 0.25 + "b" * 0.75']
    assert words(with_prompts(prompts), 10, name="prompt.negative") == ['"no a" * 0.25 + "no b" * 0.75']


def test_what_all_prompts_have_in_common() -> None:
    def both(where: str, common: str) -> str:
        prompts = {
            "format": "v2",
            "enabled": True,
            "promptList": [prompt("a cat", 0, 40)],
            "commonPrompt": {"positive": common, "negative": ""},
            "commonPromptPos": where,
        }
        return words(with_prompts(prompts), 0)[0]

    assert both("append", "sharp") == '"a cat sharp"'
    assert both("prepend", "sharp") == '"sharp a cat"'
    assert both("template", "photo of [prompt], sharp") == '"photo of a cat, sharp"'


def test_posneg_moves_a_word_by_its_sign() -> None:
    keys = ({"frame": 0, "prompt_weight_1": -1}, {"frame": 40, "prompt_weight_1": 1})
    data = with_prompts({"positive": '${posneg("rain", prompt_weight_1)} hills', "negative": "bad"}, *keys)
    assert words(data, 30) == ['"(rain:0.5) hills"']
    assert words(data, 10, name="prompt.negative") == ['"(rain:0.5) bad"']
    found = read_document_rendered(data)
    assert (found[10], found[30]) == (" hills --neg  (rain:0.5000) bad", "(rain:0.5000) hills --neg bad")


def read_document_rendered(data: bytes) -> tuple[str, ...]:
    from anim_dsl.source import Source

    made = read_document(Source("film.json", data.decode()))
    return rendered(made, curves_of(made))


def test_a_lora_is_told_in_a_comment() -> None:
    data = with_prompts(
        {"positive": 'hills <lora:grain:0.6> ${posneg_lora("ink", prompt_weight_1)}', "negative": ""}
    )
    made = read(given(data))
    assert words(data, 0) == ['"hills"']
    assert '# lora grain = "grain.safetensors" { weight = 0.6 }' in made.text
    assert '# lora ink = "ink.safetensors" { weight = abs(prompt_weight_1) }' in made.text


@pytest.mark.parametrize(
    "text",
    [
        '"quoted" {a|b} \\ back',
        "[cat:dog:0.5] __wild__",
        "`t*2` --neg x",
        "#hash // ünï 🦊",
        "",
        "((((",
        "a:1:2)",
        "{",
    ],
)
def test_any_text_stands_in_a_film(text: str) -> None:
    made = read(given(with_prompts({"positive": text, "negative": text})))
    assert asked(made).words("prompt") is not None
    assert not any(remark.fate.value == "not expressible" for remark in made.remarks)


def test_prompts_that_deforum_keeps_for_itself() -> None:
    made = read(given(with_prompts({"format": "v2", "enabled": False, "promptList": [prompt("a", 0, 40)]})))
    assert "prompt {" not in made.text
    assert any(
        remark.what == "prompts" and remark.fate.value == "ignored upstream" for remark in made.remarks
    )
