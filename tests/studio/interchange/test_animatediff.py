"""AnimateDiff's prompt travel: what each frame is told is what the command makes of the same file."""

from __future__ import annotations

import json

import pytest
from tests.studio.interchange.prompt_frames import DATA, fates, film_of, given, shares

from anim_studio.interchange.animatediff import looks_like, read
from anim_studio.interchange.imported import Fate

REAL = DATA / "real" / "adcli_01_prompt_travel.json"
needs_data = pytest.mark.skipif(not REAL.is_file(), reason="the shared files are not here")


def upstream(found: dict, length: int) -> list[dict[str, float]]:
    """The rules of the command: `prompt_preprocess`, then the key before and the key after, in a loop."""
    prompts = {}
    for key, text in found["prompt_map"].items():
        if int(key) < length:
            parts = (found.get("head_prompt"), text, found.get("tail_prompt"))
            prompts[int(key)] = ",".join(part for part in parts if part)
    keys = sorted(prompts)
    for start, stop in zip(keys, [*keys[1:], length], strict=True):
        held = start + round((stop - start) * found.get("prompt_fixed_ratio", 0.5))
        held -= held == stop
        prompts[held] = prompts[start]
    keys = sorted(prompts)
    told = []
    for frame in range(length):
        before = max((key for key in keys if key <= frame), default=keys[-1])
        after = min((key for key in keys if key > frame), default=keys[0])
        gone, left = (frame - before) % length, (after - frame) % length
        way = gone / (gone + left) if gone + left else 0.0
        made: dict[str, float] = {}
        for text, share in ((prompts[before], 1 - way), (prompts[after], way)):
            made[text] = made.get(text, 0.0) + share
        told.append({text: share for text, share in made.items() if share > 1e-9})
    return told


def same(found: dict, folder) -> str:
    made = read(given(json.dumps(found), folder))
    film = film_of(made, folder)
    for frame, (ours, theirs) in enumerate(zip(shares(film), upstream(found, film.plan.frames), strict=True)):
        assert ours == pytest.approx(theirs, abs=1e-6), frame
    return made.text


@needs_data
def test_a_published_file(tmp_path) -> None:
    file = given(REAL.read_bytes(), tmp_path, REAL.name)
    assert looks_like(file)
    made = read(file)
    text = same(json.loads(REAL.read_text()), tmp_path)
    assert text == made.text
    assert "fps    = 8\n" in text
    assert "length = 128f" in text
    assert "morph_time = 16f" in text
    assert 'sampler   = "Euler a"' in text
    assert '# lora muffet_v2 = "muffet_v2.safetensors"' in text
    assert fates(made, "motion_module") == {Fate.LOST}
    assert fates(made, "lcm_map") == {Fate.IGNORED}
    # every word of the file is accounted for
    named = {remark.what.split(".")[0] for remark in made.remarks} | {"output"}
    assert set(json.loads(REAL.read_text())) <= named


@pytest.mark.parametrize("ratio", [0.0, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("frames", [(0, 8, 16), (0, 5, 20, 21), (0,)])
def test_ratios_and_uneven_keys(ratio, frames, tmp_path) -> None:
    prompts = {str(frame): f"text {number % 3}" for number, frame in enumerate(frames)}
    same(
        {"prompt_map": prompts, "prompt_fixed_ratio": ratio, "head_prompt": "oil", "tail_prompt": "4k"},
        tmp_path,
    )


def test_a_lora_that_is_here_and_one_that_changes(tmp_path) -> None:
    (tmp_path / "ink.safetensors").write_bytes(b"")
    found = {
        "prompt_map": {"0": "a"},
        "lora_map": {"share/Lora/ink.safetensors": 0.5, "x.safetensors": {"0": 0, "8": 1}},
    }
    text = read(given(json.dumps(found), tmp_path)).text
    assert "ink" in text
    assert "weight = 0: 0, 8: 1" in text


@pytest.mark.parametrize(("prompts", "says"), [({}, "has no prompt"), ({"x": "a"}, "is no frame")])
def test_what_cannot_be_read(prompts, says, tmp_path) -> None:
    (found,) = read(given(json.dumps({"prompt_map": prompts}), tmp_path)).diagnostics
    assert says in found.message


def test_odd_values_do_no_harm(tmp_path) -> None:
    found = {
        "prompt_map": {"0": "a", "4": 'b \u202e\x1b[2J {c} "d" `x`'},
        "seed": [2**70, -1],
        "steps": 1e300,
    }
    found |= {
        "guidance_scale": -4,
        "clip_skip": "two",
        "lora_map": [1],
        "controlnet_map": {"a": 1},
        "output": {"fps": 0},
    }
    made = read(given(json.dumps(found), tmp_path))
    film_of(made, tmp_path)
    assert "\x1b" not in made.text
