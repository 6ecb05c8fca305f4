"""Which addresses are spoken to, where redirects may lead, and who sees a token."""

from __future__ import annotations

import socket
import ssl
import threading

import httpcore2
import pytest
from pydantic import SecretStr
from tests.runtime.models.fake_sites import TOKEN, Fault
from tests.runtime.models.net.conftest import Net

from anim_runtime.models.net import addresses
from anim_runtime.models.net.addresses import kind_of, public_addresses
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.network import Auth, Network, Tokens, origin_of, shown
from anim_runtime.models.net.problems import NetProblem


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("8.8.8.8", ""),
        ("2606:4700::1111", ""),
        ("64:ff9b::808:808", ""),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "link-local"),
        ("64:ff9b::7f00:1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("fe80::1%eth0", "link-local"),
        ("fec0::1", "private"),
        ("fd00::1", "private"),
        ("100.64.0.1", "reserved"),
        ("0.0.0.0", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("::127.0.0.1", "reserved"),
        ("240.0.0.1", "private"),
        ("no address", "unknown"),
    ],
)
def test_only_public_addresses_are_public(address: str, kind: str) -> None:
    assert kind_of(address) == kind


def test_a_name_that_also_leads_inside_is_refused_as_a_whole() -> None:
    with pytest.raises(NetProblem, match="leads to a loopback address"):
        public_addresses("x.example", 443, lambda host, port: ("8.8.8.8", "127.0.0.1"))


def test_a_host_that_nobody_knows() -> None:
    def lost(host: str, port: int) -> tuple[str, ...]:
        raise OSError

    with pytest.raises(NetProblem, match="there is no host"):
        public_addresses("x.example", 443, lost)


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: a second answer, which nobody would have checked, is never asked for. The TLS greeting
    that comes to the first address carries the host's name (SNI), so its certificate must be for that.
    """
    answers = [("127.0.0.1",), ("127.0.0.2",)]
    asked: list[str] = []
    checked: list[str] = []
    greeting: list[bytes] = []

    def resolver(host: str, port: int) -> tuple[str, ...]:
        asked.append(host)
        return answers.pop(0)

    def kind_of(address: str) -> str:
        # as if this machine were a public one
        checked.append(address)
        return ""

    def greet(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            greeting.append(peer.recv(4096))

    monkeypatch.setattr(addresses, "kind_of", kind_of)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,))
        thread.start()
        client = Client(Network(tries=1), resolver=resolver)
        with client, pytest.raises(NetProblem, match="cannot be reached"):
            client.json(f"https://models.example:{listener.getsockname()[1]}/x")
        thread.join()
    assert asked == ["models.example"]
    assert checked == ["127.0.0.1"]
    assert b"models.example" in greeting[0]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_ways_to_write_this_machine(net: Net, host: str) -> None:
    port = net.sites.site.rpartition(":")[2]
    with net.client(allowed=()) as client, pytest.raises(NetProblem) as met:
        client.json(f"https://{host}:{port}/api/v1/models")
    assert met.value.trouble in ("refused", "network")
    assert net.sites.seen == []


def test_plain_http_is_for_hosts_that_the_user_names(net: Net) -> None:
    with net.client(allowed=()) as client, pytest.raises(NetProblem, match="is not `https`"):
        client.json(f"{net.sites.site}/api/v1/models")
    with net.client() as client:
        answer, _ = client.json(f"{net.sites.site}/api/v1/models")
    assert answer == {"items": [], "metadata": {}}


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("https://169.254.169.254/latest/meta-data", "leads to a link-local address"),
        ("file:///etc/passwd", "`file:` addresses are not read"),
        ("ftp://example.org/x", "`ftp:` addresses are not read"),
        ("http://10.0.0.1/", "is not `https`"),
        ("//169.254.169.254/x", "is not `https`"),
        ("https://[::ffff:127.0.0.1]/x", "leads to a loopback address"),
        ("https://x.example:port/x", "which is no address"),
        ("https:x", "names no host"),
    ],
)
def test_each_redirect_is_checked_anew(net: Net, place: str, says: str) -> None:
    net.sites.fail("/x", Fault(302, {"Location": place}))
    with net.client() as client, pytest.raises(NetProblem, match=says):
        client.json(f"{net.sites.site}/x")


def test_a_redirect_inside_is_nothing_to_allow(net: Net) -> None:
    """A stranger's redirect must not make this program advise to open the way for it."""
    net.sites.fail("/x", Fault(302, {"Location": "https://10.0.0.1/"}))
    with net.client() as client, pytest.raises(NetProblem, match="a private address") as met:
        client.json(f"{net.sites.site}/x")
    assert met.value.hint == f"`{net.sites.site}/x` leads there, which no honest site does"


@pytest.mark.parametrize(
    ("address", "hint"),
    [("fd00::1", '"[fd00::1]:443"'), ("10.0.0.1", '"10.0.0.1:443"'), ("169.254.169.254", "")],
)
def test_the_hint_for_a_mirror_of_ones_own_is_right(address: str, hint: str) -> None:
    with pytest.raises(NetProblem) as met:
        public_addresses(address, 443, lambda host, port: (host,))
    assert hint in met.value.hint
    assert bool(met.value.hint) == bool(hint)


