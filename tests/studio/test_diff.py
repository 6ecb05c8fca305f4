import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from PIL import Image

FILM = """\
size = 64x64
fps = 12
length = 2s
let swell = 0.1
prompt { 0s: "a lake"; 1s: "a forest" }
camera 2d { zoom = 1 + swell * sine(1s) }
diffuse { steps = 20; strength = 0.4 + (0.05 if t > 30 else 0) }
"""
LATER = FILM.replace("0.05 if t > 30", "0.15 if t >= 12").replace("swell = 0.1", "swell = 0.2")


@pytest.fixture
def films(write_film):
    return write_film(FILM, "before.anim"), write_film(LATER, "after.anim")


def test_a_line_an_edit_and_what_rerenders(anim, films) -> None:
    said = anim("diff", "before.anim", "after.anim")
    assert said.code == 0, said.err
    assert said.err == ""
    assert said.out.splitlines() == [
        "before.anim → after.anim",
        "  ~ let `swell` 0.1 → 0.2",
        "    → `zoom` moves ×2 around 1 from frame 1 (0.08 s) on",
        "  ~ `strength` 0.4 → 0.55 from frame 12 (1 s) on",
        "    0.4 + (0.05 if t > 30 else 0) → 0.4 + (0.15 if t >= 12 else 0)",
        "23 of 24 frames re-render",
    ]


def test_which_frames_rerender_is_told_if_it_is_not_all(anim, write_film) -> None:
    write_film(FILM, "before.anim")
    write_film(FILM.replace("t > 30", "t >= 12"), "after.anim")
    said = anim("diff", "before.anim", "after.anim")
    assert said.out.splitlines()[-1] == "12 of 24 frames re-render, from frame 12 (1 s) on"


def test_the_same_film_has_not_changed(anim, films) -> None:
    said = anim("diff", "before.anim", "before.anim", "--exit-code")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "nothing changed in the film"


def test_exit_code_is_gits(anim, films) -> None:
    assert anim("diff", "before.anim", "after.anim", "--exit-code").code == 1


def test_json_has_every_change_with_its_frames(anim, films) -> None:
    said = anim("diff", "before.anim", "after.anim", "--format", "json")
    found = json.loads(said.out)
    assert found["version"] == 1
    assert found["different"] is True
    assert found["before"] == {"film": "before.anim", "exists": True, "errors": [], "frames": 24, "fps": "12"}
    swell, strength = found["changes"]
    assert (swell["area"], swell["path"], swell["before"], swell["after"]) == (
        "lets",
        "let swell",
        "0.1",
        "0.2",
    )
    assert [effect["path"] for effect in swell["effects"]] == ["camera.zoom"]
    assert strength["path"] == "diffuse.strength"
    assert strength["sentence"] == "0.4 → 0.55"
    assert strength["frames"] == [[12, 23]]
    assert strength["seconds"] == [[1.0, 2.0]]
    made = found["rerender"]
    assert (made["of"], made["count"], made["diffused"], made["tweens"]) == (24, 23, 23, 0)
    assert made["frames"] == [[1, 23]]


