from __future__ import annotations

from pathlib import Path

from anim_runtime.events import Event, FrameDone, FrameStarted, Warned
from anim_runtime.journal import Journal, JournalReader, read_journal

EVENTS = (
    FrameStarted(at=1.0, frame=0),
    FrameDone(at=2.0, frame=0, how="first", recipe="aa", spent={"diffuse": 0.5}),
    Warned(at=3.0, message="ein Wort — “quoted”\nand a line"),
)


def write(path: Path) -> None:
    with Journal(path) as journal:
        for event in EVENTS:
            journal.append(event)


def test_events_come_back_in_order_and_runs_add_up(tmp_path: Path) -> None:
    path = tmp_path / "run" / "journal.jsonl"
    write(path)
    assert read_journal(path) == EVENTS
    write(path)
    assert read_journal(path) == EVENTS * 2
    first, *_ = path.read_text("utf-8").splitlines()
    assert first == '{"kind": "journal", "version": 1}'
    assert path.read_text("utf-8").count('"journal"') == 1


def test_torn_last_line_is_skipped_and_the_next_run_writes_after_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path)
    whole = path.read_bytes()
    for cut in range(1, 60):
        path.write_bytes(whole[:-cut])
        assert read_journal(path) == EVENTS[:2]
        write(path)
        found = read_journal(path)
        # cut by its newline alone, the last line is whole
        assert found == (EVENTS if cut == 1 else EVENTS[:2]) + EVENTS


def test_reader_follows_and_never_sees_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    reader = JournalReader(path)
    assert reader.poll() == ()
    source = tmp_path / "source.jsonl"
    write(source)
    seen: list[Event] = []
    with path.open("ab") as file:
        for byte in source.read_bytes():
            file.write(bytes([byte]))
            file.flush()
            seen.extend(reader.poll())
    assert tuple(seen) == EVENTS


def test_lines_of_another_time_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path)
    with path.open("ab") as file:
        file.write(b'{"kind": "from the future", "at": 1}\n\xff\xfe\n[]\n')
    assert read_journal(path) == EVENTS