def test_a_certificate_that_proves_nothing_is_told_at_once(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another try changes nothing, and waiting for it hides why."""

    class Doubtful(httpcore2.NetworkStream):
        def start_tls(self, *_: object, **__: object) -> httpcore2.NetworkStream:
            cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
            cause.verify_message = "self-signed certificate"
            raise httpcore2.ConnectError from cause

        def close(self) -> None:
            pass

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", lambda *_, **__: Doubtful())
    client = Client(Network(), resolver=lambda host, port: ("8.8.8.8",), pause=net.waits.append)
    with client, pytest.raises(NetProblem, match=r"`x\.example` cannot prove .* self-signed") as met:
        client.json("https://x.example/")
    assert met.value.trouble == "refused"
    assert net.waits == []


def test_hosts_that_the_user_names() -> None:
    network = Network(allowed=("Mirror.example:8080", "[::1]:9"))
    assert network.allows("mirror.EXAMPLE", 8080)
    assert network.allows("::1", 9)
    assert network.allows("[::1]", 9)
    assert not network.allows("mirror.example", 80)
    assert not network.allows("evil.mirror.example", 8080)


def test_redirects_end(net: Net) -> None:
    net.sites.fail("/x", *[Fault(302, {"Location": "/x"})] * 9)
    with net.client() as client, pytest.raises(NetProblem, match="more than 5 redirects"):
        client.json(f"{net.sites.site}/x")
    assert len(net.sites.seen) == 6


def test_a_redirect_to_nowhere(net: Net) -> None:
    net.sites.fail("/x", Fault(302))
    with net.client() as client, pytest.raises(NetProblem, match="leads on to nowhere"):
        client.json(f"{net.sites.site}/x")


def test_a_token_is_dropped_on_a_change_of_host_and_stays_dropped(net: Net) -> None:
    net.sites.fail("/a", Fault(302, {"Location": f"{net.sites.store}/b"}))
    net.sites.fail("/b", Fault(302, {"Location": f"{net.sites.site}/c"}))
    net.sites.fail("/c", Fault(200, body=b"{}"))
    with net.client() as client:
        client.json(f"{net.sites.site}/a", auth=Auth(origin_of(net.sites.site), SecretStr(TOKEN)))
    sent = ["authorization" in seen.headers for seen in net.sites.seen]
    assert sent == [True, False, False]


def test_a_token_never_goes_to_another_site_first(net: Net) -> None:
    with net.client() as client, pytest.raises(NetProblem):
        client.json(f"{net.sites.store}/a", auth=Auth(origin_of(net.sites.site), SecretStr(TOKEN)))
    assert "authorization" not in net.sites.seen[0].headers


def test_cookies_are_not_kept(net: Net) -> None:
    net.sites.fail("/a", *[Fault(200, {"Set-Cookie": "id=1; Path=/"}, b"{}")] * 2)
    with net.client() as client:
        client.json(f"{net.sites.site}/a")
        client.json(f"{net.sites.site}/a")
    assert [seen.headers.get("cookie") for seen in net.sites.seen] == [None, None]


def test_proxies_of_the_environment_are_not_used(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with net.client() as client:
        client.json(f"{net.sites.site}/api/v1/models")


def test_a_proxy_of_the_users_own_is(net: Net) -> None:
    """The fake site stands in for one: a proxy is asked for whole addresses."""
    with net.client(proxy=net.sites.store) as client, pytest.raises(NetProblem):
        client.json(f"{net.sites.site}/anything")
    assert net.sites.seen[0].server == "store"
    assert net.sites.seen[0].path == f"{net.sites.site}/anything"


def test_an_address_behind_a_proxy_is_still_checked(net: Net) -> None:
    with net.client(proxy=net.sites.store) as client, pytest.raises(NetProblem, match="link-local"):
        client.json("https://169.254.169.254/latest")
    assert net.sites.seen == []


def test_what_is_shown_of_an_address_holds_no_secret() -> None:
    assert shown("https://me:pw@x.org:8443/a/b.safetensors?token=t#f") == "https://x.org:8443/a/b.safetensors"


def test_tokens_do_not_show_themselves() -> None:
    tokens = Tokens(SecretStr(TOKEN), SecretStr(TOKEN))
    assert TOKEN not in f"{tokens!r} {Auth('https://x:443', SecretStr(TOKEN))!r}"


def test_a_user_in_an_address_becomes_no_header(net: Net) -> None:
    net.sites.fail("/x", Fault(200, body=b"{}"))
    with net.client() as client:
        client.json(net.sites.site.replace("://", "://me:pw@") + "/x")
    assert "authorization" not in net.sites.seen[0].headers


def test_the_defaults_are_the_real_sites() -> None:
    assert (Network().civitai, Network().hub) == ("https://civitai.com", "https://huggingface.co")
    assert Network().allowed == ()
