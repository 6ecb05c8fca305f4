from __future__ import annotations

from pathlib import Path

import pytest
from tests.studio.renders.journals import frame, planned

from anim_runtime.events import Encoding, FrameDone
from anim_runtime.journal import Journal
from anim_studio.renders.followed import WINDOW, Followed


def test_rate_is_that_of_the_last_frames(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    followed = Followed(path)
    followed.poll()
    assert (followed.rate, followed.seconds_left, followed.doing) == (None, None, "getting ready")
    with Journal(path) as journal:
        journal.append(planned(1000.0, 100))
        followed.poll()
        assert followed.doing == "loading the model"
        # ten frames of a second, then a scene with frames of four
        for number in range(10):
            frame(journal, 1000.0 + number, number, 1.0)
        followed.poll()
        assert followed.rate == pytest.approx(1.0)
        assert followed.seconds_left == pytest.approx(90.0)
        for number in range(10):
            frame(journal, 1010.0 + 4 * number, 10 + number, 4.0)
        followed.poll()
        assert followed.rate == pytest.approx(0.25)
        assert followed.tally.done == 20
        journal.append(Encoding(at=1060.0 + WINDOW, pictures=5, of=100))
        followed.poll()
        assert (followed.doing, followed.seconds_left) == ("writing the film", None)
        journal.append(Encoding(at=1062.0 + WINDOW, pictures=15, of=100))
        followed.poll()
        assert followed.seconds_left == pytest.approx(17.0)


def test_resumed_render_counts_anew_and_earlier_ones_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append(planned(1000.0, 10))
        for number in range(4):
            frame(journal, 1000.0 + number, number, 1.0)
        later = Followed(path, since=2000.0)
        later.poll()
        assert later.tally.frames == 0
        journal.append(planned(2000.0, 10, reused=4))
        for number in range(4):
            journal.append(FrameDone(at=2000.0, frame=number, how="reused", recipe="r"))
        frame(journal, 2001.0, 4, 0.5)
        frame(journal, 2001.5, 5, 0.5)
    later.poll()
    assert (later.tally.done, later.tally.reused) == (6, 4)
    assert later.rate == pytest.approx(2.0)
    assert later.seconds_left == pytest.approx(2.0)


def test_clock_that_is_set_back_meanwhile_does_not_stop_the_count(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    followed = Followed(path, since=1000.0)
    with Journal(path) as journal:
        journal.append(planned(1000.0, 100))
        for number in range(10):
            frame(journal, 1000.0 + number, number, 1.0)
        followed.poll()
        for number in range(10, 20):
            frame(journal, 500.0 + 2 * number, number, 1.0)
    followed.poll()
    assert followed.tally.done == 20
    assert followed.rate == pytest.approx(0.5)
