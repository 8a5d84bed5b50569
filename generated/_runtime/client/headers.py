"""Headers that a client sends with every request: `headers={"X-Team": "..."}`.

Documents without a word on logins leave them to their readers. A value is secret, unless the name
of its header says that everybody may see it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..basics.secrets import Secret
from ..basics.text import quoted
from ..errors import ConfigurationError
from ..request.outgoing import Applied, sendable
from ..request.places import OWN_HEADERS
from ..request.styles import header_name

PUBLIC = frozenset(
    {"accept-language", "from", "origin", "prefer", "referer", "user-agent"}
)
"""Headers that anybody may see, beside those whose name ends in `version`."""

_NOT_OURS = (OWN_HEADERS | {"accept"}) - {"authorization"}


class Headers(NamedTuple):
    """What goes with every request, and the texts in it that are to be masked."""

    applied: Applied
    secrets: tuple[str, ...]


def read_headers(given: Mapping[str, str]) -> Headers:
    """Raises ConfigurationError, without quoting values, for what cannot be sent."""
    if not isinstance(given, Mapping):
        raise ConfigurationError('headers is a mapping, as in {"X-Team": "blue"}')
    pairs: list[tuple[str, Secret]] = []
    secrets: list[str] = []
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise ConfigurationError("headers holds texts by the names of headers")
        if name.lower() in _NOT_OURS:
            raise ConfigurationError(
                f"the header {name} belongs to the client; take it out of headers"
            )
        try:
            spelt = header_name(name)
        except ValueError:
            raise ConfigurationError(f"{quoted(name)} is no header's name") from None
        text = sendable(value, f"the header {spelt}").reveal()
        public = name.lower() in PUBLIC or name.lower().endswith("version")
        pairs.append((spelt, Secret(text, public=public)))
        if not public:  # the token alone, too: an API may echo it without its word
            secrets += {text, text.rpartition(" ")[2]}
    return Headers(Applied(headers=tuple(pairs)), tuple(secrets))
