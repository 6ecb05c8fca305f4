"""Downloads: whole or not at all, and on from where they stood."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.runtime.models.fake_sites import Fault, safetensors, sha256
from tests.runtime.models.net.conftest import Net

from anim_runtime.locks import RunLock
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.download import download
from anim_runtime.models.net.events import Arrived, Moved, Started
from anim_runtime.models.net.network import Network
from anim_runtime.models.net.order import Got, Order
from anim_runtime.models.net.problems import NetProblem, NoHost

BIG = safetensors(300_000)


def order(net: Net, folder: Path, data: bytes = BIG, **about: object) -> Order:
    """A file of the plain host, wanted with its digest unless that is said otherwise."""
    url = net.sites.put("/files/big.safetensors", data, etag='"one"')
    known = {"sha256": sha256(data), "size": len(data), **about}
    return Order(url, folder / "big.safetensors", **known)  # type: ignore[arg-type]


def fetched(net: Net, wanted: Order, **about: object) -> Got:
    with net.client(**about) as client:
        return download(client, wanted, free=lambda folder: 10**12)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_file_and_nothing_else(net: Net, tmp_path: Path) -> None:
    got = fetched(net, order(net, tmp_path))
    assert got == Got(tmp_path / "big.safetensors", sha256(BIG), len(BIG))
    assert got.path.read_bytes() == BIG
    assert left(tmp_path) == ["big.safetensors"]
    kinds = [type(event) for event in net.told]
    assert kinds[0] is Started
    assert kinds[-2:] == [Moved, Arrived]
    last = net.told[-2]
    assert isinstance(last, Moved)
    assert (last.done, last.size, last.left_s) == (len(BIG), len(BIG), 0.0)


def test_what_is_here_is_not_fetched_again(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    fetched(net, wanted)
    assert fetched(net, wanted).was_here
    assert len(net.sites.seen) == 1


def test_a_file_of_other_content_is_fetched_over(net: Net, tmp_path: Path) -> None:
    (tmp_path / "big.safetensors").write_bytes(bytes(len(BIG)))
    assert fetched(net, order(net, tmp_path)).path.read_bytes() == BIG


@pytest.mark.parametrize("sha", [True, False])
def test_a_cut_connection_goes_on_where_it_was(net: Net, tmp_path: Path, sha: bool) -> None:
    wanted = order(net, tmp_path) if sha else order(net, tmp_path, sha256="", size=None)
    net.sites.fail("/files/big.safetensors", *(Fault(cut_after=65_536) for _ in range(3)))
    assert fetched(net, wanted).path.read_bytes() == BIG
    ranges = [seen.headers.get("range") for seen in net.sites.seen]
    assert ranges == [None, "bytes=65536-", "bytes=131072-", "bytes=196608-"]
    assert {seen.headers.get("if-range") for seen in net.sites.seen[1:]} == {'"one"'}
    # each brought something, so nobody waits longer and longer
    assert net.waits == [1.0, 1.0, 1.0]


def test_connections_that_bring_nothing_end_it_and_the_part_stays(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", Fault(cut_after=100_000), *[Fault(cut_after=0)] * 9)
    with pytest.raises(NetProblem, match=r"was cut|does not finish its answer") as met:
        fetched(net, wanted, tries=3)
    assert met.value.trouble == "network"
    assert not wanted.target.exists()
    assert (tmp_path / ".big.safetensors.part").stat().st_size == 100_000
    net.sites.faults.clear()
    fetched(net, wanted)
    assert net.sites.seen[-1].headers["range"] == "bytes=100000-"
    assert wanted.target.read_bytes() == BIG
    assert left(tmp_path) == ["big.safetensors"]


def test_byte_by_byte_is_no_way(net: Net, tmp_path: Path) -> None:
    """A host that brings one byte a connection would otherwise never be given up."""
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", *[Fault(cut_after=1)] * 30)
    with pytest.raises(NetProblem, match="does not finish its answer"):
        fetched(net, wanted, tries=3)
    assert len(net.sites.seen) == 3


def test_a_network_that_goes_away_comes_back(net: Net, tmp_path: Path) -> None:
    """Without one no name is resolved: in the middle of a file it is waited for."""
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", Fault(cut_after=100_000))
    client = net.client()
    opened, calls = client.opened, []

    def flaky(url: str, **about: object) -> object:
        calls.append(url)
        if len(calls) in (2, 3):
            raise NoHost("models.example")
        return opened(url, **about)  # type: ignore[arg-type]

    client.opened = flaky  # type: ignore[assignment]
    with client:
        got = download(client, wanted, free=lambda folder: 10**12)
    assert got.path.read_bytes() == BIG
    assert net.waits == [1.0, 2.0, 4.0]


def test_a_host_that_was_never_there_is_told_at_once(net: Net, tmp_path: Path) -> None:
    def nowhere(host: str, port: int) -> tuple[str, ...]:
        raise OSError

    with (
        Client(Network(), resolver=nowhere, pause=net.waits.append) as client,
        pytest.raises(NetProblem, match=r"there is no host `models\.example`"),
    ):
        download(client, Order("https://models.example/x.safetensors", tmp_path / "x.safetensors"))
    assert net.waits == []


def test_a_changed_file_starts_over(net: Net, tmp_path: Path) -> None:
    """Its validator changed between: `If-Range` makes the host send all of the new one."""
    wanted = order(net, tmp_path, sha256="", size=None)
    net.sites.fail("/files/big.safetensors", Fault(cut_after=50_000), *[Fault(500)] * 2)
    with pytest.raises(NetProblem):
        fetched(net, wanted, tries=2)
    other = safetensors(200_000, "other")
    net.sites.put("/files/big.safetensors", other, etag='"two"')
    assert fetched(net, wanted).path.read_bytes() == other


def test_a_host_without_ranges_sends_all_of_it(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", Fault(cut_after=70_000), Fault(gives_no_ranges=True))
    assert fetched(net, wanted).path.read_bytes() == BIG


def test_a_part_without_digest_or_validator_is_not_trusted(net: Net, tmp_path: Path) -> None:
    url = net.sites.put("/files/x.safetensors", BIG)
    wanted = Order(url, tmp_path / "x.safetensors")
    net.sites.fail("/files/x.safetensors", Fault(cut_after=50_000), Fault(404))
    with pytest.raises(NetProblem):
        fetched(net, wanted)
    fetched(net, wanted)
    assert net.sites.seen[-1].headers.get("range") is None
    assert wanted.target.read_bytes() == BIG


def test_a_part_that_has_rotted_is_fetched_anew(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", Fault(cut_after=100_000), Fault(404))
    with pytest.raises(NetProblem):
        fetched(net, wanted)
    part = tmp_path / ".big.safetensors.part"
    part.write_bytes(part.read_bytes()[:-1] + b"!")
    assert fetched(net, wanted).path.read_bytes() == BIG


def test_a_part_that_is_longer_than_the_file(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path, size=None)
    net.sites.fail("/files/big.safetensors", Fault(cut_after=100_000), Fault(404))
    with pytest.raises(NetProblem):
        fetched(net, wanted)
    part = tmp_path / ".big.safetensors.part"
    part.write_bytes(BIG + b"more")
    state = tmp_path / ".big.safetensors.part.json"
    state.write_text(json.dumps({**json.loads(state.read_text()), "size": None}))
    assert fetched(net, wanted).path.read_bytes() == BIG


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 9}', '{"version": 1, "source": 3, "more": 1}'])
def test_a_state_that_cannot_be_read(net: Net, tmp_path: Path, text: str) -> None:
    (tmp_path / ".big.safetensors.part").write_bytes(b"old")
    (tmp_path / ".big.safetensors.part.json").write_text(text)
    assert fetched(net, order(net, tmp_path)).path.read_bytes() == BIG


def test_a_wrong_digest_leaves_nothing(net: Net, tmp_path: Path) -> None:
    with pytest.raises(NetProblem, match="has the sha256") as met:
        fetched(net, order(net, tmp_path, sha256="a" * 64))
    assert met.value.trouble == "wrong"
    assert left(tmp_path) == []
    assert len(net.sites.seen) == 1


def test_a_wrong_size_is_refused_before_its_bytes_come(net: Net, tmp_path: Path) -> None:
    with pytest.raises(NetProblem, match="must have 5 bytes, and has"):
        fetched(net, order(net, tmp_path, size=5))
    assert not (tmp_path / ".big.safetensors.part").exists()


PAGE = b"  <!DOCTYPE html><title>Log in</title>"


@pytest.mark.parametrize(
    ("data", "about", "says"),
    [
        (PAGE, {}, "is a web page"),
        (safetensors(900), {"content_type": "text/html; charset=utf-8"}, "is a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", {}, "is a web page"),
        (b"PK\x03\x04" + bytes(900), {}, "is a zip archive"),
        (b"\x80\x02}q\x00." + bytes(900), {}, "is a pickle"),
        (b'{"error": "no"}' + bytes(900), {}, "is no safetensors file"),
        (b"\xff" * 900, {}, "is no safetensors file"),
        (b"GGUF" + bytes(900), {}, "is no safetensors file"),
        (b"", {}, "is too short"),
        (b"short", {}, "is too short"),
        (safetensors(900)[:-1], {}, "is cut short|does not"),
        (safetensors(900) + b"\0", {}, "has bytes behind"),
    ],
    ids=range(12),
)
def test_what_is_no_model_is_refused(
    net: Net, tmp_path: Path, data: bytes, about: dict[str, str], says: str
) -> None:
    url = net.sites.put("/files/x", data, **about)
    with pytest.raises(NetProblem, match=says) as met:
        fetched(net, Order(url, tmp_path / "x.safetensors"))
    assert met.value.trouble == "wrong"
    assert left(tmp_path) == []


def test_a_page_costs_its_first_bytes_alone(net: Net, tmp_path: Path) -> None:
    """Nobody waits for the end of a file that cannot be one."""
    net.sites.fail("/files/x", Fault(has_endless_body=True, body=b"<html>" + bytes(70_000)))
    with pytest.raises(NetProblem, match="is a web page"):
        fetched(net, Order(f"{net.sites.store}/files/x", tmp_path / "x.safetensors"))


def test_a_header_that_lies_is_refused_before_the_rest_comes(net: Net, tmp_path: Path) -> None:
    """Of a file that is told to have 5 GB its header is read, and nothing behind it."""
    fields = {f"t{n}": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]} for n in range(50)}
    head = json.dumps(fields).encode()
    body = len(head).to_bytes(8, "little") + head + bytes(70_000)
    net.sites.fail("/files/x", Fault(has_endless_body=True, body=body))
    wanted = Order(f"{net.sites.store}/files/x", tmp_path / "x.safetensors", size=5_000_000_000)
    with pytest.raises(NetProblem, match=r"what `.*` sends") as met:
        fetched(net, wanted)
    assert met.value.trouble == "wrong"
    assert left(tmp_path) == []


def test_a_body_without_end_meets_the_limit(net: Net, tmp_path: Path) -> None:
    net.sites.fail("/files/x", Fault(has_endless_body=True))
    with pytest.raises(NetProblem, match="longer than the 1,000,000 bytes"):
        fetched(net, Order(f"{net.sites.store}/files/x", tmp_path / "x.safetensors"), most_bytes=1_000_000)


def test_a_body_longer_than_was_told(net: Net, tmp_path: Path) -> None:
    net.sites.fail("/files/x", Fault(has_endless_body=True))
    with pytest.raises(NetProblem, match="longer than the 100,000 bytes"):
        fetched(net, Order(f"{net.sites.store}/files/x", tmp_path / "x", size=100_000, form="bytes"))


def test_silence_is_cut_and_asked_again(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", Fault(is_silent=True))
    assert fetched(net, wanted, silence_s=0.2).path.read_bytes() == BIG
    assert net.waits == [2.0]


def test_a_busy_store_is_waited_for(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    net.sites.fail("/files/big.safetensors", Fault(429, {"Retry-After": "4"}), Fault(503))
    fetched(net, wanted)
    assert net.waits == [4.0, 4.0]


def test_the_disk_is_asked_first(net: Net, tmp_path: Path) -> None:
    with (
        net.client() as client,
        pytest.raises(NetProblem, match=r"needs 0\.3 MB, and the disk has 0\.0 MB") as met,
    ):
        download(client, order(net, tmp_path), free=lambda folder: 1000)
    assert met.value.trouble == "disk"
    assert left(tmp_path) == []


def test_a_disk_that_fills_up_keeps_the_part(
    net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anim_runtime.models.net.part import Part

    add = Part.add

    def full(part: Part, data: bytes) -> None:
        if part.done > 100_000:
            raise OSError(28, "No space left on device")
        add(part, data)

    wanted = order(net, tmp_path)
    monkeypatch.setattr(Part, "add", full)
    with pytest.raises(NetProblem, match="the disk is full") as met:
        fetched(net, wanted)
    assert met.value.trouble == "disk"
    monkeypatch.undo()
    assert fetched(net, wanted).path.read_bytes() == BIG
    assert "range" in net.sites.seen[-1].headers


def test_ctrl_c_leaves_a_part_that_goes_on(net: Net, tmp_path: Path) -> None:
    def interrupt(event: object) -> None:
        if isinstance(event, Moved):
            raise KeyboardInterrupt

    wanted = order(net, tmp_path)
    with net.client() as client:
        client.tell = interrupt
        with pytest.raises(KeyboardInterrupt):
            download(client, wanted, free=lambda folder: 10**12)
    assert (tmp_path / ".big.safetensors.part").stat().st_size > 0
    assert fetched(net, wanted).path.read_bytes() == BIG
    assert "range" in net.sites.seen[-1].headers


def test_two_do_not_fetch_one_file(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path)
    with RunLock(tmp_path / ".big.safetensors.lock") as lock:
        assert lock.acquire() is None
        with pytest.raises(NetProblem, match=f"process {os.getpid()} is fetching") as met:
            fetched(net, wanted)
    assert met.value.trouble == "busy"
    assert net.sites.seen == []
    fetched(net, wanted)


_CHILD = """
import sys
from pathlib import Path
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.download import download
from anim_runtime.models.net.order import Order
from anim_runtime.models.net.network import Network
url, target, sha256, allowed = sys.argv[1:]
download(Client(Network(allowed=(allowed,))), Order(url, Path(target), sha256))
"""


def test_a_killed_process_loses_nothing(net: Net, tmp_path: Path) -> None:
    wanted = order(net, tmp_path, size=None)
    # the bytes of a file, then silence: the child sits in the middle of the download
    net.sites.fail("/files/big.safetensors", Fault(cut_after=150_000), Fault(is_silent=True))
    argv = [sys.executable, "-c", _CHILD, wanted.url, str(wanted.target), wanted.sha256, net.sites.allowed[1]]
    child = subprocess.Popen(argv)
    part = tmp_path / ".big.safetensors.part"
    while child.poll() is None and len(net.sites.seen) < 2:
        time.sleep(0.02)
    child.kill()
    child.wait()
    assert part.stat().st_size == 150_000
    assert not wanted.target.exists()
    fetched(net, wanted)
    assert net.sites.seen[-1].headers["range"] == "bytes=150000-"
    assert wanted.target.read_bytes() == BIG


def test_no_secret_in_what_is_kept_of_a_download(net: Net, tmp_path: Path) -> None:
    url = net.sites.put("/files/s.safetensors", BIG, etag='"one"') + "?X-Amz-Signature=s1gn3d"
    net.sites.fail("/files/s.safetensors", Fault(cut_after=100_000), Fault(404))
    with pytest.raises(NetProblem) as met:
        fetched(net, Order(url, tmp_path / "s.safetensors"))
    assert "s1gn3d" not in f"{met.value.message} {met.value.hint} {net.told}"
    assert "s1gn3d" not in (tmp_path / ".s.safetensors.part.json").read_text()


def test_settings_and_texts_are_checked_too(net: Net, tmp_path: Path) -> None:
    good = net.sites.put("/files/a.json", b'{"a": 1}')
    fetched(net, Order(good, tmp_path / "a.json", form="json"))
    bad = net.sites.put("/files/b.json", b"{")
    with pytest.raises(NetProblem, match="is no JSON"):
        fetched(net, Order(bad, tmp_path / "b.json", form="json"))
    binary = net.sites.put("/files/c.txt", b"\xff\xfe\x00")
    with pytest.raises(NetProblem, match="is no text"):
        fetched(net, Order(binary, tmp_path / "c.txt", form="text"))


def test_a_file_of_no_bytes(net: Net, tmp_path: Path) -> None:
    url = net.sites.put("/files/merges.txt", b"")
    got = fetched(net, Order(url, tmp_path / "merges.txt", size=0, form="text"))
    assert got.path.read_bytes() == b""


def test_a_folder_that_may_not_be_written(net: Net, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    wanted = order(net, tmp_path / "file" / "below")
    with pytest.raises(NetProblem, match="cannot be written") as met:
        fetched(net, wanted)
    assert met.value.trouble == "disk"


def test_a_packed_answer_is_refused(net: Net, tmp_path: Path) -> None:
    net.sites.fail("/files/x", Fault(200, {"Content-Encoding": "br"}, bytes(50)))
    with pytest.raises(NetProblem, match="which was not asked for"):
        fetched(net, Order(f"{net.sites.store}/files/x", tmp_path / "x.safetensors"))
