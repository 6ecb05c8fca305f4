from __future__ import annotations

import pytest

from anim_compiler.models.air import Air, is_air, parse_air


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("urn:air:sdxl:lora:civitai:328553@368189", "civitai:328553@368189"),
        ("urn:air:sd1:checkpoint:civitai:4201@130072+9.safetensors", "civitai:4201@130072+9"),
        ("URN:AIR:sd1:model:civitai:2421@43533.safetensor", "civitai:2421@43533"),
        ("air:sdxl:lora:civitai:12", "civitai:12"),
        ("air:civitai:12@3", "civitai:12@3"),
        ("urn:air:flux1:civitai:5@6", "civitai:5@6"),
        (" urn:air:sd1:lora:civitai:5 ", "civitai:5"),
        ("urn:air:sdxl:checkpoint:huggingface:owner/repo", "hf:owner/repo"),
        ("urn:air:sdxl:vae:huggingface:owner/repo.v2@main", "hf:owner/repo.v2@main"),
    ],
)
def test_identifiers(text: str, reference: str) -> None:
    air = parse_air(text)
    assert is_air(text.strip())
    assert air is not None
    assert air.reference == reference


@pytest.mark.parametrize(
    "text",
    [
        "urn:air:sdxl:lora:civitai:",
        "urn:air:sdxl:lora:civitai:0",
        "urn:air:sdxl:lora:civitai:name",
        "urn:air:sdxl:lora:civitai:1@two",
        "urn:air:sdxl:lora:orchestrator:1",
        "urn:air:sdxl:lora:huggingface:one",
        "urn:air:sdxl:lora:huggingface:a/b/c",
        "urn:air:sdxl:lora:civitai:1@2+x",
        "urn:air:" + "a" * 10_000,
        "urn:air:sdxl:lora:civitai:٣",
    ],
)
def test_what_is_none(text: str) -> None:
    assert is_air(text)
    assert parse_air(text) is None


def test_all_parts_are_kept() -> None:
    found = parse_air("urn:air:sd1:lora:civitai:1@2+3.safetensors")
    assert found == Air("civitai", "1", "2", "3", "sd1", "lora", "safetensors")


@pytest.mark.parametrize("text", ["civitai:1", "hf:a/b", "airy.safetensors", "urn:isbn:1"])
def test_other_references_mean_to_be_none(text: str) -> None:
    assert not is_air(text)
