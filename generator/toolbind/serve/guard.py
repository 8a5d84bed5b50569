"""Who may ask a server on loopback: the page that it gave out itself, and nobody else's.

A browser shows any page of the web, and each can send requests to this machine. Names that resolve
to it (DNS rebinding) are told by the Host header, pages by Origin and Sec-Fetch-Site, and other
programs and users of the machine by a token that only who started the server has seen.
Pure. Imports the standard library only.
"""

from __future__ import annotations

import hmac
from typing import Protocol

NAMES = ("127.0.0.1", "localhost", "[::1]")
"""What a browser calls this machine."""


class Headers(Protocol):
    """Headers of a request, looked up without regard to case."""

    def get(self, name: str, /) -> str | None: ...


def refusal(headers: Headers, port: int, *, names: tuple[str, ...] = NAMES) -> str:
    """Why a request is not to be answered; empty if it may be."""
    hosts = {f"{name}:{port}" for name in names}
    hosts |= set(names) if port == 80 else set()
    host = headers.get("Host") or ""
    if host.lower() not in hosts:
        return f"this server is {NAMES[0]}:{port} and answers under no other name"
    origin = headers.get("Origin")
    if origin is not None and origin.lower() not in {f"http://{each}" for each in hosts}:
        return "requests of other pages are not answered"
    if (headers.get("Sec-Fetch-Site") or "none") not in ("none", "same-origin"):
        return "requests of other pages are not answered"
    return ""


def is_token(given: str, token: str) -> bool:
    """Whether what was given is the token, in a time that tells nothing about it."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
