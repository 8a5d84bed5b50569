"""`SyncClient`: what the synchronous clients of generated modules are made of."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, Unpack

from ..transport.answers import Answer
from ..transport.library import httpx
from ..transport.sender import SyncSender
from .base import BaseClient, T, http_client_of
from .credentials import Credential
from .exchange import Prepared
from .options import ClientOptions, read_settings


class SyncClient(BaseClient):
    """Base of the synchronous clients. Usable from several threads; a context manager."""

    def __init__(
        self,
        base_url: str,
        credentials: Mapping[str, Credential | None] | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        """Raises ConfigurationError for what cannot work or is not safe."""
        settings = read_settings(type(self).__name__, options, credentials or ())
        super().__init__(base_url, credentials, settings)
        self._own = options.get("http_client") is None
        self._http = http_client_of(httpx.Client, options, settings)
        self._sender = SyncSender(self._http, self._credentials.redactor)

    # `T`: the method that calls it knows its type.
    def _call(self, name: str, /, **arguments: Any) -> T:  # type: ignore[type-var]
        """Calls an operation for a typed method; UNSET arguments are left out.

        Gives the decoded answer. Raises ArgumentError, CredentialsError or an ApiError.
        """
        operation, call = self._typed(name, arguments)
        answer = self._answer(call, self._settings.max_response_bytes)
        result: T = self._finish(operation, answer)
        return result

    def _answer(
        self, call: Prepared, limit: int, seconds: float | None = None
    ) -> Answer:
        """The answer to a prepared call, at most `limit` bytes of it, within `seconds`."""
        return self._sender.run(self._steps(call, limit, seconds))

    def close(self) -> None:
        """Closes the HTTP client, unless it was given."""
        if self._own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
