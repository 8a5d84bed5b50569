"""Credentials: where they come from, which of them an operation takes, how they are sent.

They come from keyword arguments of the client, else from environment variables named after the
module (`PETSTORE_API_KEY`); never from arguments of a call.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ..basics.json_values import SerializationError
from ..basics.secrets import Redactor, Secret, Variables
from ..contract import SchemeRow
from ..errors import ConfigurationError
from ..request.outgoing import NO_CREDENTIALS, Applied, sendable, unsendable
from ..request.styles import cookie_octets, header_name, header_value, percent
from .tokens import ClientCredentials, TokenProvider

Credential: TypeAlias = str | TokenProvider
"""A key, a token, a name or a password; for one that changes, a function that gives it."""

Security: TypeAlias = tuple[tuple[str, ...], ...]

Source: TypeAlias = "ClientCredentials | TokenProvider"


TOKENS_KEPT = 20
"""Tokens that were got on the way and are still masked in what goes out."""


class Dynamic(NamedTuple):
    """A scheme whose value is only known when a request is made."""

    source: Source
    render: Callable[[str], Applied]


class Plan(NamedTuple):
    """The credentials of one operation: what is ready, and what must be got first.

    `missing` says what to give the client where it lacks what the document asks for. The call is
    made all the same: documents ask for more than servers do, and the HTTP client that the
    caller gave may know the credentials itself. An answer of 401 or 403 then says it.
    """

    ready: Applied = NO_CREDENTIALS
    dynamic: tuple[Dynamic, ...] = ()
    missing: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(self.ready) and not self.dynamic


class Credentials:
    """All credentials of a client, checked; shows none of them.

    Raises ConfigurationError for values that could not be sent.
    """

    __slots__ = (
        "_bound",
        "_missing",
        "_plans",
        "_redactor",
        "_secrets",
        "_sources",
        "_texts",
        "_tokens",
    )

    def __init__(
        self,
        schemes: Mapping[str, SchemeRow],
        given: Mapping[str, Credential | None],
        *,
        prefix: str,
        environment: Variables,
        base: str,
    ) -> None:
        """`prefix` begins the environment variables' names; `base` completes token URLs."""
        self._bound: dict[str, Plan] = {}
        self._missing: dict[str, str] = {}
        self._secrets: list[str] = []
        self._texts: dict[str, str] = {}
        self._plans: dict[Security, Plan] = {}
        self._tokens: list[str] = []
        self._redactor: Redactor | None = None
        for name, row in schemes.items():
            values: list[Credential] = []
            for credential in row["credentials"]:
                value = given.get(credential)
                variable = f"{prefix}_{credential}".upper()
                if value is None:
                    value = environment.get(variable, "").strip()
                values.append(value)
                self._missing.setdefault(name, f"{credential}=... (or {variable})")
            plan = self._bind(row, values, base)
            if plan is not None:
                self._bound[name] = plan
                first = values[0] if values else ""
                if row["type"] != "basic" and isinstance(first, str) and first:
                    self._texts[name] = first.strip()
                # as they are sent, too: a login in base64 tells as much as the password
                self._secrets += [
                    secret.reveal() for pairs in plan.ready for _, secret in pairs
                ]
        self._sources = [
            dynamic.source
            for plan in self._bound.values()
            for dynamic in plan.dynamic
            if isinstance(dynamic.source, ClientCredentials)
        ]

    def __repr__(self) -> str:
        return f"<Credentials for {', '.join(self._bound) or 'nothing'}>"

    @property
    def is_empty(self) -> bool:
        return all(plan.is_empty for plan in self._bound.values())

    def text(self, scheme: str) -> str | None:
        """The key or token of a scheme, for where an API wants it in a place of its own; None if
        there is none, or it must be got first."""
        return self._texts.get(scheme)

    def missing(self, scheme: str) -> str:
        """What to give the client where it lacks the credential of a scheme."""
        return self._missing.get(scheme, scheme)

    def redactor(self) -> Redactor:
        """Masks every secret that is known now."""
        for source in self._sources:
            self.remember(source.current())
        if self._redactor is None:
            self._redactor = Redactor([*self._secrets, *self._tokens])
        return self._redactor

    def keep_secret(self, secrets: Iterable[str]) -> None:
        """Mask these, too: values that are secret and no credential of a scheme."""
        self._secrets += secrets
        self._redactor = None

    def remember(self, secret: str) -> None:
        """A token that was got on the way: masked from now on."""
        if secret and secret not in self._tokens:
            self._tokens.append(secret)
            del self._tokens[:-TOKENS_KEPT]
            self._redactor = None

    def plan(self, security: Security) -> Plan:
        """The first alternative whose credentials are all there; else none, and what is missing."""
        plan = self._plans.get(security)
        if plan is None:
            plan = self._plans[security] = self._choose(security)
        return plan

    def _choose(self, security: Security) -> Plan:
        for alternative in security:
            plans = [self._bound.get(name) for name in alternative]
            found = [plan for plan in plans if plan is not None]
            if alternative and len(found) == len(plans):
                ready = NO_CREDENTIALS
                for plan in found:
                    ready = ready.beside(plan.ready)
                return Plan(
                    ready, tuple(each for plan in found for each in plan.dynamic)
                )
        if not security or () in security:
            return Plan()
        wanted = " or ".join(
            " and ".join(self._missing.get(name, name) for name in alternative)
            for alternative in security
        )
        return Plan(missing=f"credentials are missing: give the client {wanted}")

    def _bind(
        self, row: SchemeRow, values: Sequence[Credential], base: str
    ) -> Plan | None:
        """What a scheme does with its values; None when they are not all there."""
        kind = row["type"]
        if kind == "mutualTLS":  # the http_client holds the certificate
            return Plan()
        first = values[0] if values else ""
        if kind in ("oauth2", "openIdConnect") and not first and len(values) == 3:
            return self._bind_grant(row, values, base)
        if not first:
            return None
        if kind == "basic":
            texts = [
                _plain(value, name)
                for value, name in zip(values, row["credentials"], strict=True)
            ]
            self._secrets += [text for text in texts[1:] if text] or texts
            return Plan(_basic(*texts))
        if callable(first):
            return Plan(dynamic=(Dynamic(first, lambda text: render(row, text)),))
        text = _plain(first, row["credentials"][0])
        self._secrets.append(text)
        return Plan(render(row, text))

    def _bind_grant(
        self, row: SchemeRow, values: Sequence[Credential], base: str
    ) -> Plan | None:
        names = row["credentials"]
        client_id, secret = (_plain(values[i], names[i]) for i in (1, 2))
        url = row.get("token_url", "")
        if not client_id or not secret or not url:
            return None
        self._secrets.append(secret)
        url = base + url if url.startswith("/") else url
        source = ClientCredentials(url, client_id, secret, row.get("scopes", ()))
        return Plan(dynamic=(Dynamic(source, lambda text: render(row, text)),))


