"""Which OpenAPI a tree is, and whether its outermost shape can be worked with at all.

Only what every later step relies on is judged here: an object with a known version whose paths are
an object. Imports the standard library and `pointers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from toolbind.read.pointers import ROOT, join

Family = Literal["2.0", "3.0", "3.1", "3.2"]

METHODS: Final[Mapping[Family, tuple[str, ...]]] = MappingProxyType(
    {
        "2.0": ("get", "put", "post", "delete", "options", "head", "patch"),
        "3.0": ("get", "put", "post", "delete", "options", "head", "patch", "trace"),
        "3.1": ("get", "put", "post", "delete", "options", "head", "patch", "trace"),
        "3.2": ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"),
    }
)
"""Members of a path item that are operations."""

_VERSION = re.compile(r"(2\.0|3\.[012])(\.[0-9]+(?:[-+.][0-9A-Za-z.+-]*)?)?", re.ASCII)
_ACCEPTED = "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are read"
_OTHERS = {
    "asyncapi": "an AsyncAPI document",
    "swaggerVersion": "a Swagger 1 document",
    "discoveryVersion": "a Google API discovery document",
    "arazzo": "an Arazzo description",
    "overlay": "an OpenAPI overlay",
    "swagger_version": "a Swagger 1 document",
    "log": "a recording of traffic (HAR)",
    "_type": "an Insomnia export",
    "$schema": "a JSON Schema",
}
_POSTMAN = "it is a Postman collection: export the API from Postman as OpenAPI, and give that"
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Version:
    """`family` decides how a tree is lowered, `text` is what the document says. `note` says what is
    odd about how it says it, or nothing."""

    family: Family
    text: str
    note: str = ""


class ShapeError(Exception):
    """The document is refused because of what stands at `pointer`."""

    def __init__(self, code: str, pointer: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.pointer = pointer
        self.message = message


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    return _KINDS[type(value)]


def detect(root: Any) -> Version:
    """The version of a document. Raises ShapeError, which names what is accepted."""
    if isinstance(root, str) and root.lstrip().startswith("<"):
        message = (
            "the document is HTML or XML: save the API's JSON or YAML itself, from its raw link"
        )
        raise ShapeError("document-shape", ROOT, message)
    if not isinstance(root, dict):
        raise ShapeError("document-shape", ROOT, f"the document is {kind_of(root)}, not an object")
    named = [keyword for keyword in ("openapi", "swagger") if keyword in root]
    if len(named) == 2:
        message = f"the document names two versions, as 'openapi' and as 'swagger'; {_ACCEPTED}"
        raise ShapeError("document-version", join(ROOT, "swagger"), message)
    if not named:
        info = root.get("info")
        if isinstance(info, dict) and ("item" in root or "_postman_id" in info):
            raise ShapeError("document-version", ROOT, _POSTMAN)
        other = next((what for keyword, what in _OTHERS.items() if keyword in root), "")
        guess = f" (it looks like {other})" if other else ""
        message = f"no version: 'openapi' is missing{guess}; {_ACCEPTED}"
        raise ShapeError("document-version", ROOT, message)
    return _understood(named[0], root[named[0]])


def _understood(keyword: str, value: Any) -> Version:
    text = str(value) if type(value) in (float, int) else value
    text = "2.0" if text == "2" else text
    match = _VERSION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None or (match[1] == "2.0") != (keyword == "swagger"):
        shown = repr(value) if isinstance(value, (str, int, float)) else kind_of(value)
        message = f"{keyword!r} is {shown}, which is no version that is known; {_ACCEPTED}"
        raise ShapeError("document-version", join(ROOT, keyword), message)
    family = next(family for family in get_args(Family) if family == match[1])
    note = ""
    if not isinstance(value, str):
        note = f"{keyword!r} is a number; it is read as the text {text!r}"
    elif keyword == "openapi" and not match[2]:
        note = f"{keyword!r} is {value!r}; it is read as {match[1] + '.0'!r}"
    return Version(family, text.strip(), note)


def check_shape(root: dict[str, Any], family: Family) -> None:
    """Raises ShapeError unless `paths` is an object. What stands in it costs itself only.

    `paths` may be empty, and since 3.1 absent where there are webhooks or components; a document
    without any of them is one by its version alone.
    """
    paths = root.get("paths")
    if "paths" in root and not isinstance(paths, dict):
        raise _not_an_object("'paths'", paths, join(ROOT, "paths"))
    if "paths" not in root and (
        family in ("2.0", "3.0") or not root.keys() & {"webhooks", "components"}
    ):
        raise ShapeError("document-nothing", ROOT, "the document has no 'paths'")


def _not_an_object(what: str, value: Any, pointer: str) -> ShapeError:
    return ShapeError("document-shape", pointer, f"{what} is {kind_of(value)}, not an object")
