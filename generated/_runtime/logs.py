"""Masks secrets in what the HTTP library logs while it sends a request of ours.

Its loggers tell URLs and, at their lowest level, the headers of answers, in which a server may
repeat what it was sent. What is logged about requests of others stays as it is. Imports from
the package: prose.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .prose import Redactor

_REDACTOR: ContextVar[Redactor | None] = ContextVar("redactor", default=None)
_OF_THE_CORE = ("connection", "http11", "http2", "proxy", "socks")


def watch(library: Any) -> None:
    """Look at the records of a library's loggers from now on; again changes nothing."""
    name: str = library.__name__
    core = name.replace("httpx", "httpcore")
    for logger in (name, *(f"{core}.{each}" for each in _OF_THE_CORE)):
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
