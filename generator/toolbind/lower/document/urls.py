"""URLs that a document gives us: taken apart strictly, and judged before anything trusts them.

Imports `paths`, and of `read` the table of addresses.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from toolbind.lower.document.paths import encode_path, encode_query, has_dot_segment
from toolbind.read.addresses import is_public

DEFAULT_PORTS = {"http": 80, "https": 443}

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")
_PRIVATE_NAMES = ("localhost", "internal")
"""Top-level names that lead to this machine, or to the inside of a cloud. Others that no public
resolver answers (`.local`, names without a dot) stand in documents for "your own host"."""


class UrlError(ValueError):
    """A URL that must not be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http(s) URL without user, query and fragment. `path` has no slash at its end."""

    scheme: str
    host: str
    port: int | None
    path: str

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port is not None else "")

    @property
    def is_private(self) -> bool:
        return is_private(self.host)

    def __str__(self) -> str:
        return self.origin + self.path


def parse(text: str) -> Url:
    """An absolute URL, checked and normalised; raises UrlError."""
    if _FORBIDDEN.search(text):
        raise UrlError("holds blanks, control characters or a backslash")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise UrlError("has no valid host and port") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise UrlError("is not http or https")
    if "@" in parts.netloc:
        raise UrlError("holds a user name or password")
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise UrlError("holds a query or a fragment")
    if _address(host) is None and not _is_name(host):
        raise UrlError("has no valid ASCII host name")
    if port == DEFAULT_PORTS[parts.scheme]:
        port = None
    return Url(parts.scheme, host, port, base_path(parts.path))


def base_path(path: str) -> str:
    """A server's path: percent-encoded, without a slash at its end; raises UrlError."""
    if _FORBIDDEN.search(path):
        raise UrlError("holds blanks, control characters or a backslash")
    if has_dot_segment(path):
        raise UrlError("holds a dot segment")
    if path.startswith("//"):
        raise UrlError("has a path that begins with two slashes")
    return encode_path(path).rstrip("/")


def query(text: str) -> str:
    """A query without its `?`, percent-encoded where it must be; raises UrlError."""
    if _FORBIDDEN.search(text):
        raise UrlError("holds blanks, control characters or a backslash")
    if "#" in text:
        raise UrlError("holds a fragment")
    return encode_query(text)


def is_private(host: str) -> bool:
    """Whether a host is this machine, a private network or a cloud's metadata service: by name,
    or as an address in any spelling that a resolver takes (`127.1`, `0x7f000001`, `::ffff:...`)."""
    host = host.rstrip(".").lower()
    if any(host == name or host.endswith("." + name) for name in _PRIVATE_NAMES):
        return True
    address = _address(host)
    return address is not None and not is_public(str(address))


def _is_name(host: str) -> bool:
    """A host whose last part is a number is an address, or nothing (WHATWG URL, section 3.5):
    resolvers disagree about what else it might be."""
    last = host.rstrip(".").rpartition(".")[2]
    return _HOST.fullmatch(host) is not None and not _NUMBER.fullmatch(last)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0] if ":" in host else host)
    except ValueError:
        return _loose_ipv4(host)


def _loose_ipv4(host: str) -> ipaddress.IPv4Address | None:
    """An IPv4 address of one to four numbers, each decimal, octal or hexadecimal (inet_aton)."""
    pieces = host.split(".")
    if not 1 <= len(pieces) <= 4:
        return None
    try:
        numbers = [_number(piece) for piece in pieces]
    except ValueError:
        return None
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(numbers)):
        return None
    value = sum(head << (24 - 8 * index) for index, head in enumerate(heads)) + last
    return ipaddress.IPv4Address(value)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or len(text.lstrip("0x")) > 12:
        raise ValueError(text)
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") and len(text) > 1 else 10)
