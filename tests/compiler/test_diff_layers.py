"""What `diff` says of drawn masks, guides and the texts of layers."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.compiler.film_pairs import difference
from tests.staging import stage

HEAD = (
    'size = 64x48; fps = 4; length = 2s\nprompt { 0s: "a" }\n'
    'image photo = "photo.png"\nimage sky = "sky.png"\ninit = photo\n'
)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "mask spot = circle(radius = 10px)\ncoherence { noise_mask = spot }",
            "mask spot = circle(radius = 12px)\ncoherence { noise_mask = spot }",
            "radius = 12",
        ),
        (
            "mask spot = circle() { soft = 2px }\ncoherence { noise_mask = spot }",
            "mask spot = circle() { soft = 3px }\ncoherence { noise_mask = spot }",
            "soft by 1.17",
        ),
        ("guide = 0s: photo, 1s: sky", "guide = 0s: photo, 1s: none", "1s: none"),
        ("guide = photo", "", "none"),
        ('layer l { text = "RAIN" }', 'layer l { text = "SNOW" }', '"SNOW"'),
        (
            'layer l { text = "a"; x = 9px; y = 9px; anchor = top }',
            'layer l { text = "a"; x = 9px; y = 9px; anchor = left }',
            "left",
        ),
    ],
)
def test_a_change_is_told(before: str, after: str, said: str, tmp_path: Path) -> None:
    stage(tmp_path)
    found = difference(HEAD + before, HEAD + after, tmp_path)
    told = [f"{change.sentence} {change.before} {change.after}" for change in found.changes]
    assert len(told) == 1, told
    assert said in told[0]


def test_a_film_without_a_guide_says_nothing_of_it(tmp_path: Path) -> None:
    stage(tmp_path)
    assert difference(HEAD, HEAD + "guide = none", tmp_path).is_empty
