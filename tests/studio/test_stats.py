"""`--stats`, and films that do not keep to what they expect."""

import json

from PIL import Image

FILM = """\
model = "null"
size = 64x48
fps = 12
length = 8f
prompt { 0s: "a lake" }
camera 2d { zoom = 1.1 per s }
"""


def test_stats_are_a_table_after_the_result(anim, write_film, fresh_cache) -> None:
    said = anim("render", write_film(FILM), "--stats")
    assert said.code == 0, said.err
    head, *rows = (
        line.split() for line in said.out.splitlines() if line.startswith("  ") and "next:" not in line
    )
    assert head == ["figure", "mean", "95%", "most", "at", "frame"]
    assert [row[0] for row in rows] == [
        *("luma", "contrast", "saturation", "black", "drift", "flicker", "sharpness", "motion")
    ]
    assert all(0 <= float(part) <= 1 for row in rows for part in row[1:4])


def test_a_sheet_draws_the_figures_below(anim, write_film, tmp_path, fresh_cache) -> None:
    path = write_film(FILM)
    anim("render", path)
    plain, stats = tmp_path / "plain.png", tmp_path / "stats.png"
    assert anim("sheet", path, "-o", plain).code == 0
    said = anim("sheet", path, "-o", stats, "--stats")
    assert said.code == 0, said.err
    assert "flicker" in said.out
    sizes = [Image.open(name).size for name in (plain, stats)]
    assert sizes[0][0] == sizes[1][0]
    assert sizes[1][1] > sizes[0][1] + 100


def test_a_sheet_of_a_video_has_figures_too(anim, write_film, tmp_path, fresh_cache) -> None:
    anim("render", write_film(FILM), "-o", tmp_path / "film.mp4")
    said = anim("sheet", tmp_path / "film.mp4", "-o", tmp_path / "sheet.png", "--stats")
    assert said.code == 0, said.err
    assert "sharpness" in said.out


def test_a_sheet_of_a_video_that_is_not_there_says_so(anim, tmp_path, fresh_cache) -> None:
    said = anim("sheet", tmp_path / "gone.mp4", "-o", tmp_path / "sheet.png")
    assert said.code == 2
    assert "there is no file" in said.err


def test_what_is_not_met_ends_in_1_with_the_line_to_blame(anim, write_film, tmp_path, fresh_cache) -> None:
    path = write_film(FILM + "expect luma < 1%\nexpect flicker < 100%\n")
    said = anim("render", path)
    assert said.code == 1
    assert (tmp_path / "out" / "film.mp4").exists()
    assert "error[E5055]" in said.err
    assert "film.anim:7: expect luma < 1%: luma is " in said.err
    assert "not at 8 frames" in said.err
    assert "✓" in said.out


def test_events_tell_what_is_not_met(anim, write_film, fresh_cache) -> None:
    said = anim("render", write_film(FILM + "expect luma < 1% if t >= 3\n"), "--json")
    assert said.code == 1
    events = [json.loads(line) for line in said.out.splitlines()]
    (unmet,) = (event for event in events if event["kind"] == "unmet")
    assert (unmet["frame"], unmet["line"], unmet["figure"]) == (3, 7, "luma")
    assert len(events[-1]["unmet"]) == 1
    assert sum(event["kind"] == "measured" for event in events) == 8


def test_a_part_is_told_by_the_films_frames(anim, write_film, tmp_path, fresh_cache) -> None:
    path = write_film(FILM + "expect luma < 1% if t >= 4\n")
    said = anim("render", path, "--frames", "3-5", "--stats", "--progress", "lines")
    assert said.code == 1
    lines = [line for line in said.err.splitlines() if "film.anim:7: " in line]
    assert [line.partition(":")[0] for line in lines] == ["unmet", "error[E5055]"]
    assert all("at frame 4 (0.33 s)" in line for line in lines)
    rows = [line.split() for line in said.out.splitlines() if line.startswith("  ") and "(" in line]
    assert rows
    assert all(int(row[-3]) in (3, 4, 5) for row in rows)
    assert next(row for row in rows if row[0] == "flicker")[-3] in ("3", "4", "5")
    said = anim("render", path, "--frames", "3-5", "--json")
    (unmet,) = (event for event in map(json.loads, said.out.splitlines()) if event["kind"] == "unmet")
    assert unmet["frame"] == 1, "events count from the plan's own first frame"


def test_a_film_that_is_all_stored_tells_again_what_is_not_met(
    anim, write_film, tmp_path, fresh_cache
) -> None:
    path = write_film(FILM + "expect luma < 1%\n")
    anim("render", path)
    for quiet in ((), ("--quiet",)):
        said = anim("render", path, *quiet)
        assert said.code == 1, said.err
        assert "film.anim:7: expect luma < 1%" in said.out + said.err