def render(row: SchemeRow, value: str) -> Applied:
    """How a scheme sends its one value (OpenAPI 3.1.1 section 4.8.27)."""
    credential = row["credentials"][0]
    if row["type"] != "apiKey":
        word = row.get("name", "Bearer") if row["type"] == "http" else "Bearer"
        return Applied(
            headers=(("Authorization", sendable(f"{word} {value}", credential)),)
        )
    name, place = row.get("name", ""), row.get("in", "header")
    try:
        if place == "query":
            return Applied(query=((percent(name), Secret(percent(value))),))
        if place == "cookie":
            return Applied(
                cookies=(
                    (header_name(name), sendable(cookie_octets(value), credential)),
                )
            )
        return Applied(
            headers=((header_name(name), sendable(header_value(value), credential)),)
        )
    except SerializationError:
        why = unsendable(value) or "it holds a character that may not stand there"
        raise ConfigurationError(
            f"{credential} cannot be sent in a {place}: {why}"
        ) from None


def _basic(user: str, password: str = "") -> Applied:
    if ":" in user:
        raise ConfigurationError("a user name must not hold a colon (RFC 7617)")
    login = b64encode(f"{user}:{password}".encode()).decode()
    return Applied(headers=(("Authorization", Secret(f"Basic {login}")),))


def _plain(value: Credential, name: str) -> str:
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be text")
    text = value.strip()
    if not text.isprintable():
        raise ConfigurationError(f"{name} must be one line of printable characters")
    return text
