"""The formats behind `markers` and `midi`: labels, taps, Standard MIDI Files; and hostile ones."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import mido
import pytest

from anim_compiler.events import marker_file, midi_file
from anim_compiler.events.marker_file import Label
from anim_compiler.events.marks import named
from anim_compiler.events.midi_file import Score
from anim_compiler.events.unreadable import Unreadable

FPS = Fraction(24)


def marks(tmp_path: Path, data: str | bytes) -> tuple[Label, ...] | Unreadable:
    path = tmp_path / "labels.txt"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return marker_file.read(path, "labels.txt", FPS)


def told(found: tuple[Label, ...] | Unreadable) -> list[tuple[float, float | None, str]]:
    assert not isinstance(found, Unreadable), found.message
    return [(float(m.start), None if m.end is None else float(m.end), m.text) for m in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.5\t1.5\tdrop\n3.0\t4.25\tverse 2\r\n", [(1.5, None, "drop"), (3.0, 4.25, "verse 2")]),
        ("1.0\t2.0\tvoice\n\\\t100.0\t900.0\n2.5\t2.5\t\n", [(1.0, 2.0, "voice"), (2.5, None, "")]),
        ("2,500000\t2,500000\tdrop\n", [(2.5, None, "drop")]),
        ("2.7399999999999998\n", [(2.7399999999999998, None, "")]),
        ('time,label\n2,b\n1,"a, the first"\n', [(1, None, "a, the first"), (2, None, "b")]),
        ("1.5,drop\n2.5,3.5,chorus\n", [(1.5, None, "drop"), (2.5, 3.5, "chorus")]),
        (
            "#,Name,Start,End,Length\nM1,drop,1.25,,\nR1,verse,2,4,2\n",
            [(1.25, None, "drop"), (2, 4, "verse")],
        ),
        (
            '#,Name,Start,End,Length,Color\nM1,"drop; big",0:01.250,,,FF0000\nR1,"verse, one",0:02,,0:02,\n',
            [(1.25, None, "drop; big"), (2, 4, "verse, one")],
        ),
        (
            "Name\tStart\tDuration\tType\ndrop\t0:01.250\t0:00.000\tCue\nverse\t0:02\t0:02\tCue\n",
            [(1.25, None, "drop"), (2, 4, "verse")],
        ),
        ("0.5,drop; big\n1,5;verse, one\n", [(0.5, None, "drop; big"), (1.5, None, "verse, one")]),
        ("0:00 - Intro\n0:05 – Re-entry\n", [(0, None, "Intro"), (5, None, "Re-entry")]),
        ("# taps\n0.5\n1.0\n\n1:02.5\n", [(0.5, None, ""), (1.0, None, ""), (62.5, None, "")]),
        ("0:00 Intro\n1:05 The drop, at last\n", [(0, None, "Intro"), (65, None, "The drop, at last")]),
        ("00:00:02:12\n1:00:00.5 end\n", [(2.5, None, ""), (3600.5, None, "end")]),
        ("1.5 2\n", [(1.5, None, "2")]),
        ("1.5\t2.5\n", [(1.5, 2.5, "")]),
    ],
)
def test_times_and_labels_of_many_programs(
    tmp_path: Path, text: str, wanted: list[tuple[float, float | None, str]]
) -> None:
    assert told(marks(tmp_path, text)) == wanted


def test_times_are_exact(tmp_path: Path) -> None:
    found = marks(tmp_path, "0.1\n0.123456\n1:00.001\n")
    assert not isinstance(found, Unreadable)
    assert [m.start for m in found] == [Fraction(1, 10), Fraction(123456, 10**6), Fraction(60001, 1000)]


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("1\n00:00:00,500 --> 00:00:01,000\n1995\n", "holds subtitles", "`lyrics` reads"),
        ("WEBVTT\n\n00:00.500 --> 00:01.000\ndrop\n", "holds subtitles", "`lyrics` reads"),
        ("[00:01.50] drop\n", "holds subtitles", "`lyrics` reads"),
        (
            "#,Name,Start\nM1,drop,3.1.00\n",
            "line 2 of `labels.txt` has no time",
            "not in bars",
        ),
        ("Zeit;Name\n1,5;drop\n", "line 1", "`time` or `start`"),
    ],
    ids=range(5),
)
def test_files_of_another_kind_are_told_what_to_do(tmp_path: Path, text: str, said: str, hint: str) -> None:
    found = marks(tmp_path, text)
    assert isinstance(found, Unreadable)
    assert said in found.message
    assert hint in found.hint


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_tell_what_they_are(tmp_path: Path, encoding: str) -> None:
    assert told(marks(tmp_path, "1.0\t1.0\tGröße\n".encode(encoding))) == [(1.0, None, "Größe")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "marks no time"),
        ("# nothing\n\n", "marks no time"),
        ("time,label\n", "marks no time"),
        ("1.0\nsoon\n", "line 2 of `labels.txt` has no time: `soon`"),
        ("nan\n", "line 1 of `labels.txt` has no time"),
        ("inf,drop\n", "has no time"),
        ("9" * 400, "has no time"),
        ("1:2:3:4:5\n", "has no time"),
        ("größer".encode("latin-1"), "not UTF-8"),
        (b"1.0\0\n", "zero bytes"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "zero bytes"),
        (b"1\n" * 30_001, "more than 30,000 lines"),
        (b" " * 8_000_001, "such a file may be 8 MB"),
    ],
    ids=range(13),
)
def test_what_marks_no_times_is_told(tmp_path: Path, data: str | bytes, said: str) -> None:
    found = marks(tmp_path, data)
    assert isinstance(found, Unreadable)
    assert said in found.message
    assert found.hint


def test_hostile_texts_are_read_in_time(tmp_path: Path) -> None:
    for data in ("1:", '"', "1,", "\t", "-", "1e99,", "9 "):
        assert isinstance(marks(tmp_path, data * 300_000), (Unreadable, tuple))


def test_labels_become_names() -> None:
    labels = ["drop", "Verse 2", "drop", "", "Größe!", "hits", "3rd", "drop_2", "♪", "if", "drop"]
    assert named(labels) == [
        "drop",
        "Verse_2",
        "drop_2",
        "m4",
        "Grosse",
        "hits_2",
        "m3rd",
        "drop_2_2",
        "m9",
        "if_2",
        "drop_3",
    ]


# --- MIDI ---


def score(tmp_path: Path, data: bytes) -> Score | Unreadable:
    path = tmp_path / "x.mid"
    path.write_bytes(data)
    return midi_file.read(path, "x.mid")


def written(file: mido.MidiFile) -> bytes:
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def song(form: int, tempi: list[tuple[int, float]], tracks: int = 2) -> mido.MidiFile:
    """Notes, controllers and bends at odd ticks, by a tempo that changes."""
    file = mido.MidiFile(type=form, ticks_per_beat=480)
    first = mido.MidiTrack()
    for ticks, bpm in tempi:
        first.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=ticks))
    rows = [first] + [mido.MidiTrack() for _ in range(tracks - 1)]
    for number, track in enumerate(rows):
        track.append(mido.Message("sysex", data=(1, 2, 3), time=0))
        for i in range(12):
            note = 36 + i % 5
            track.append(mido.Message("note_on", channel=number, note=note, velocity=40 + i, time=77 * i))
            track.append(mido.Message("control_change", channel=number, control=1, value=10 * i, time=13))
            track.append(mido.Message("pitchwheel", channel=number, pitch=100 * i - 500, time=1))
            track.append(mido.Message("note_off", channel=number, note=note, time=101))
    file.tracks.extend(rows)
    return file


@pytest.mark.parametrize("form", [0, 1])
def test_seconds_and_messages_are_those_of_mido(tmp_path: Path, form: int) -> None:
    file = song(form, [(0, 97.0), (960, 140.0), (1000, 61.5)], tracks=1 + form)
    found = score(tmp_path, written(file))
    assert isinstance(found, Score)
    at, wanted = 0.0, []
    for message in file:
        at += message.time
        if message.type in ("note_on", "note_off", "control_change", "pitchwheel"):
            wanted.append((message.type, message.channel + 1, at))
    kinds = {"on": "note_on", "off": "note_off", "control": "control_change", "bend": "pitchwheel"}
    mine = [(kinds[e.kind], e.channel) for e in found.events]
    assert mine == [row[:2] for row in wanted]
    assert found.seconds == pytest.approx([row[2] for row in wanted], abs=1e-9)
    # mido rounds a tempo to whole microseconds a beat, as the file does
    assert found.beats[:3] == pytest.approx([0.0, 0.618557, 1.237114], abs=1e-6)


def test_a_tempo_that_is_given_goes_before_the_file_s(tmp_path: Path) -> None:
    path = tmp_path / "x.mid"
    for tempi in ([], [(0, 97.0), (960, 140.0)]):
        path.write_bytes(written(song(0, tempi, tracks=1)))
        found = midi_file.read(path, "x.mid", Fraction(6, 13))
        assert isinstance(found, Score)
        assert found.has_tempo == bool(tempi)
        assert found.beats[:4] == pytest.approx([0, 6 / 13, 12 / 13, 18 / 13], abs=1e-12)
        ticks = [event.tick for event in found.events]
        assert found.seconds == pytest.approx([tick / 480 * 6 / 13 for tick in ticks], abs=1e-12)


def test_patterns_of_format_2_follow_each_other(tmp_path: Path) -> None:
    file = mido.MidiFile(type=2, ticks_per_beat=100)
    for bpm in (60, 120):
        track = mido.MidiTrack()
        track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=0))
        track.append(mido.Message("note_on", note=60, velocity=1, time=100))
        track.append(mido.MetaMessage("end_of_track", time=100))
        file.tracks.append(track)
    found = score(tmp_path, written(file))
    assert isinstance(found, Score)
    assert found.seconds == (1.0, 2.5)


def chunk(body: bytes, kind: bytes = b"MTrk") -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def head(form: int = 0, tracks: int = 1, division: int = 480) -> bytes:
    return chunk(b"".join(n.to_bytes(2, "big") for n in (form, tracks, division)), b"MThd")


END = b"\0\xff\x2f\0"


def test_smpte_time_and_running_status(tmp_path: Path) -> None:
    notes = b"\x00\x90\x24\x40\x64\x24\x00" + b"\x64\x26\x7f" + END
    found = score(tmp_path, head(division=0xE728) + chunk(notes))
    assert isinstance(found, Score)
    # 25 frames a second of 40 ticks: 1000 ticks a second
    assert [(s, e.kind, e.number, e.value) for s, e in zip(found.seconds, found.events, strict=True)] == [
        (0.0, "on", 36, 64),
        (0.1, "off", 36, 0),
        (0.2, "on", 38, 127),
    ]
    assert found.beats == ()


def test_a_riff_around_it_and_unknown_chunks_are_passed_over(tmp_path: Path) -> None:
    inner = head() + chunk(b"abc", b"XFIH") + chunk(b"\0\x90\x24\x40" + END)
    data = b"RIFF" + (len(inner) + 12).to_bytes(4, "little") + b"RMIDdata" + len(inner).to_bytes(4, "little")
    found = score(tmp_path, data + inner)
    assert isinstance(found, Score)
    assert len(found.events) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "does not begin with `MThd`"),
        (b"MThd\0\0\0\6\0\0", "does not begin"),
        (b"RIFF\0\0\0\0WAVEfmt " + b"\0" * 40, "does not begin"),
        (head(form=7) + chunk(END), "its format is 7"),
        (head(division=0) + chunk(END), "no ticks a quarter note"),
        (head(division=0x8028) + chunk(END), "a rate that there is not"),
        (head(division=0xE700) + chunk(END), "a rate that there is not"),
        (head(), "it has no track"),
        (head() + b"MTrk\xff\xff\xff\xff\0\x90", "track 1 is cut short"),
        (head() + chunk(b"\0\x90\x24\x40" + END)[:-3], "track 1 is cut short"),
        (head() + chunk(b"\0\x90\x24"), "track 1 ends within a message"),
        (head() + chunk(b"\0\x24\x40"), "goes on with a message that has not begun"),
        (head() + chunk(b"\0\x90\x24\x90\x24"), "a message that is too short"),
        (head() + chunk(b"\xff\xff\xff\xff\x7f\x90\x24\x40"), "more than four bytes"),
        (head() + chunk(b"\0\xff\x01\xff\xff\xff\x7f"), "ends within a message"),
        (head() + chunk(b"\0\xf0\x83\xff\x7f"), "ends within a message"),
        (head() + chunk(b"\0\xf8"), "holds the byte 0xF8"),
        (b"MThd" + b"\0" * 4_000_001, "such a file may be 4 MB"),
    ],
    ids=range(18),
)
def test_broken_midi_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    found = score(tmp_path, data)
    assert isinstance(found, Unreadable)
    assert said in found.message
    assert found.hint


def test_the_limit_of_events_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_file, "MOST_EVENTS", 5)
    notes = [chunk(b"\0\x90\x24\x40" + b"\0\x24\x40" * count + END) for count in (2, 2, 1)]
    assert isinstance(score(tmp_path, head(1) + notes[0]), Score)
    found = score(tmp_path, head(1) + b"".join(notes))
    assert isinstance(found, Unreadable)
    assert "more than 5 events" in found.message


def test_any_cut_or_flipped_byte_is_an_answer(tmp_path: Path) -> None:
    data = written(song(1, [(0, 120.0)]))
    for place in range(0, len(data), 23):
        for broken in (data[:place], data[:place] + bytes([data[place] ^ 0x85]) + data[place + 1 :]):
            assert isinstance(score(tmp_path, broken), (Score, Unreadable))


def test_the_longest_times_are_numbers(tmp_path: Path) -> None:
    slow = b"\0\xff\x51\x03\xff\xff\xff" + b"\xff\xff\xff\x7f\x90\x24\x40" * 50 + END
    found = score(tmp_path, head(division=1) + chunk(slow))
    assert isinstance(found, Score)
    assert len(found.beats) == 100_000
    assert found.seconds[-1] == pytest.approx(50 * 0x0FFFFFFF * 0xFFFFFF / 1e6)
