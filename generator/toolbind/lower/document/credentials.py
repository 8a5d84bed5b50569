"""Arguments that are credentials: by a scheme and a name on the wire, else by name and by words.

Documents put them where OpenAPI has no words for it: Plaid's key stands in each JSON body as well
as in a header, Slack's token is a parameter of every method, Google's `key` belongs to no scheme.
No model is shown one, unless the operation is about it (a token is revoked, a key is made).
Imports `found`, `names`, `security` and `ir`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from toolbind import ir
from toolbind.lower.document.found import Found
from toolbind.lower.document.names import CREDENTIALS, identifier, snake_case, words
from toolbind.lower.document.security import Requirement, Security, possible_names

_NAME: Final = re.compile(
    r"(?:x_)?(?:(?:access|auth|authentication|authorization|api|app|application|bearer|client|"
    r"oauth2?|o_auth2?|oauth_access|user|session|security|secret|account|admin|developer|service|"
    r"subscription|consumer)_)*"
    r"(?:token|key|secret|password|apikey|api_key)"
    r"|(?:x_)?auth(?:orization)?"
)
"""Names that credentials have, in snake case."""

_PLAIN_NAMES: Final = frozenset(
    {
        *("api_key", "apikey", "x_api_key", "access_token", "auth_token", "oauth_token"),
        *("o_auth_token", "bearer_token", "api_token", "x_auth_token", "x_access_token"),
        *("client_secret", "api_secret", "authorization"),
    }
)
_PLAIN_END: Final = re.compile(r".+_(?:access_token|api_key|auth_token|security_token)")
"""Names that nothing but a credential has, where they stand outside of bodies."""

_WORDS: Final = re.compile(
    r"\b(?:auth(?:entication|ori[sz]ation)?|access|api|bearer|oauth(?: ?2(?:\.0)?)?|session|secret|"
    r"client|application|app|developer|security|subscription|your)[ _-]?(?:token|key|secret)s?\b|"
    r"\bcredentials?\b|\btoken (?:for|of) the (?:current user|session)|\brequire[sd]? scope|"
    r"\bauthenticat\w+|\bauthori[sz](?:ed?|ation) (?:the|this|your) (?:request|call)",
    re.IGNORECASE,
)
"""What descriptions of credentials say."""

_VAGUE: Final = frozenset({"key", "secret", "password", "auth", "client_token", "user_token"})
"""Names that other things have, too: their description has to say more."""

_CALLER: Final = re.compile(
    r"\bauthenticat\w+|\bapi[ _-]?keys?\b|\baccess keys?\b|\bcredentials?\b|\byour .{0,30}secret\b|"
    r"\b(?:client|api|app) secret\b|\b(?:access|bearer|oauth) token\b",
    re.IGNORECASE,
)
_NEVER: Final = re.compile(
    r"\bidempoten|\bpaginat|\bnext page\b|\bpage of results\b|\bcaptcha\b|\bencrypt\w*|\bpush "
    r"notification|\bpassphrase|\bfor the new\b|\bnew (?:user|password|key|token|secret)\b",
    re.IGNORECASE,
)
"""Says that something is no credential of who calls, whatever its name."""

_OF_REQUEST: Final = re.compile(
    r"^(?:optional\. )?(?:authentication token|api key|oauth access token|oauth 2\.0 token for)|"
    r"\brequires? scope|\bfor the current user\b",
    re.IGNORECASE,
)
"""Says of a credential that it is the request's own, whatever the operation is about."""

_SUBJECTS: Final[Mapping[str, frozenset[str]]] = {
    "token": frozenset(
        {
            *("token", "tokens", "revoke", "revocation", "introspect", "introspection", "oauth"),
            *("oauth2", "authenticate", "authorize", "authorise", "login", "logout", "signin"),
            *("signout", "session", "sessions", "credential", "credentials", "auth"),
        }
    ),
    "key": frozenset(
        {"key", "keys", "apikey", "apikeys", "credential", "credentials", "revoke", "rotate"}
    ),
    "secret": frozenset(
        {
            *(
                "secret",
                "secrets",
                "credential",
                "credentials",
                "token",
                "tokens",
                "oauth",
                "oauth2",
            ),
            *(
                "client",
                "clients",
                "revoke",
                "rotate",
                "key",
                "keys",
                "webhook",
                "webhooks",
                "hook",
            ),
            *(
                "hooks",
                "auth",
                "authenticate",
                "login",
            ),
        }
    ),
    "password": frozenset(
        {
            *("password", "passwords", "login", "logout", "signin", "signup", "register", "user"),
            *("users", "account", "accounts", "credential", "credentials", "session", "sessions"),
            *("auth", "authenticate", "member", "members"),
        }
    ),
}
"""What an operation is called whose subject a credential of each kind is."""

