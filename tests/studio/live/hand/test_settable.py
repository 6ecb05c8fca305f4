"""What can be given a first key."""

from __future__ import annotations

from pathlib import Path

from tests.staging import staged
from tests.studio.live.hand.desk import FILM, Desk

from anim_studio.live.hand.settable import settable


def test_what_has_keys_comes_first_then_what_is_written_then_the_table(tmp_path: Path) -> None:
    desk = Desk(tmp_path, f"let swell = 2\n{FILM}diffuse.strength = swell / 4\n")
    rows = settable(desk.version, desk.board)
    names = [name for name, _ in rows]
    assert len(set(names)) == len(names)
    order = ["camera.zoom", "diffuse.strength", "swell", "grade.exposure"]
    assert [name for name in names if name in order] == order
    about = dict(rows)
    assert about["camera.zoom"].startswith("◇ magnification")
    assert about["diffuse.strength"].startswith("how much")
    assert about["grade.exposure"].startswith("· ")
    assert about["swell"] == "a curve of the film"


def test_only_what_takes_keys_is_offered_and_each_can_be_keyed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    names = [name for name, _ in settable(desk.version, desk.board)]
    assert "camera.border" not in names
    assert not any(name.startswith("output") for name in names)
    for name in ("prompts", "camera.translation_x", "diffuse.steps", "coherence.blend", "grade.hue"):
        assert name in names
        before = desk.text
        desk.edits.insert(name, desk.marks, 24)
        assert desk.text != before


def test_a_lora_without_a_weight_can_be_given_one(tmp_path: Path) -> None:
    (tmp_path / "grain.safetensors").write_bytes(staged()["grain.safetensors"])
    desk = Desk(tmp_path, f'model = "null"\n{FILM}lora grain = "grain.safetensors"  # soft\n')
    assert dict(settable(desk.version, desk.board))["lora.grain.weight"].startswith("· how strongly")
    desk.edits.insert("lora.grain.weight", desk.marks, 24)
    assert 'lora grain = "grain.safetensors" { weight = 0s: 1, 1s: 1 }  # soft\n' in desk.text
