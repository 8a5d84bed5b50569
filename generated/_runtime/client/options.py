"""What can be asked of a client, and how parameters are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final, TypeAlias, TypedDict

from ..transport.answers import ANSWER_LIMIT
from ..transport.library import httpx


class Unset(Enum):
    """The type of `UNSET`."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset.UNSET
"""The default of optional parameters: left out, where None would be sent as null."""

FileContent: TypeAlias = str | bytes | Path | IO[bytes]

FileInput: TypeAlias = (
    FileContent | tuple[str, FileContent] | tuple[str, FileContent, str]
)
"""An upload: text, a `data:` URL, bytes, a path, an open binary file; or a file name and one of
these, and its media type as well."""


class ClientOptions(TypedDict, total=False):
    """Options of every client, with their defaults."""

    # None: one is made, and closed with the client
    http_client: httpx.Client | httpx.AsyncClient | None
    timeout: float | None  # 30 seconds for a whole call, its retries included
    max_retries: int  # 2, of requests that may be repeated without harm
    max_response_bytes: int  # 64 MiB, for typed methods
    max_result_bytes: int  # 1 MiB, for tool calls
    max_result_tokens: int  # 4,000, of the text that a model gets
    allow_http: bool  # False: credentials go over https or to this machine only
    send_credentials_to: Sequence[str]  # origins besides that of the base URL
    files_from: str | Path | None  # a folder whose files tool calls may upload
    select: Mapping[str, Sequence[str]]  # by tool: the fields of its answer to keep
    headers: Mapping[str, str]  # with every request; secret, but for public names
    trust_env: bool  # False: no proxies or certificates from the environment


@dataclass(frozen=True, slots=True)
class Settings:
    timeout: float | None = 30.0
    max_retries: int = 2
    max_response_bytes: int = ANSWER_LIMIT
    max_result_bytes: int = 1024 * 1024
    max_result_tokens: int = 4_000
    allow_http: bool = False
    send_credentials_to: Sequence[str] = ()
    files_from: str | Path | None = None
    select: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    trust_env: bool = False


def read_settings(
    owner: str, options: ClientOptions, credentials: Iterable[str] = ()
) -> Settings:
    """Raises TypeError, in the name of `owner`, for an option that does not exist."""
    known: dict[str, Any] = dict(options)
    known.pop("http_client", None)
    if not known.keys() <= ClientOptions.__annotations__.keys():
        from ..basics.nearest import require_known

        names = ("base_url", *credentials, *ClientOptions.__annotations__)
        require_known(owner, known, names)
    return Settings(**known)
