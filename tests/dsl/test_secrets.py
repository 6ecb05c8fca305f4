"""Credentials in addresses are found, and hidden without moving anything in the line."""

from __future__ import annotations

import pytest

from anim_dsl.excerpt import Mark, excerpt
from anim_dsl.secrets import masked, secret
from anim_dsl.source import Source, Span

SECRETS = [
    "https://user:hunter2@example.org/a.safetensors",
    "https://ghp_0123456789@example.org/a.safetensors",
    "https://example.org/a.safetensors?token=hunter2",
    "https://example.org/a?version=1&API_KEY=hunter2&x=2",
    "http://example.org/a?X-Amz-Signature=hunter2",
    "https://example.org/a?X-Goog-Signature=hunter2&hf_token=hunter2&X-Amz-Security-Token=hunter2",
]


@pytest.mark.parametrize("address", SECRETS)
def test_secrets_are_found_and_hidden(address: str) -> None:
    assert secret(address)
    assert "hunter2" not in masked(address)
    assert "ghp" not in masked(address)
    assert len(masked(address)) == len(address)
    assert not secret(masked(address)) or masked(masked(address)) == masked(address)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a.safetensors?version=2",
        "hf:owner/repo",
        "a cat @ home, token=5",
        "https://example.org/people/@user/a.safetensors",
        "https://example.org/a?monkey=1",
        "https://example.org/a?tokenizer=1",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_an_excerpt_hides_them_and_marks_the_same_place() -> None:
    text = f'model = "{SECRETS[0]}"'
    shown = excerpt(Source("film.anim", text), [Mark(Span(8, len(text)), "here", "^")])
    line, marks = shown.rows[0][1], shown.rows[1][1]
    assert "hunter2" not in line
    assert "user" not in line
    assert marks == " " * 8 + "^" * (len(text) - 8) + " here"
