"""Which model to ask of an OpenAI-compatible server that was named without one.

Imports `generated`, `shell`, and httpx.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from toolbind.cli.commands.generated import runtime_module
from toolbind.cli.terminal.shell import Complaint, Exit
from toolbind.diagnostics import MESSAGE_LIMIT, printable, shown

SECONDS = 10.0
LONGEST = 1_000_000
"""Bytes of a list of models."""

SHOWN = 8
"""Models that are named; the rest is counted."""


def model_of(base_url: str, token: str | None, allow_http: bool) -> str | None:
    """The model of a server that has one; None for Cloudflare, which has a model by default.

    Raises Complaint where the server has several, or does not say.
    """
    if _is_cloudflare(base_url):
        return None
    names = _listed(base_url.rstrip("/") + "/models", token, allow_http)
    if len(names) == 1:
        return names[0]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    few = ", ".join(names[:SHOWN]) + more
    raise Complaint(
        f"{shown(base_url)} has {len(names)} models: choose one by --model NAME"
        f"{': ' if names else ''}{printable(few, MESSAGE_LIMIT)}"
    )


def _is_cloudflare(base_url: str) -> bool:
    endpoint = runtime_module("ai.endpoint")
    try:
        return bool(endpoint.locate("any", base_url=base_url, account_id="any").cloudflare)
    except runtime_module("errors").SettingsError:
        return True  # no URL: said where it is used


def _listed(url: str, token: str | None, allow_http: bool) -> list[str]:
    """The names of a server's models. The token goes where the conversation sends it, too."""
    import httpx

    send = token and (url.startswith("https:") or allow_http or _is_here(url))
    headers = {"authorization": f"Bearer {token}"} if send else {}
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False) as client,
            client.stream("GET", url, headers=headers) as answer,
        ):
            data = bytearray()
            for chunk in answer.iter_bytes(65536):
                data += chunk
                if len(data) > LONGEST:
                    raise Complaint(f"{shown(url)}: is no list of models; give --model NAME")
        if answer.status_code != 200:
            reason = f"HTTP {answer.status_code}"
            raise Complaint(f"{shown(url)}: {reason}; give --model NAME", Exit.FAILED)
        return _names(httpx.Response(200, content=bytes(data)).json())
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = printable(str(error) or type(error).__name__, MESSAGE_LIMIT)
        raise Complaint(f"{shown(url)}: {reason}; is the server running?", Exit.FAILED) from None
    except (ValueError, RecursionError):
        raise Complaint(f"{shown(url)}: is no list of models; give --model NAME") from None


def _names(answer: Any) -> list[str]:
    rows = answer["data"] if isinstance(answer, dict) and "data" in answer else None
    if not isinstance(rows, list):
        raise ValueError("no list")
    names = (row.get("id") for row in rows if isinstance(row, dict))
    return [name for name in names if isinstance(name, str) and name.strip()]


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
