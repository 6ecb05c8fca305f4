"""Lyrics out of `.lrc` and `.srt` files."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from anim_compiler import lyrics
from anim_compiler.lyrics import Line, Unreadable
from anim_compiler.sung_words import words_of


def read(tmp_path: Path, name: str, data: str | bytes) -> tuple[Line, ...] | Unreadable:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return lyrics.read(path, name)


def told(found: tuple[Line, ...] | Unreadable) -> list[tuple[float, float | None, str]]:
    assert not isinstance(found, Unreadable), found.message
    return [(float(line.start), None if line.end is None else float(line.end), line.text) for line in found]


def test_lines_stand_until_the_next_one(tmp_path: Path) -> None:
    text = "[ti:Rain]\n[00:01.50]one\r\n[00:03.25] two  words\n[01:00.125]three\n"
    wanted = [(1.5, 3.25, "one"), (3.25, 60.125, "two words"), (60.125, None, "three")]
    assert told(read(tmp_path, "a.lrc", text)) == wanted


def test_a_line_may_have_several_times_and_a_time_no_line(tmp_path: Path) -> None:
    text = "[00:05.00][00:01.00]chorus\n[00:03.00]\n[00:06.00]end"
    wanted = [(1.0, 3.0, "chorus"), (3.0, 5.0, ""), (5.0, 6.0, "chorus"), (6.0, None, "end")]
    assert told(read(tmp_path, "a.lrc", text)) == wanted


def test_the_offset_of_a_file_shows_lines_earlier(tmp_path: Path) -> None:
    assert told(read(tmp_path, "a.lrc", "[offset:+250]\n[00:01.00]a\n[00:00.10]b")) == [
        (0.0, 0.75, "b"),
        (0.75, None, "a"),
    ]
    assert told(read(tmp_path, "a.lrc", "[offset: -500]\n[00:01]a")) == [(1.5, None, "a")]


def test_times_of_words_are_read_and_taken_out(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "a.lrc",
        "[offset:100]\n[00:09.00][00:01.00]oh <00:09.10>Hel<00:09.30>lo <00:09.50>you<00:10>",
    )
    assert not isinstance(found, Unreadable)
    assert [line.text for line in found] == ["oh Hello you"] * 2
    told = [("oh Hel", "Hel"), ("oh Hello", "lo"), ("oh Hello you", "you"), ("oh Hello you", "")]
    for line, start in zip(found, (0.9, 8.9), strict=True):
        assert [said for _, *said in line.words] == [list(both) for both in told]
        late = [float(at) - start for at, _, _ in line.words]
        assert late == pytest.approx([0.1, 0.3, 0.5, 1.0])


def test_words_share_the_time_of_a_line_that_tells_none(tmp_path: Path) -> None:
    found = read(tmp_path, "a.srt", "00:00:01,000 --> 00:00:02,000\na bcd\nef\n")
    assert not isinstance(found, Unreadable)
    words = list(words_of(found, Fraction(1, 9)))
    assert [said for _, _, *said in words] == [["a", "a"], ["a bcd", "bcd"], ["a bcd\nef", "ef"]]
    starts = [Fraction(10, 9) + Fraction(letters, 9) for letters in (0, 2, 6, 9)]
    assert [(start, end) for start, end, _, _ in words] == list(pairwise(starts))


def test_words_lie_within_their_line_and_the_film(tmp_path: Path) -> None:
    text = "[00:01.00]<00:00.50>a <00:01.50>b <00:09.00>c\n[00:02.00]<00:02.60>d <00:02.30>e\n[00:03.00]"
    found = read(tmp_path, "a.lrc", text)
    assert not isinstance(found, Unreadable)
    words = [(10 * start, 10 * end, word) for start, end, _, word in words_of(found, Fraction(-6, 5))]
    wanted = [(0, 3, "a"), (3, 8, "b"), (11, 14, "e"), (14, 18, "d")]
    assert words == [(Fraction(start), Fraction(end), word) for start, end, word in wanted]


def test_subtitles_end_where_they_say(tmp_path: Path) -> None:
    text = (
        '1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i>,\n{\\an8}<font color="#fff">world</font>\n\n'
        "2\n01:00:00.5 --> 01:00:01.250\nlater\n\n3\n00:00:04,000 --> 00:00:03,000\nbackwards\n"
    )
    wanted = [(1.0, 2.5, "Hello,\nworld"), (3600.5, 3601.25, "later")]
    assert told(read(tmp_path, "a.srt", text)) == wanted


def test_subtitles_without_empty_lines_and_with_numbers_for_words(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n99\n\n2\n00:00:03,000 --> 00:00:04,000\nred balloons"
    assert [row[2] for row in told(read(tmp_path, "a.srt", text))] == ["99", "red balloons"]


def test_lines_that_overlap_give_way_to_the_next(tmp_path: Path) -> None:
    text = "00:00:01,000 --> 00:00:05,000\na\n\n00:00:02,000 --> 00:00:03,000\nb\n"
    assert told(read(tmp_path, "a.srt", text)) == [(1.0, 2.0, "a"), (2.0, 3.0, "b")]
    text = "[00:01.00]first\n[00:01.00]second\n"
    assert told(read(tmp_path, "a.lrc", text)) == [(1.0, None, "second")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_tell_what_they_are(tmp_path: Path, encoding: str) -> None:
    assert told(read(tmp_path, "a.lrc", "[00:01.00]Größe ♪".encode(encoding)))[0][2] == "Größe ♪"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.lrc", "no times", "has no line with a time"),
        ("a.srt", "[00:01.00]of the other kind", "has no line with a time"),
        ("a.lrc", "[00:01.00]gr\u00f6\u00dfer".encode("latin-1"), "is not UTF-8"),
        ("a.lrc", b"\xff\xfe[", "is not UTF-8"),
        ("a.lrc", b"", "has no line with a time"),
        ("a.lrc", b"\x00" * 2_000_000, "lyrics may be 1 MB"),
        ("a.lrc", "".join(f"[{i // 60:02}:{i % 60:02}]x\n" for i in range(5_001)), "more than 5000 lines"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, data: str | bytes, said: str) -> None:
    found = read(tmp_path, name, data)
    assert isinstance(found, Unreadable)
    assert said in found.message
    assert found.hint


def test_hostile_texts_are_read_in_time(tmp_path: Path) -> None:
    for data in (
        "[" * 300_000,
        "<00:" * 70_000,
        "[00:01.00]" * 4_000 + "<00:01.00>" * 80_000,
        "[00:01.00]" * 30_000,
        "00:00:0" * 40_000,
        "[a:" * 100_000,
    ):
        for name in ("a.lrc", "a.srt"):
            found = read(tmp_path, name, data)
            # nothing in them is a line that is sung
            assert isinstance(found, Unreadable) or not any(line.text for line in found)


def test_times_are_exact(tmp_path: Path) -> None:
    found = read(tmp_path, "a.lrc", "[00:00.1]a\n[00:00.12]b\n[00:00.123]c")
    assert not isinstance(found, Unreadable)
    assert [line.start for line in found] == [Fraction(1, 10), Fraction(12, 100), Fraction(123, 1000)]
