"""Addresses as references spell them: joined to a base, and the host that they name.

Pure text; nothing is looked up. Imports the standard library only.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def joined(base: str, address: str) -> str:
    """An address that may be relative, seen from `base` (RFC 3986 section 5)."""
    try:
        return urljoin(base, address)
    except ValueError:  # brackets that are no IPv6 address
        return address


def https_host(url: str) -> str | None:
    """The host of an https URL, with its port if that is not 443; None for any other address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname:
        return None
    return parts.hostname.lower() + (f":{port}" if port not in (None, 443) else "")
