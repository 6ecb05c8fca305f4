"""Answers in JSON: waits, limits, and what is said of refusals."""

from __future__ import annotations

import gzip

import pytest
from tests.runtime.models.fake_sites import Fault
from tests.runtime.models.net.conftest import Net

from anim_runtime.models.net.answers import retry_after
from anim_runtime.models.net.events import Waiting
from anim_runtime.models.net.problems import NetProblem, Refused


def test_a_busy_site_is_asked_again_when_it_says(net: Net) -> None:
    net.sites.fail("/x", Fault(429, {"Retry-After": "7"}), Fault(503), Fault(200, body=b"[1]"))
    with net.client() as client:
        assert client.json(f"{net.sites.site}/x")[0] == [1]
    assert net.waits == [7.0, 2.0]
    assert [event.seconds for event in net.told if isinstance(event, Waiting)] == net.waits


def test_waits_double_and_end(net: Net) -> None:
    net.sites.fail("/x", *[Fault(500)] * 9)
    with net.client(longest_pause_s=6.0) as client, pytest.raises(Refused):
        client.json(f"{net.sites.site}/x")
    assert net.waits == [1.0, 2.0, 4.0, 6.0, 6.0]


@pytest.mark.parametrize(
    ("seconds", "says"),
    [("3600", "in 60 minutes"), ("10000", "in 3 hours"), ("Wed, 21 Oct 9999 07:28:00 GMT", "another day")],
)
def test_nobody_waits_for_an_hour(net: Net, seconds: str, says: str) -> None:
    net.sites.fail("/x", Fault(429, {"Retry-After": seconds}))
    with net.client() as client, pytest.raises(NetProblem, match=f"asks to come back {says}"):
        client.json(f"{net.sites.site}/x")
    assert net.waits == []


def test_retry_after_may_be_a_moment(net: Net) -> None:
    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    net.sites.fail("/x", Fault(503, {"Retry-After": past}), Fault(200, body=b"1"))
    with net.client() as client:
        client.json(f"{net.sites.site}/x")
    assert net.waits == [0.0]


@pytest.mark.parametrize("text", ["", "soon", "-5", "1.5", f"Wed, 21{10**20} Oct 2015 07:28:00 GMT"])
def test_a_retry_after_that_says_nothing(text: str) -> None:
    assert retry_after(text) is None


def test_a_refusal_is_not_asked_again_and_is_made_safe(net: Net) -> None:
    net.sites.fail("/x", Fault(403, body=b'{"error": "Early \\u001b[31mAccess."}'))
    with net.client() as client, pytest.raises(Refused) as met:
        client.json(f"{net.sites.site}/x")
    assert met.value.said == "Early \\x1b[31mAccess"
    assert len(net.sites.seen) == 1


def test_a_page_instead_of_json(net: Net) -> None:
    net.sites.fail("/x", Fault(200, body=b"<!DOCTYPE html><p>hello"))
    with net.client() as client, pytest.raises(NetProblem, match="a web page instead of JSON"):
        client.json(f"{net.sites.site}/x")


def test_deep_json_is_no_crash(net: Net) -> None:
    net.sites.fail("/x", Fault(200, body=b"[" * 200_000))
    with net.client() as client, pytest.raises(NetProblem, match="instead of JSON"):
        client.json(f"{net.sites.site}/x")


def test_a_small_answer_that_unpacks_to_a_large_one(net: Net) -> None:
    bomb = gzip.compress(bytes(40_000_000), 9)
    net.sites.fail("/x", Fault(200, {"Content-Encoding": "gzip"}, bomb))
    with net.client() as client, pytest.raises(NetProblem, match="sends more than"):
        client.json(f"{net.sites.site}/x")


def test_an_answer_that_does_not_unpack(net: Net) -> None:
    net.sites.fail("/x", *[Fault(200, {"Content-Encoding": "gzip"}, b"no gzip")] * 4)
    with net.client() as client, pytest.raises(NetProblem, match="does not finish its answer"):
        client.json(f"{net.sites.site}/x")
    with net.client() as client, pytest.raises(NetProblem, match="does not finish its answer"):
        client.small(f"{net.sites.site}/x", 1000)


def test_an_answer_without_end(net: Net) -> None:
    net.sites.fail("/x", Fault(has_endless_body=True))
    with net.client() as client, pytest.raises(NetProblem, match="sends more than 100000 bytes"):
        client.small(f"{net.sites.site}/x", 100_000)


def test_header_lines_without_end(net: Net) -> None:
    """Each line comes in time, and the answer never does."""
    net.sites.fail("/x", Fault(has_endless_headers=True))
    with net.client(silence_s=0.1, tries=1) as client, pytest.raises(NetProblem, match=r"in time|be reached"):
        client.json(f"{net.sites.site}/x")


def test_silence(net: Net) -> None:
    net.sites.fail("/x", Fault(is_silent=True))
    with (
        net.client(silence_s=0.1, tries=1) as client,
        pytest.raises(NetProblem, match="does not answer in time"),
    ):
        client.json(f"{net.sites.site}/x")


def test_nobody_is_there(net: Net) -> None:
    net.sites.close()
    with net.client() as client, pytest.raises(NetProblem, match="cannot be reached"):
        client.json(f"{net.sites.site}/x")
    assert net.waits == [1.0, 2.0]
