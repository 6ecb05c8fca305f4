"""The newest wish of a kind wins, and another version is urgent."""

from __future__ import annotations

import threading
from pathlib import Path

from anim_studio.live.paint.messages import Look, Paint, Rest
from anim_studio.live.paint.wishes import News, Wishes


def paint(version: int) -> Paint:
    return Paint(version, Path(), ())


def test_the_newest_of_each_kind_is_taken_once() -> None:
    wishes = Wishes()
    for asked in (paint(1), Look(1, 0, 9), paint(2), Look(2, 0, 9)):
        wishes.add(asked)
    assert wishes.take() == News(paint(2), Look(2, 0, 9), False)
    assert wishes.take() == News()


def test_another_version_is_urgent_until_it_is_taken() -> None:
    wishes = Wishes()
    wishes.add(paint(1))
    assert wishes.urgent
    wishes.take()
    assert not wishes.urgent
    # more plans of the same version, or another place, take nothing back that is in work
    wishes.add(paint(1))
    wishes.add(Look(1, 0, 9))
    assert not wishes.urgent
    wishes.add(paint(2))
    assert wishes.urgent


def test_a_rest_holds_until_something_is_asked() -> None:
    wishes = Wishes()
    wishes.add(Rest())
    assert wishes.urgent
    assert wishes.take().rests is True
    wishes.add(Rest())
    wishes.add(Look(1, 0, 9))
    assert wishes.take().rests is False


def test_who_waits_is_woken() -> None:
    wishes, found = Wishes(), list[News]()
    thread = threading.Thread(target=lambda: found.append(wishes.take(60.0)))
    thread.start()
    wishes.add(Look(3, 0, 9))
    thread.join(60.0)
    assert found == [News(look=Look(3, 0, 9), rests=False)]
