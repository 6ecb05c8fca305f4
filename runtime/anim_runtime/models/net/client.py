"""Requests: every redirect is checked anew, and a token never leaves the host that it is for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import httpx2

from anim_dsl.visible import escaped
from anim_runtime.models.net.addresses import Resolver, resolve
from anim_runtime.models.net.answers import parsed, retry_after, said, shown_safely
from anim_runtime.models.net.events import Tell, Waiting, untold
from anim_runtime.models.net.network import Auth, Network, origin_of
from anim_runtime.models.net.problems import Inside, NetProblem, Refused
from anim_runtime.models.net.transport import GuardedTransport

_AGENT = "anim (https://pypi.org/project/anim)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: answers that may be other ones later
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
#: an answer in JSON of the sites' has some hundred kB
_MOST_JSON = 32 * 10**6
_MOST_SAID = 300
#: a question that nobody answers is asked so often again; somebody waits for it, unlike for a download
_AWAY = 2


class Client:
    """Speaks HTTP by the user's rules; for one thread at a time.

    `pause` is how it waits between tries, in seconds.
    """

    def __init__(
        self,
        network: Network,
        *,
        resolver: Resolver = resolve,
        pause: Callable[[float], None] = time.sleep,
        tell: Tell = untold,
    ) -> None:
        # at their chattier levels they write whole addresses, with the signatures that a store puts into them
        for name in ("httpx2", "httpcore2"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self.network = network
        self.pause = pause
        self.tell = tell
        self.transport = GuardedTransport(network, resolver)
        # neither cookies, proxies of the environment, nor a `.netrc`
        self._client = httpx2.Client(transport=self.transport, trust_env=False, follow_redirects=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all connections."""
        self._client.close()

    @contextmanager
    def opened(
        self, url: str, *, auth: Auth | None = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[httpx2.Response]:
        """The answer to a request, its body unread, after at most so many redirects.

        Raises `NetProblem`, and `httpx2.TransportError` for what may work another time.
        """
        trusted = auth
        first = url
        for _ in range(self.network.redirects + 1):
            self._refuse_address(url)
            if trusted is not None and trusted.origin != origin_of(url):
                # once dropped it stays so, even if a later redirect leads back
                trusted = None
            self._client.cookies.clear()
            try:
                answer = self._client.send(self._request(url, trusted, headers or {}), stream=True)
            except Inside as problem:
                if url is not first:
                    # what a stranger's redirect leads to is nothing that the user should be told to allow
                    problem.hint = f"`{shown_safely(first)}` leads there, which no honest site does"
                raise
            try:
                if answer.status_code not in _REDIRECTS:
                    yield answer
                    return
                url = _next(url, answer)
            finally:
                answer.close()
        raise NetProblem(
            "refused", f"`{shown_safely(url)}` leads on and on: more than {self.network.redirects} redirects"
        )

    def json(
        self, url: str, params: Mapping[str, str | list[str]] | None = None, *, auth: Auth | None = None
    ) -> tuple[Any, Mapping[str, str]]:
        """What an address answers as JSON, with the headers of the answer; tried again while it may help.

        Raises `NetProblem`; `Refused` for any status but 200.
        """
        whole = str(httpx2.URL(url, params=dict(params))) if params else url
        problem: NetProblem
        for turn in range(self.network.tries):
            last = turn == self.network.tries - 1
            try:
                with self.opened(whole, auth=auth, headers={"Accept": "application/json"}) as answer:
                    if answer.status_code == 200:
                        return parsed(self._body(answer), url), answer.headers
                    problem = self.refusal(answer)
                    if last or answer.status_code not in PASSING:
                        raise problem
                    wait = self.wait(turn, answer)
            except httpx2.RequestError as error:
                if last or turn >= _AWAY:
                    raise unreachable(url, error) from None
                problem, wait = unreachable(url, error), self.wait(turn)
            self.tell(Waiting(wait, problem.message))
            self.pause(wait)
        raise NetProblem("network", f"`{shown_safely(url)}` does not answer")

    def small(self, url: str, most: int) -> bytes:
        """A small file, such as a picture, of at most so many bytes. Raises `NetProblem`."""
        try:
            with self.opened(url) as answer:
                if answer.status_code != 200:
                    raise self.refusal(answer)
                return self._body(answer, most)
        except httpx2.RequestError as error:
            raise unreachable(url, error) from None

    def refusal(self, answer: httpx2.Response) -> Refused:
        """What an answer that is none says, its text made safe and short."""
        try:
            body = self._body(answer, 1 << 16)
        except (NetProblem, httpx2.HTTPError):
            body = b""
        code = escaped(answer.headers.get("x-error-code", ""))[:_MOST_SAID]
        return Refused(answer.status_code, answer.url.host, said(body), code)

    def wait(self, turn: int, answer: httpx2.Response | None = None) -> float:
        """Seconds to wait before the next try: what the site asks for, else twice as long as before.

        Raises `NetProblem` if the site asks for more than anybody waits.
        """
        network = self.network
        asked = retry_after(answer.headers.get("retry-after", "")) if answer is not None else None
        if asked is None:
            return min(network.pause_s * 2.0**turn, network.longest_pause_s)
        if asked > network.longest_pause_s:
            host = answer.url.host if answer is not None else ""
            minutes, hours = -(-asked // 60), -(-asked // 3600)
            told = f"{minutes:.0f} minutes" if minutes <= 120 else f"{hours:.0f} hours"
            raise NetProblem(
                "network",
                f"`{host}` asks to come back {'another day' if hours > 48 else f'in {told}'}",
                "run the same command then",
            )
        return max(asked, 0.0)

    def _refuse_address(self, url: str) -> None:
        try:
            parts = httpx2.URL(url)
            host, port = parts.host, parts.port
        except (httpx2.InvalidURL, ValueError):
            raise NetProblem("usage", f"`{shown_safely(url)}` is no address", "write `https://…`") from None
        if not host and parts.scheme in ("http", "https"):
            raise NetProblem("usage", f"`{shown_safely(url)}` names no host", "write `https://…`")
        if parts.scheme not in ("http", "https"):
            raise NetProblem(
                "refused", f"`{escaped(parts.scheme)}:` addresses are not read", "only `https://` is"
            )
        if parts.scheme == "http" and not self.network.allows(host, port or 80):
            raise NetProblem(
                "refused",
                f"`{shown_safely(url)}` is not `https`, so anybody could change it on the way",
                "look for an `https://` address of the same file",
            )

    def _request(self, url: str, auth: Auth | None, headers: Mapping[str, str]) -> httpx2.Request:
        own = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate", **headers}
        if auth is not None:
            own["Authorization"] = f"Bearer {auth.token.get_secret_value()}"
        address = httpx2.URL(url)
        # a user and a password of an address would become a header of their own
        return self._client.build_request("GET", address.copy_with(userinfo=b""), headers=own)

    def _body(self, answer: httpx2.Response, most: int = _MOST_JSON) -> bytes:
        # decoded piece by piece: a small answer may unpack to a large one
        until = time.monotonic() + 4 * self.network.silence_s
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most:
                raise NetProblem("limit", f"`{answer.url.host}` sends more than {most} bytes, and more")
            if time.monotonic() > until:
                raise NetProblem("network", f"`{answer.url.host}` takes too long", "try again later")
        return bytes(body)


def unreachable(url: str, error: Exception) -> NetProblem:
    """That a connection was not made, or was lost."""
    host = httpx2.URL(url).host
    match error:
        case httpx2.TimeoutException():
            says = "does not answer in time"
        case httpx2.ConnectError():
            says = "cannot be reached"
        case _:
            says = "does not finish its answer"
    return NetProblem(
        "network",
        f"`{host}` {says}",
        "check your connection, then run the same command: it goes on from there",
    )


def _next(url: str, answer: httpx2.Response) -> str:
    place = answer.headers.get("location", "")
    if not place:
        raise NetProblem("refused", f"`{shown_safely(url)}` leads on to nowhere")
    try:
        return str(httpx2.URL(url).join(place))
    except (httpx2.InvalidURL, ValueError):
        says = f"`{shown_safely(url)}` leads on to `{shown_safely(place)}`, which is no address"
        raise NetProblem("refused", says) from None