_TOKENS: Final = frozenset(
    {
        *("token", "access_token", "auth_token", "oauth_token", "o_auth_token", "bearer_token"),
        *("api_token", "authorization", "authentication_token", "oauth_access_token"),
    }
)
"""Names of what a scheme of bearer tokens has."""


@dataclass(frozen=True, slots=True)
class Credential:
    """An argument that is one: that of `scheme`, else an argument of the client called `name`."""

    scheme: str = ""
    name: str = ""


def recognised(
    security: Security,
    found: Found,
    place: ir.ArgumentPlace,
    wire: str,
    schema: Mapping[str, Any],
    asked: Iterable[Requirement],
) -> Credential | None:
    """What credential an argument is, if it is one; `asked` is what the operation asks for."""
    if schema.get("type") != "string" or "enum" in schema or place in ("whole-body", "file"):
        return None
    said = str(schema.get("description") or "")
    name = snake_case(wire)
    own = _of_schemes(security.declared, wire, said)
    if own is None and not _is_called_one(name, place, said):
        return None
    named = own is not None and own.wire.lower() in said.lower()
    if not named and _is_about(found, name, place, said):
        return None
    if own is None and name.removeprefix("x_") in _TOKENS and _is_of_request(place, said):
        own = _bearer(security.asked, asked)
    if own is not None:
        return Credential(scheme=own.name)
    return Credential(name=_own_name(name, place, security.declared))


_BEARERS: Final = ("bearer", "oauth2", "openIdConnect")


def _of_schemes(schemes: Iterable[ir.Scheme], wire: str, said: str) -> ir.Scheme | None:
    """The scheme whose credential has the name of an argument, and stands elsewhere."""
    for scheme in schemes:
        if scheme.kind != "apiKey":
            continue
        spelt = {scheme.wire, scheme.wire.lower().removeprefix("x-"), scheme.name}
        if _letters(wire) not in map(_letters, spelt):
            continue
        if (
            scheme.wire.lower() in said.lower()
            or _WORDS.search(said)
            or _NAME.fullmatch(snake_case(wire))
        ):
            return scheme
    return None


def _is_called_one(name: str, place: ir.ArgumentPlace, said: str) -> bool:
    outside = place not in ("body", "path")
    named = _NAME.fullmatch(name) or (outside and _PLAIN_END.fullmatch(name))
    if not named or _NEVER.search(said):
        return False
    if name.removeprefix("x_") in _VAGUE or (name.endswith("password") and place == "body"):
        return bool(_CALLER.search(said))
    if outside and (name in _PLAIN_NAMES or _PLAIN_END.fullmatch(name)):
        return True
    return bool(_WORDS.search(said))


def _is_about(found: Found, name: str, place: ir.ArgumentPlace, said: str) -> bool:
    """Whether the credential is what the operation is about, not who asks for it."""
    if _OF_REQUEST.search(said) and _is_of_request(place, said):
        return False
    path = re.sub(r"\{[^{}]*\}", " ", found.path)
    texts = (path, found.node.text("operationId"), found.node.text("summary"))
    subject = {word.lower() for text in texts for word in words(text)}
    kind = next((each for each in _SUBJECTS if name.endswith(each)), "token")
    return bool(subject & _SUBJECTS[kind])


def _is_of_request(place: ir.ArgumentPlace, said: str) -> bool:
    """Whether a token is that of who makes the request: in a body it may be anybody's."""
    if place not in ("body", "path"):
        return True
    return re.search(r"\brequires? scope", said, re.IGNORECASE) is not None


def _own_name(name: str, place: ir.ArgumentPlace, schemes: Iterable[ir.Scheme]) -> str:
    """What the constructor calls it: another name than the credentials of schemes may have."""
    own = name.removeprefix("x_")
    own = {"key": "api_key", "apikey": "api_key", "auth": "authorization"}.get(own, own)
    taken = possible_names(schemes)
    return identifier(f"{own}_{place}" if own in taken else own, CREDENTIALS)


def _bearer(schemes: Iterable[ir.Scheme], asked: Iterable[Requirement]) -> ir.Scheme | None:
    """The scheme whose token a parameter means: the operation's own, else the only one."""
    bearers = {each.name: each for each in schemes if each.kind in _BEARERS}
    for way in asked:
        for name, _ in way:
            if name in bearers:
                return bearers[name]
    return next(iter(bearers.values())) if len(bearers) == 1 else None


def _letters(name: str) -> str:
    return re.sub(r"[-_. ]", "", name.lower())