def test_markdown_is_a_table_with_what_is_written_folded_away(anim, films) -> None:
    lines = anim("diff", "before.anim", "after.anim", "--format", "markdown").out.splitlines()
    assert lines[0] == "### `after.anim`"
    assert lines[2] == "**23 of 24 frames re-render**"
    assert "| ✏️ | `strength` | 0.4 → 0.55 | from frame 12 (1 s) on |" in lines
    assert "<details><summary>as written</summary>" in lines
    rows = [line for line in lines if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {4, 5}


def test_a_films_text_is_no_markup(anim, write_film) -> None:
    write_film(FILM, "before.anim")
    write_film(FILM.replace("a forest", "<b>@all | *y* </details> [a](b)"), "after.anim")
    said = anim("diff", "before.anim", "after.anim", "--format", "markdown").out
    table = said.partition("<details>")[0]
    assert "<b>" not in table
    assert "@all" not in table
    assert "</details>" not in table
    assert "*y*" not in table.replace("\\*y\\*", "")
    row = next(line for line in table.splitlines() if "prompt" in line)
    assert row.replace("\\|", "").count("|") == 5


def test_control_characters_of_a_film_do_not_reach_the_terminal(anim, write_film) -> None:
    write_film(FILM, "before.anim")
    write_film(FILM.replace("a forest", "a \\u{1b}[31mforest"), "after.anim")
    assert "\x1b" not in anim("diff", "before.anim", "after.anim").out


def test_both_films_are_taken_with_the_same_options(anim, films) -> None:
    said = anim("diff", "before.anim", "after.anim", "--frames", "0-5", "--size", "32x32", "--format", "json")
    found = json.loads(said.out)
    assert found["rerender"]["of"] == 6
    assert [change["path"] for change in found["changes"]] == ["let swell"]
    assert anim("diff", "before.anim", "before.anim", "--fps", "6", "--seed", "3", "--exit-code").code == 0


def test_variants_are_compared_one_by_one(anim, write_film) -> None:
    write_film(FILM + "variant { seed = [1, 2] }\n", "before.anim")
    write_film(FILM + "variant { seed = [1, 3] }\n", "after.anim")
    first = anim("diff", "before.anim", "after.anim", "--variant", "1")
    assert first.out.splitlines()[1:] == ["  ~ variant `seed` 1, 2 → 1, 3", "no frame re-renders"]
    second = anim("diff", "before.anim", "after.anim", "--variant", "2")
    assert "`seed` 2 → 3" in second.out
    assert "24 of 24 frames re-render" in second.out


def test_a_film_with_errors_is_named_and_its_text_is_shown(anim, write_film) -> None:
    write_film(FILM, "before.anim")
    write_film(FILM.replace("steps = 2", "steps = -2"), "after.anim")
    said = anim("diff", "before.anim", "after.anim")
    assert said.code == 1
    assert "`after.anim` has 1 error, so the films cannot be compared" in said.out
    assert "+diffuse { steps = -20;" in said.out
    assert "E3003" in said.err
    found = json.loads(anim("diff", "before.anim", "after.anim", "--format", "json").out)
    assert found["changes"] is None
    assert [error["code"] for error in found["after"]["errors"]] == ["E3003"]
    assert found["before"]["errors"] == []
    assert anim("diff", "after.anim", "before.anim").code == 1


def test_the_picture_has_both_versions_of_what_changed(anim, films, tmp_path) -> None:
    said = anim("diff", "before.anim", "after.anim", "--picture", "new/changed.svg")
    assert said.code == 0, said.err
    words = [
        e.text for e in ElementTree.parse(tmp_path / "new" / "changed.svg").iter() if e.tag.endswith("text")
    ]
    assert {"zoom", "strength", "before.anim", "after.anim", "was 0.4", "is 0.4 to 0.55"} <= set(words)
    anim("diff", "before.anim", "after.anim", "--picture", "changed.png")
    pixels = np.asarray(Image.open(tmp_path / "changed.png"))
    shade = (np.abs(pixels.astype(int) - (253, 240, 205)).sum(axis=2) < 6).mean(axis=0)
    # strength differs in the second half of the film, zoom nearly everywhere
    assert shade[200:400].mean() < shade[600:900].mean()


def test_no_picture_without_a_changed_curve(anim, films, tmp_path) -> None:
    said = anim("diff", "before.anim", "before.anim", "--picture", "changed.svg")
    assert said.code == 0
    assert not (tmp_path / "changed.svg").exists()
    assert anim("diff", "before.anim", "after.anim", "--picture", "changed.bmp").code == 2


@pytest.mark.parametrize(
    "words", [(), ("before.anim", "after.anim", "before.anim"), ("before.anim", "no.anim")]
)
def test_what_is_no_pair_of_films_is_told(anim, films, words) -> None:
    said = anim("diff", *words)
    assert said.code == 2
    assert said.err.startswith("error: ")


def test_a_changed_track_is_the_cause_of_what_follows_it(anim, write_film, tmp_path) -> None:
    from tests.staging import stage

    stage(tmp_path)
    heard = 'audio song = "song.ogg"\n' + FILM.replace("swell = 0.1", "swell = bass")
    write_film(heard, "before.anim")
    write_film(heard.replace("song.ogg", "voice.ogg"), "after.anim")
    lines = anim("diff", "before.anim", "after.anim").out.splitlines()
    assert lines[1].startswith("  ~ audio `song` replaced (song.ogg → voice.ogg")
    assert lines[2].startswith("    → `zoom` ")
