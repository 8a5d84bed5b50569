"""What a client is bound to: arguments of operations that its constructor takes.

Like credentials they come from keyword arguments, else from environment variables named after the
module (`DOCUSIGN_ACCOUNT_ID`), and no model and no caller of a method gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..basics.secrets import MASK, Variables
from ..basics.text import quoted
from ..contract import ValueRow
from ..errors import ConfigurationError, CredentialsError
from ..request.operation import Operation
from .credentials import Credentials

_WORDS = {"true": True, "false": False}


class Bound:
    """The values of one client; shows none of them."""

    __slots__ = ("_credentials", "_missing", "_secret", "_values")

    def __init__(
        self,
        bindings: Mapping[str, bool],
        given: Mapping[str, object],
        prefix: str,
        environment: Variables,
        credentials: Credentials,
    ) -> None:
        """`bindings` says which names are secret; `prefix` begins the variables' names."""
        self._credentials = credentials
        self._secret = frozenset(name for name, secret in bindings.items() if secret)
        self._values: dict[str, object] = {}
        self._missing: dict[str, str] = {}
        for name in bindings:
            variable = f"{prefix}_{name}".upper()
            value = given.get(name)
            if value is None:
                value = environment.get(variable, "").strip() or None
            if value is None:
                self._missing[name] = f"{name}=... (or {variable})"
            elif isinstance(value, str) and not value.isprintable():
                raise ConfigurationError(
                    f"{name} must be one line of printable characters"
                )
            elif not isinstance(value, (str, int, float)):
                raise ConfigurationError(
                    f"{name} must be text or a number, not {type(value).__name__}"
                )
            else:
                self._values[name] = value

    def __repr__(self) -> str:
        return f"<Bound {', '.join(self._values) or 'nothing'}>"

    def secrets(self) -> list[str]:
        """The values that are to be masked wherever they would be shown."""
        return [str(v) for name, v in self._values.items() if name in self._secret]

    def values(self, operation: Operation, *, masked: bool) -> dict[str, Any]:
        """What an operation sends of it; `masked`: for a person to look at.

        Raises CredentialsError where the operation needs what is missing.
        """
        found: dict[str, Any] = {}
        for argument, row in operation.bound.items():
            name = row.get("bind", "")
            value = self._values.get(name)
            if not name:
                value = self._credentials.text(row.get("scheme", ""))
            if masked and self._is_secret(row):
                found[argument] = MASK
            elif value is not None:
                found[argument] = _typed(name, value, row)
            elif row.get("required") and not self._goes_anyway(operation, row):
                missing = self._missing.get(name) or self._credentials.missing(
                    row.get("scheme", "")
                )
                raise CredentialsError(
                    f"{operation.name} needs what the client lacks: {missing}"
                )
        return found

    def sends_secrets(self, operation: Operation, values: Mapping[str, Any]) -> bool:
        """Whether what an operation sends of it is to be shown to nobody."""
        return any(
            name in values and self._is_secret(row)
            for name, row in operation.bound.items()
        )

    def _is_secret(self, row: ValueRow) -> bool:
        return "scheme" in row or row.get("bind", "") in self._secret

    def _goes_anyway(self, operation: Operation, row: ValueRow) -> bool:
        """Whether a token that must be got first goes with the request in its own place."""
        return any(row.get("scheme") in way for way in operation.security) and bool(
            self._credentials.plan(operation.security).dynamic
        )


def _typed(name: str, value: object, row: ValueRow) -> object:
    """The value as the document wants it; from the environment all values come as text."""
    wanted = row.get("type")
    if wanted is None:
        return str(value)
    if not isinstance(value, str):
        return value
    try:
        if wanted == "boolean":
            return _WORDS[value.lower()]
        return int(value) if wanted == "integer" else float(value)
    except (KeyError, ValueError):
        why = f"{name} is {quoted(value)}, and must be of type {wanted}"
        raise ConfigurationError(why) from None
