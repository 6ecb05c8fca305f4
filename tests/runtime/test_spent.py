"""Time by stage, also on a device that works ahead of its caller."""

from __future__ import annotations

from anim_runtime.spent import Moment, Spent


class Ahead:
    """A device whose queue moves on when it is told to: a moment is the place of a mark in it."""

    def __init__(self) -> None:
        self.given = 0
        self.done = 0
        self.waits = 0

    def now(self) -> Moment:
        self.given += 1
        return self.given

    def between(self, start: Moment, end: Moment) -> float | None:
        return float(end - start) if end <= self.done else None

    def settle(self) -> None:
        self.waits += 1
        self.done = self.given


def test_stages_are_counted_when_the_device_is_done_with_them() -> None:
    clock = Ahead()
    spent = Spent(clock)
    with spent.stage("warp"):
        pass
    mark = spent.lap("blend", spent.now())
    assert spent.take() == {}
    clock.done = 2
    assert spent.take() == {"warp": 1.0}
    spent.lap("grade", mark)
    assert clock.waits == 0
    assert spent.take(all_of_it=True) == {"blend": 1.0, "grade": 1.0}
    assert clock.waits == 1
    assert spent.take(all_of_it=True) == {}


def test_on_the_host_time_is_known_at_once() -> None:
    spent = Spent()
    with spent.stage("warp"):
        pass
    spent.add("warp", 2.0)
    taken = spent.take()
    assert set(taken) == {"warp"}
    assert taken["warp"] >= 2.0
    assert spent.take() == {}
