"""Settings and options that cannot be meant, told in words before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..basics.nearest import _near
from ..errors import SettingsError

_MEANT: Mapping[str, str] = {
    "account": "account_id",
    "api_key": "api_token",
    "apikey": "api_token",
    "auth_token": "api_token",
    "client": "http_client",
    "endpoint": "base_url",
    "gateway_id": "gateway",
    "host": "base_url",
    "key": "api_token",
    "max_retry": "max_retries",
    "model_name": "model",
    "retries": "max_retries",
    "token": "api_token",
    "url": "base_url",
}
"""Names that other libraries give to our settings. A key must not end up in a body."""


def require_fields(fields: Iterable[str], settings: Iterable[str]) -> None:
    """Refuse further fields of a body that are a setting's name, spelt otherwise.

    Raises SettingsError.
    """
    known = [name for name in settings if "_" in name]  # others are like real fields
    for name in fields:
        meant = _MEANT.get(name) or _near(name, known, 0.85)
        if meant:
            raise SettingsError(
                f"there is no setting {name}; did you mean {meant}? A field of this name "
                "in every request goes into run(fields=...)"
            )


def require_choice(name: str, value: object, allowed: Collection[str]) -> None:
    """Refuse what is none of some words. Raises SettingsError."""
    if value not in allowed:
        words = ", ".join(map(repr, allowed))
        raise SettingsError(f"{name} is one of {words}, not {ascii(value)[:80]}")


def require_number(
    name: str, value: Any, least: float = 0, *, whole: bool = False
) -> None:
    """Refuse what is no number, or too small a one. Raises SettingsError."""
    kind = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kind) or not value >= least:
        wanted = "a whole number" if whole else "a number"
        shown = ascii(value)[:80]
        raise SettingsError(f"{name} is {wanted} of at least {least}, not {shown}")


def require_kind(name: str, value: object, kind: type, example: str) -> None:
    """Refuse what is of another type. Raises SettingsError."""
    if not isinstance(value, kind):
        given = type(value).__name__
        if isinstance(value, type):
            given = f"the class {value.__name__}"
        raise SettingsError(f"{name} is {example}, not {given}")
