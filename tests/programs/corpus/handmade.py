"""Small documents and requests written by hand, for the tests of the judge itself."""

from __future__ import annotations

from typing import Any

from tests.programs.corpus.document import Operation, Raw
from tests.programs.corpus.wire import Captured


def captured(**parts: Any) -> Captured:
    usual: dict[str, Any] = {
        "method": "GET", "scheme": "https", "host": "api.example.org", "port": 443, "path": "/",
        "query": "", "headers": (), "content": b"",
    }  # fmt: skip
    return Captured(**{**usual, **parts})


def document(version: str = "3.1.0", **rest: Any) -> Raw:
    return Raw({"openapi": version, "info": {}, "servers": [{"url": "https://api.example.org/v1/"}],
                "paths": {}, **rest})  # fmt: skip


def operation(raw: Raw) -> Operation:
    found = next(raw.operations())
    assert isinstance(found, Operation), found
    return found
