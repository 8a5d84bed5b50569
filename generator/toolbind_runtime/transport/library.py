"""The HTTP library: `httpx`, or `httpx2` (the same interface) where only that is installed.

The one place that imports it. Also masks secrets in what it logs while it sends a request of
ours: its loggers tell URLs and, at their lowest level, the headers of answers, in which a server
may repeat what it was sent. What is logged about requests of others stays as it is.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..basics.secrets import Redactor

if TYPE_CHECKING:
    import httpx
else:
    try:
        import httpx
    except ImportError:
        import httpx2 as httpx

__all__ = ["httpx", "library_of"]


def library_of(client: object) -> Any:
    """The library that a client was made by: a program may have both."""
    for base in type(client).__mro__:
        module: ModuleType | None = sys.modules.get(base.__module__.partition(".")[0])
        if base.__name__ in ("Client", "AsyncClient") and hasattr(module, "HTTPError"):
            return module
    return httpx


_REDACTOR: ContextVar[Redactor | None] = ContextVar("redactor", default=None)
_OF_HTTP_2 = ("hpack.hpack", "hpack.table")
"""They tell each header that is put into a frame."""
_OF_THE_CORE = ("connection", "http11", "http2", "proxy", "socks")


def watch(library: Any) -> None:
    """Look at the records of a library's loggers from now on; again changes nothing."""
    name: str = library.__name__
    core = name.replace("httpx", "httpcore")
    for logger in (name, *(f"{core}.{each}" for each in _OF_THE_CORE), *_OF_HTTP_2):
        logging.getLogger(logger).addFilter(_mask)


@contextmanager
def masked(redactor: Redactor) -> Iterator[None]:
    """What is logged inside, by this thread or task, shows none of the redactor's secrets."""
    before = _REDACTOR.set(redactor)
    try:
        yield
    finally:
        _REDACTOR.reset(before)


def _mask(record: logging.LogRecord) -> bool:
    redactor = _REDACTOR.get()
    if redactor is not None:
        text = record.getMessage()
        if redactor.occurs(text):
            record.msg, record.args = redactor.text(text), None
    return True
