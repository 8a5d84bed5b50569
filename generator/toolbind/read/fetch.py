"""Fetching a document: the only room that opens a connection, and what it refuses.

A name is looked up once, and the connection goes to an address that was judged, while TLS and the
Host header keep the name: no second look-up can lead elsewhere. Redirects are judged like the first
URL. No cookies, proxies or settings of the environment are used, and no credentials but the headers
that are given, which go to the first URL's origin alone. This is done on httpcore, httpx's own
lower half, because that is where addresses and deadlines are in reach.
Imports `addresses`, `diagnostics`, `limits`, `options`; httpcore, and httpx for its URLs.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

import httpcore
import httpx

from toolbind.diagnostics import Place, Report, shown
from toolbind.read.addresses import is_public
from toolbind.read.limits import MAX_REDIRECTS, too_large
from toolbind.read.options import ReadOptions

Resolver = Callable[[str, int], list[str]]
"""The addresses of a host, by its name and port. Raises OSError if there are none."""

_NAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = (
    ("Accept", "application/json, application/yaml, text/yaml, */*;q=0.5"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", "toolbind"),
)
_TROUBLE: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched, and the URL that it came from in the end."""

    data: bytes
    url: str


class _RefusedError(Exception):
    """Nothing is fetched, or nothing was: `code` of the table of codes, and why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def system_resolver(host: str, port: int) -> list[str]:
    """What the system says that a name means, each address once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    report: Report,
    options: ReadOptions,
    *,
    hosts: Collection[str] | None = None,
    resolver: Resolver = system_resolver,
    ssl_context: ssl.SSLContext | None = None,
) -> Page:
    """The document at a URL. With `hosts`, no other host is asked, redirects included.

    Raises DocumentError for a URL that is not fetched, and for an answer that is no document.
    """
    backend = _JudgingBackend(resolver, options)
    place = Place(shown(url))
    try:
        with httpcore.ConnectionPool(ssl_context, network_backend=backend) as pool:
            return _followed(url, pool, options, hosts)
    except _RefusedError as refused:
        raise report.refuse(refused.code, place, refused.message) from None
    except _TROUBLE as error:
        reason = str(error) or type(error).__name__
        raise report.refuse("document-unreadable", place, f"not fetched: {reason}") from None


def host_of(url: httpx.URL) -> str:
    """The host of a URL as allowances name it: with its port, unless that goes without saying."""
    return url.raw_host.decode("ascii") + (f":{url.port}" if url.port is not None else "")


def _followed(
    start: str, pool: httpcore.ConnectionPool, options: ReadOptions, hosts: Collection[str] | None
) -> Page:
    url = _parsed(start)
    for _ in range(MAX_REDIRECTS + 1):
        _judge(url, options, hosts)
        own = options.headers if hosts is None and _is_same_origin(url, start) else ()
        if own and url.scheme != "https" and not _is_this_machine(url):
            message = "the header for fetching is not sent over plain http"
            raise _RefusedError("document-address", message)
        with pool.stream("GET", str(url), headers=[*_HEADERS, *own]) as response:
            if response.status not in _REDIRECTS:
                return Page(_body(response, options), str(url))
            location = _header(response, b"location")
            url = _parsed(location, url).copy_with(fragment=None)
    raise _RefusedError("document-unreadable", f"is redirected more than {MAX_REDIRECTS} times")


def _parsed(text: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        url = httpx.URL(text) if base is None else base.join(text)
    except (httpx.InvalidURL, ValueError):
        raise _RefusedError("document-address", f"{shown(text)!r} is no URL") from None
    return url.copy_with(fragment=None)


def _judge(url: httpx.URL, options: ReadOptions, hosts: Collection[str] | None) -> None:
    """Raises _RefusedError for a URL that nothing is asked from."""
    schemes = ("https", "http") if options.allow_http and hosts is None else ("https",)
    place = f"{url.scheme}://{host_of(url)}"
    if url.scheme not in schemes:
        remedy = "; --allow-http lets it" if url.scheme == "http" and hosts is None else ""
        message = f"{place!r} is not {' or '.join(schemes)}{remedy}"
        raise _RefusedError("document-address", message)
    if not _is_host(url) or (url.port is not None and not 0 < url.port < 65536):
        raise _RefusedError("document-address", f"{place!r} names no host and port")
    if url.userinfo:
        raise _RefusedError("document-address", "a URL with a user or password is not fetched")
    if hosts is not None and host_of(url) not in {host.lower() for host in hosts}:
        raise _RefusedError("document-address", f"the host {host_of(url)!r} is not allowed")


def _is_host(url: httpx.URL) -> bool:
    name = url.raw_host.decode("ascii")
    if _NAME.fullmatch(name):
        return True
    try:
        return ip_address(name).version == 6 and "%" not in name
    except ValueError:
        return False


def _is_same_origin(url: httpx.URL, start: str) -> bool:
    first = httpx.URL(start)
    return (url.scheme, host_of(url)) == (first.scheme, host_of(first))


def _is_this_machine(url: httpx.URL) -> bool:
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return url.host == "localhost"


def _header(response: httpcore.Response, name: bytes) -> str:
    found = (value for key, value in response.headers if key.lower() == name)
    return next(found, b"").decode("ascii", "replace").strip()


def _body(response: httpcore.Response, options: ReadOptions) -> bytes:
    if response.status != 200:
        raise _RefusedError("document-unreadable", f"the answer is HTTP {response.status}")
    encoding = _header(response, b"content-encoding")
    if encoding.lower() not in ("", "identity"):
        message = f"the answer is encoded as {encoding!r}, which was not asked for"
        raise _RefusedError("document-unreadable", message)
    refused = _RefusedError("document-size", too_large("has", options.max_bytes))
    length = _header(response, b"content-length")
    if length.isascii() and length.isdecimal() and int(length[:20]) > options.max_bytes:
        raise refused
    data = bytearray()
    for chunk in response.iter_stream():
        data += chunk
        if len(data) > options.max_bytes:
            raise refused
    return bytes(data)


# --- connections ---------------------------------------------------------------------------------


class _JudgingBackend(httpcore.NetworkBackend):
    """Connects to addresses that were judged, and to nothing after the deadline."""

    def __init__(self, resolver: Resolver, options: ReadOptions) -> None:
        self._resolver = resolver
        self._allow_private = options.allow_private
        self._deadline = _Deadline(options.max_seconds)
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline decides
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        trouble: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.left(), local_address, socket_options
                )
                return _BoundedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble or httpcore.ConnectError(f"{host!r} has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError):
            raise _RefusedError("document-unreadable", f"{host!r} is not known") from None
        for address in addresses:
            if not self._allow_private and not is_public(address):
                message = (
                    f"{host!r} is not on the public internet, but at {address}; "
                    "--allow-private lets a document come from there"
                )
                raise _RefusedError("document-address", message)
        return addresses


class _BoundedStream(httpcore.NetworkStream):
    """A connection on which nothing lasts longer than the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = self._deadline.left()
        return _BoundedStream(
            self._inner.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Deadline:
    """So many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds that are left; raises if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("it took too long")
        return left
