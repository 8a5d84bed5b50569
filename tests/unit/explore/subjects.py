"""Documents and modules as subjects, and what pages hold, read back as a browser would."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from toolbind.cli.commands.targets import generated, previews
from toolbind.explore import Preview, Subject, of_document
from toolbind.pipeline import examine


@contextmanager
def subject_of(text: str, name: str = "shop") -> Iterator[tuple[Subject, Preview]]:
    """The subject of a document, and the module's own requests."""
    found = examine(text)
    made = of_document(
        found.api, found.document, found.diagnostics, name=name, source=f"{name}.yaml"
    )
    with generated(found.api, name) as module:
        yield made, previews(module)


class Elements(HTMLParser):
    """Elements in order, with their attributes and the text directly inside."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = []
        self.found.append((tag, dict(attrs), self._open))

    def handle_endtag(self, tag: str) -> None:
        self._open = []

    def handle_data(self, data: str) -> None:
        self._open.append(data)

    def text(self, tag: str, **wanted: str) -> str:
        (inner,) = [
            "".join(texts)
            for name, attributes, texts in self.found
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]
        return inner


def index_of(page: str) -> Any:
    return json.loads(Elements(page).text("script", id="index"))


def details_of(page: str) -> Any:
    packed = Elements(page).text("script", id="details")
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", packed)
    return json.loads(zlib.decompress(base64.b64decode(packed)))
