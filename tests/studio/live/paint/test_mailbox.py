"""Pictures that come quickly are told of as one; nothing changes its place."""

from __future__ import annotations

from anim_studio.live.paint.mailbox import Mailbox
from anim_studio.live.paint.messages import Pace, Painted, Told
from anim_studio.live.tier import Tier


def painted(*frames: int, version: int = 1, tier: Tier = Tier.DRAFT) -> Painted:
    return Painted(version, tier, frames, tuple(f"key {frame}" for frame in frames))


def test_the_first_goes_at_once_and_those_that_follow_together() -> None:
    sent, now = list[Told](), [10.0]
    mailbox = Mailbox(sent.append, 1.0, lambda: now[0])
    mailbox(painted(0))
    assert sent == [painted(0)]
    mailbox(painted(1))
    mailbox(painted(2, 3))
    mailbox.send()
    assert sent == [painted(0)]
    now[0] += 1.0
    mailbox.send()
    assert sent == [painted(0), painted(1, 2, 3)]
    mailbox.send()
    assert len(sent) == 2


def test_order_is_kept() -> None:
    sent = list[Told]()
    mailbox = Mailbox(sent.append, 1.0, lambda: 10.0)
    mailbox(painted(0))
    pace = Pace(1, Tier.DRAFT, 3, 9, 0.1)
    told: list[Told] = [painted(1), painted(2), painted(5, tier=Tier.CAMERA), painted(6, version=2), pace]
    for each in told:
        mailbox(each)
    assert sent[1:] == [painted(1, 2), painted(5, tier=Tier.CAMERA), painted(6, version=2), pace]
    mailbox(painted(7))
    mailbox.send(at_once=True)
    assert sent[-1] == painted(7)
