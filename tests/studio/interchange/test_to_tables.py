import csv
import io
import json

import pytest

from .exporting_films import exported, opened

FILM = """\
fps = 10; size = 64x64; seed = 4
let swell = 0s: 0, 1s: 1
coherence { cadence = 2 }
scene one 4f { prompt { 0f: "=cmd()"; 4f: "b, \\"c\\"" }; camera 2d { zoom = 1 + swell } }
scene two 3f { prompt = "d"; diffuse { sampler = 0f: "Euler a", 2f: "DDIM" } }
"""


def rows_of(tmp_path, *ranges: tuple[int, int]) -> list[dict[str, str]]:
    (data,) = exported(tmp_path, FILM, "csv", *ranges).files.values()
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_line_a_frame_with_every_curve(tmp_path) -> None:
    rows = rows_of(tmp_path)
    assert [row["frame"] for row in rows] == [str(frame) for frame in range(7)]
    assert [row["scene"] for row in rows] == ["one"] * 4 + ["two"] * 3
    assert [row["time"] for row in rows[:3]] == ["0", "0.1", "0.2"]
    assert [row["swell"] for row in rows] == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]
    assert [row["camera.zoom"] for row in rows] == ["1", "1.1", "1.2", "1.3", "", "", ""]
    assert [row["diffuse.sampler"] for row in rows[4:]] == ["Euler a", "Euler a", "DDIM"]
    # the seed of each frame, not the number that is counted from
    assert [row["diffuse.seed"] for row in rows] == ["4", "5", "5", "6", "7", "8", "8"]


def test_a_text_that_a_spreadsheet_would_run_is_a_text(tmp_path) -> None:
    rows = rows_of(tmp_path)
    assert rows[0]["prompt"] == "'=cmd()"
    assert rows[1]["prompt"] == '0.75 * =cmd() + 0.25 * b, "c"'
    assert rows[6]["prompt"] == "d"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\\t", "\\n"])
def test_a_formula_is_quoted_however_it_begins(tmp_path, first: str) -> None:
    (data,) = exported(tmp_path, f'length = 1f; prompt = "{first}1+1"', "csv").files.values()
    (row,) = csv.DictReader(io.StringIO(data.decode(), newline=""))
    assert row["prompt"].startswith("'")


def test_numbers_in_texts_are_those_that_are_drawn(tmp_path) -> None:
    film = 'length = 2f; prompt = "{t * 1234567.25} {t / 3} {-t / 1000000}"'
    (data,) = exported(tmp_path, film, "csv").files.values()
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert [row["prompt"] for row in rows] == ["0 0 0", "1234567.25 0.3333 0"]


def test_a_part_has_its_rows_alone(tmp_path) -> None:
    assert [row["frame"] for row in rows_of(tmp_path, (1, 2), (5, 7))] == ["1", "5", "6"]


def test_json_holds_the_same_as_lists(tmp_path) -> None:
    (data,) = exported(tmp_path, FILM, "json").files.values()
    document = json.loads(data)
    assert document["schema"] == 1
    assert document["fps"] == "10"
    assert document["frames"] == list(range(7))
    assert document["curves"]["camera.zoom"][2:5] == [1.2, 1.3, None]
    assert document["scenes"][1] == {"name": "two", "start": 4, "end": 7}
    assert document["texts"]["prompt"][4:] == ["d", "d", "d"]
    assert {len(column) for column in (*document["curves"].values(), *document["texts"].values())} == {7}


def test_both_are_the_same_on_every_run(tmp_path) -> None:
    for to in ("csv", "json"):
        first, second = exported(tmp_path, FILM, to), exported(tmp_path, FILM, to)
        assert first == second


def test_every_number_that_the_film_says_is_given(tmp_path) -> None:
    film = opened(tmp_path, FILM)
    (data,) = exported(tmp_path, FILM, "json").files.values()
    assert set(json.loads(data)["curves"]) == set(film.curves)
    assert {"swell", "camera.zoom", "diffuse.seed", "coherence.cadence"} <= set(film.curves)


@pytest.mark.parametrize(("value", "shown"), [("-1", "-1"), ("1e-9", "1e-09"), ("1/3", "0.333333333333")])
def test_numbers_have_twelve_digits(tmp_path, value: str, shown: str) -> None:
    (data,) = exported(tmp_path, f'length = 1f; prompt = "a"; let x = {value}', "csv").files.values()
    (row,) = csv.DictReader(io.StringIO(data.decode(), newline=""))
    assert row["x"] == shown
