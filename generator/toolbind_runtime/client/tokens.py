"""Tokens that are fetched or made while the program runs: OAuth 2.0 and token providers.

What to send, what came back, how long it holds; the sending is done by the clients.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from math import isnan
from typing import Any, TypeAlias
from urllib.parse import quote_plus, urlencode

from ..basics.json_values import read_json
from ..errors import CredentialsError
from ..request.outgoing import Outgoing
from ..transport.answers import Answer

TokenProvider: TypeAlias = Callable[[], str | Awaitable[str]]
"""Gives a token each time one is needed; caching is its own affair."""

MARGIN = 30.0
"""Seconds before its end at which a token counts as stale."""


class ClientCredentials:
    """The client-credentials grant (RFC 6749 section 4.4): one token for many calls.

    Whoever sends holds the lock of its kind while fetching, so that one refresh happens at a
    time. A token is kept as text here and nowhere else.
    """

    __slots__ = (
        "_in_body",
        "_login",
        "_scopes",
        "_token",
        "_until",
        "async_lock",
        "lock",
        "url",
    )

    def __init__(
        self, url: str, client_id: str, client_secret: str, scopes: Sequence[str]
    ) -> None:
        self.url = url
        self._login = (client_id, client_secret)
        self._scopes = " ".join(scopes)
        self._in_body = False
        self._token = ""
        self._until = 0.0
        self.lock = threading.Lock()
        self.async_lock: Any = None  # made in the event loop that needs it first

    def __repr__(self) -> str:
        return "<ClientCredentials ***>"

    def current(self) -> str:
        """The token, or "" when there is none that still holds."""
        return self._token if time.monotonic() < self._until else ""

    def forget(self, token: str) -> None:
        """The API refused this token: the next call fetches another."""
        if token == self._token:
            self._until = 0.0

    def request(self) -> Outgoing:
        """The token request. Login by HTTP Basic, which every server takes (section 2.3.1)."""
        client_id, client_secret = self._login
        fields = {"grant_type": "client_credentials"}
        if self._scopes:
            fields["scope"] = self._scopes
        headers = [
            ("Accept", "application/json"),
            ("Accept-Encoding", "identity"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        if self._in_body:
            fields |= {"client_id": client_id, "client_secret": client_secret}
        else:
            login = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
            encoded = base64.b64encode(login.encode()).decode()
            headers.append(("Authorization", f"Basic {encoded}"))
        return Outgoing(
            "POST",
            self.url,
            headers,
            urlencode(fields).encode(),
            template="(token)",
            idempotent=False,
            trusted=False,
        )

    def try_body(self, answer: Answer) -> bool:
        """Whether to ask again with the login in the body: some servers read it only there."""
        if self._in_body or answer.status_code not in (400, 401):
            return False
        self._in_body = True
        return True

    def store(self, answer: Answer) -> str:
        """Keeps the token of a token answer (section 5.1) and gives it.

        Raises CredentialsError, which never quotes what came.
        """
        if answer.status_code != 200:
            raise CredentialsError(
                f"the token endpoint answered {answer.status_code}{_reason(answer)}"
            )
        fields = _fields(answer)
        token, lifetime = fields.get("access_token"), _seconds(fields.get("expires_in"))
        if not isinstance(token, str) or not token.isprintable() or not token.isascii():
            del fields, token  # tracebacks may show locals
            raise CredentialsError("the token endpoint gave no usable access_token")
        self._token = token
        self._until = time.monotonic() + lifetime - min(MARGIN, lifetime / 10)
        return token


def _fields(answer: Answer) -> dict[str, Any]:
    try:
        found = read_json(answer.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _reason(answer: Answer) -> str:
    """The error code of RFC 6749 section 5.2, if it is one; free text may quote a secret."""
    known = (
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    )
    code = _fields(answer).get("error")
    return f" ({code})" if code in known else ""


def _seconds(value: Any) -> float:
    """`expires_in`; a token whose life is not told is used until it is refused."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return float("inf")
    return float("inf") if isnan(seconds) else max(0.0, seconds)
