"""Where requests go: a base URL, checked once, and joined to paths as text.

A path is never resolved against a base the way a browser would: that lets it leave the base.
Pure.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from ..basics.text import quoted
from ..errors import ConfigurationError

Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host in lower case, port (RFC 6454)."""

_PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\\"<>^`{|}]")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"


class BaseUrl(NamedTuple):
    """`text` is what paths are appended to: no slash at the end, no query, no user name."""

    text: str
    origin: Origin

    @property
    def is_plain(self) -> bool:
        return is_plain(self.text)


def parse_base_url(url: str) -> BaseUrl:
    """Raises ConfigurationError for all but absolute http(s) URLs of host and path."""
    if not url or not isinstance(url, str):
        raise ConfigurationError(
            "base_url is missing: the document does not say where the API lives"
        )
    shown = quoted(url.partition("?")[0].rpartition("@")[2], 200)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError(f"base_url is not a URL: {shown}") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ConfigurationError(
            f"base_url must be an absolute http or https URL, not {shown}"
        )
    if _UNSAFE.search(url):
        raise ConfigurationError(f"base_url holds characters that no URL has: {shown}")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise ConfigurationError(
            "base_url must not hold a user name, a query or a fragment; pass credentials"
            " as arguments of the client"
        )
    if any(map(is_dot_segment, parts.path.split("/"))):
        raise ConfigurationError(f"base_url must not hold dot segments: {shown}")
    path = quote(parts.path, safe=_PATH_SAFE).rstrip("/")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    own_port = port if port is not None else _PORTS[parts.scheme]
    suffix = "" if port is None or port == _PORTS[parts.scheme] else f":{port}"
    return BaseUrl(
        f"{parts.scheme}://{host}{suffix}{path}",
        (parts.scheme, parts.hostname, own_port),
    )


def is_dot_segment(segment: str) -> bool:
    """Whether `segment`, as it stands in a URL, could be folded away (RFC 3986 section 5.2.4):
    `.` or `..`, plain or percent-encoded, also with `;` parameters behind it."""
    return unquote(segment.partition(";")[0]) in (".", "..")


def is_plain(url: str) -> bool:
    """Whether what is sent to a URL can be read on the way: not https, not to this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.scheme != "https" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name; nothing is looked up."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin_text(origin: Origin) -> str:
    """`https://api.example`, for messages."""
    scheme, host, port = origin
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}" + ("" if port == _PORTS[scheme] else f":{port}")
