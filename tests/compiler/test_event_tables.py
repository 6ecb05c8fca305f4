"""Tables of `series`: CSV and JSON of many programs, and hostile ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.compiler.event_films import HEAD, curve
from tests.compiler.film_texts import checked
from tests.staging import staged

from anim_compiler.events import csv_table, json_table


def test_a_table_is_read_by_its_times(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_bytes(staged()["data.csv"])
    level = curve('series data = "data.csv"\nlet asked = data.level', tmp_path)
    assert level[[0, 12, 24, 48, 60, 72, 95]].tolist() == pytest.approx(
        [0, 0.25, 0.5, 1, 0.625, 0.25, 0.25 / 24]
    )
    held = curve('series data = "data.csv" { interpolation = hold }\nlet asked = data.level', tmp_path)
    assert held[[0, 23, 24, 47, 48, 95]].tolist() == [0, 0, 0.5, 0.5, 1, 0.25]
    soft = curve('series data = "data.csv" { interpolation = smooth }\nlet asked = data.level', tmp_path)
    assert soft[::24].tolist() == pytest.approx(level[::24].tolist())
    assert soft.max() <= 1.0
    assert abs(soft[36] - 0.75) > 0.01
    later = curve('series data = "data.csv" { offset = 1s }\nlet asked = data.level', tmp_path)
    assert np.array_equal(later[24:], level[:-24])
    assert (later[:24] == level[0]).all()


def write(folder: Path, name: str, text: str | bytes) -> None:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    ("name", "content", "which"),
    [
        ("a.csv", "time,x\n0,0\n2,1\n", "tab.x"),
        ("a.csv", "\ufefftime;x\r\n0;0,0\r\n1;0,5\r\n2;1\r\n", "tab.x"),
        ("a.csv", "x\ttime\n0\t0\n1\t2\n", "tab.x"),
        ("a.csv", '# of a sensor\n"time","x (mm)"\n0,"0"\n2,1\n', "tab.x_mm"),
        ("a.csv", "0 0\n2 1\n", "tab"),
        ("a.csv", "0,0,5\n2,1,5\n", "tab.c2"),
        ("a.csv", "0,0,low\n2,1,high\n", "tab.c2"),
        ("a.csv", ",x,2020\n0,0,1\n2,1,1\n", "tab.x"),
        ("a.csv", "frame,x\n0,0\n48,1\n", "tab"),
        ("a.csv", "ms,x\n0,0\n2000,1\n", "tab"),
        ("a.csv", "Time (ms);x\n0;0\n2000;1\n", "tab"),
        ("a.csv", "x,Time [s]\n0,0\n1,2\n", "tab.x"),
        ("a.csv", "sep=;\r\ntime;x\r\n0,0;0,0\r\n0,5;0,25\r\n2,0;1,0\r\n", "tab"),
        ("a.csv", '"time","x"\n"0,0","0,0"\n"0,5","0,25"\n"1,125","0,5625"\n"2,0","1,000"\n', "tab"),
        ("a.csv", "time,x\n0,0%\n1,50%\n2,100 %\n", "tab"),
        ("a.csv", "time,x\n0:00,0\n0:02.0,1\n", "tab"),
        ("a.csv", "time,x,y\n0,0,\n0.5,,1\n1,nan,2\n1.5,NULL,2\n2,1,3\n", "tab.x"),
        ("a.csv", "x\n" + "".join(f"{f / 48}\n" for f in range(49)), "tab"),
        ("a.csv", "time,x\n0,0\n2,1\n".encode("utf-16"), "tab"),
        ("a.json", '[{"time": 0, "x": 0}, {"time": 2, "x": 1, "y": 3}]', "tab.x"),
        ("a.json", '{"time": [0, 1, 2], "x": [0, null, 1]}', "tab"),
        ("a.json", '{"0": 0, "2": 1}', "tab"),
        ("a.json", '{"0": {"x": 0, "y": 1}, "2": {"x": 1}}', "tab.x"),
        ("a.json", "[[0, 0], [2, 1]]", "tab"),
        ("a.json", str([f / 48 for f in range(49)]), "tab"),
        ("a.json", '{"fps": 24, "rendered_frames": [{"frame": 0, "x": 0}, {"frame": 48, "x": 1}]}', "tab.x"),
        (
            "a.json",
            '{"options": {"output_fps": 12},"rendered_frames": [{"frame":0, "x": 0}, {"frame":24, "x": 1}]}',
            "tab.x",
        ),
        ("a.txt", '[{"seconds": 0, "x": false}, {"seconds": 2, "x": true}]', "tab.x"),
    ],
    ids=range(28),
)
def test_tables_of_many_programs_say_the_same(
    tmp_path: Path, name: str, content: str | bytes, which: str
) -> None:
    write(tmp_path, name, content)
    column = curve(f'series tab = "{name}"\nlet asked = {which}', tmp_path, "length = 3s\n")
    assert column == pytest.approx(np.minimum(np.arange(72) / 48, 1.0), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("a.csv", "", "E4042", "has no row of numbers"),
        ("a.csv", "time,x\n", "E4042", "has no row of numbers"),
        ("a.csv", "time,x\n0,1\nsoon,2\n", "E4042", "has no time at line 3, column 1"),
        ("a.csv", "time,x\n0,1\n,2\n", "E4042", "has no time at line 3"),
        ("a.csv", "time,x\ninf,1\n", "E4042", "has no time at line 2"),
        ("a.csv", "time,x\n0,1\n1,2,3\n", "E4042", "line 3 of `a.csv` has 3 cells, and the first one has 2"),
        ("a.csv", "time,x\n0,1\n1,1e999\n", "E2132", "no number at line 3, column 2: `1e999`"),
        ("a.csv", "time,x\n0,Infinity\n", "E2132", "line 2, column 2: `Infinity`"),
        ("a.csv", "time,x\n0,wet\n", "E2132", "line 2, column 2: `wet`"),
        ("a.csv", 'time,x\n0,"1,000"\n', "E2132", "line 2, column 2: `1,000`"),
        ("a.csv", "sep=;\ntime;x\n0;1\n1;wet\n", "E2132", "line 4, column 2: `wet`"),
        ("a.csv", "time,x\n0,\n1,\n", "E2132", "no number in its column `x`"),
        ("a.csv", "größe".encode("latin-1"), "E4042", "not UTF-8"),
        ("a.csv", b"time,x\n0,\0\n", "E4042", "zero bytes"),
        ("a.csv", b"0," * 400_000, "E4004", "more than 1,000 columns"),
        ("a.csv", b"0" * 8_000_001, "E4004", "may be 8 MB"),
        ("a.csv", b'"' + b"x" * 200_000, "E4042", "is not a table"),
        ("a.json", "[" * 100_000, "E4042", "nested too deep"),
        ("a.json", '{"time": [0, 1', "E4042", "is not JSON: "),
        ("a.json", "[]", "E4042", "holds no table"),
        ("a.json", "{}", "E4042", "holds no table"),
        ("a.json", '"text"', "E4042", "holds no table"),
        ("a.json", '{"a": 1, "b": [2]}', "E4042", "holds no table"),
        ("a.json", '[{"time": 0, "x": {"deep": 1}}]', "E2132", "no number at row 1: `an object`"),
        ("a.json", '[{"time": 0, "x": Infinity}]', "E2132", "no number at row 1"),
        ("a.json", '[{"time": NaN, "x": 1}]', "E4042", "no time at row 1"),
        ("a.json", f'[{{"time": 0, "x": {"9" * 400}}}]', "E2132", "no number at row 1"),
        ("a.json", f'[{{"time": 0, "x": {"9" * 9000}}}]', "E4042", "too many digits"),
        ("a.json", "[" + ",".join(f'{{"{i}":1}}' for i in range(3_000)) + "]", "E4004", "1,000 columns"),
    ],
    ids=range(29),
)
def test_hostile_tables_are_told(
    tmp_path: Path, name: str, content: str | bytes, code: str, said: str
) -> None:
    write(tmp_path, name, content)
    found = checked(f'length = 1s\n{HEAD}series tab = "{name}"\nlet asked = 1 + tab.x', tmp_path)[1]
    told = [d for d in found if d.code not in ("W6001", "W6160", "W6161")]
    assert [d.code for d in told] == [code], [d.message for d in found]
    assert said in told[0].message
    assert told[0].hint


def test_the_limit_of_rows_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (csv_table, json_table):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    for name, rows in (("a.csv", "1\n2\n3\n4\n"), ("a.json", "[1, 2, 3, 4]")):
        write(tmp_path, name, rows)
        found = checked(f'length = 1s\n{HEAD}series tab = "{name}"', tmp_path)[1]
        assert [d.code for d in found if d.code != "W6001"] == ["E4004"]
        write(tmp_path, name, rows.replace("4", " "[: name == "a.csv"]).replace(", ]", "]"))
        assert not [
            d for d in checked(f'length = 1s\n{HEAD}series tab = "{name}"', tmp_path)[1] if d.code != "W6001"
        ]
