"""Connections: resolved once, checked, and made to the very address that was checked."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from anim_runtime.models.net.addresses import Resolver, kind_of, public_addresses, resolve
from anim_runtime.models.net.network import Network
from anim_runtime.models.net.problems import NetProblem

_CONNECT_S = 15.0
#: what one read of a connection that has gone silent may still take at the end of its time
_LEAST_S = 0.001


class Patience:
    """Until when an answer may be waited for, whatever trickles in meanwhile; one request at a time."""

    def __init__(self) -> None:
        self.until: float | None = None

    def left(self, timeout: float | None) -> float | None:
        """The shorter of a timeout and what is left."""
        if self.until is None:
            return timeout
        left = max(self.until - time.monotonic(), _LEAST_S)
        return left if timeout is None else min(left, timeout)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, patience: Patience) -> None:
        self._inner = inner
        self._patience = patience

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._patience.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._patience.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        # the name of the host stays: the certificate is checked against it, not against the address
        try:
            made = self._inner.start_tls(ssl_context, server_hostname, timeout)
        except httpcore2.ConnectError as error:
            if not isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise
            says = f"`{server_hostname}` cannot prove that it is that host: {error.__cause__.verify_message}"
            hint = "check your clock; else somebody stands between, and another try changes nothing"
            raise NetProblem("refused", says, hint) from None
        return _Stream(made, self._patience)

    def get_extra_info(self, info: str) -> Any:  # Any: httpcore's own word for what a socket tells
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to public addresses, and to what the user allows."""

    def __init__(self, network: Network, resolver: Resolver, patience: Patience) -> None:
        self._network = network
        self._resolver = resolver
        self._patience = patience
        self._own = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first of the host's addresses that answers."""
        if self._network.allows(host, port) or _is_proxy(self._network, host, port):
            return _Stream(self._own.connect_tcp(host, port, timeout, None, socket_options), self._patience)
        fault: Exception | None = None
        for address in public_addresses(host, port, self._resolver):
            try:
                made = self._own.connect_tcp(address, port, timeout, None, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                fault = error
            else:
                return _Stream(made, self._patience)
        raise fault or httpcore2.ConnectError()

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Never: no address of the network is one."""
        raise NetProblem("refused", "sockets of this machine are not spoken to")


def _is_proxy(network: Network, host: str, port: int) -> bool:
    if not network.proxy:
        return False
    url = httpx2.URL(network.proxy)
    return (url.host, url.port or (443 if url.scheme == "https" else 80)) == (host, port)


class _Body(httpx2.SyncByteStream):
    def __init__(self, inner: Iterable[bytes]) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            yield from self._inner

    def close(self) -> None:
        # the protocol of a body does not say that some can be closed
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()


class GuardedTransport(httpx2.BaseTransport):
    """Carries requests over guarded connections. Raises `NetProblem`, or `httpx2.TransportError` for what may
    work another time.
    """

    def __init__(self, network: Network, resolver: Resolver = resolve) -> None:
        self._network = network
        self._resolver = resolver
        self.patience = Patience()
        self._pool = httpcore2.ConnectionPool(
            # the variables of the environment name no certificates: only the system's and certifi's count
            ssl_context=httpx2.create_ssl_context(trust_env=False),
            proxy=httpcore2.Proxy(network.proxy) if network.proxy else None,
            max_connections=4,
            keepalive_expiry=10.0,
            network_backend=GuardedBackend(network, resolver, self.patience),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One exchange, without following anywhere."""
        if self._network.proxy:
            self._refuse_beyond(request.url)
        request.extensions.setdefault("timeout", {})
        timeouts = {"connect": _CONNECT_S, "read": self._network.silence_s, "write": self._network.silence_s}
        asked = httpcore2.Request(
            method=request.method,
            url=httpcore2.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions={**request.extensions, "timeout": timeouts},
        )
        self.patience.until = time.monotonic() + 2 * self._network.silence_s
        try:
            with _translated():
                answer = self._pool.handle_request(asked)
        finally:
            self.patience.until = None
        assert isinstance(answer.stream, Iterable)
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    def _refuse_beyond(self, url: httpx2.URL) -> None:
        """Raises `NetProblem` for an address behind the proxy that is written as a number of the inside;
        names are the proxy's to resolve.
        """
        if kind_of(url.host) not in ("", "unknown") and not self._network.allows(url.host, url.port or 443):
            public_addresses(url.host, url.port or 443, lambda host, port: (host,))

    def close(self) -> None:
        """Ends all connections."""
        self._pool.close()


class _translated:
    """Turns the exceptions of httpcore into those of httpx."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, httpcore2.TimeoutException):
            raise httpx2.TimeoutException(str(error)) from error
        if isinstance(error, httpcore2.UnsupportedProtocol):
            raise NetProblem("refused", "addresses of this kind are not read") from None
        if isinstance(error, (httpcore2.ConnectError, httpcore2.ProxyError)):
            raise httpx2.ConnectError(str(error)) from error
        if isinstance(error, (httpcore2.NetworkError, httpcore2.ProtocolError)):
            raise httpx2.NetworkError(str(error)) from error
