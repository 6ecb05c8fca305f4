import signal

import pytest

from anim_studio.cli.exits import Exit
from anim_studio.cli.stop import stop_switch


def test_ctrl_c_is_remembered_and_the_second_does_not_wait() -> None:
    with stop_switch() as switch:
        assert not switch()
        signal.raise_signal(signal.SIGINT)
        assert switch()
        assert switch.code is Exit.INTERRUPTED
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_a_termination_has_its_own_code() -> None:
    with stop_switch() as switch:
        signal.raise_signal(signal.SIGTERM)
        assert switch.code is Exit.TERMINATED


def test_the_handlers_of_before_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stop_switch():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
