"""Parts of a Swagger 2.0 document that stand by themselves: servers, security schemes, answers.

Pure functions on raw values, which are not changed. Imports `values`, and `limits` of `read`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from toolbind.read.limits import MAX_MEDIA_TYPES
from toolbind.read.swagger.values import JsonObject

_SCHEME_IN_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PREFERRED: Final = ("https", "http", "wss", "ws")

GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "definitions": "schemas",
        "parameters": "parameters",
        "responses": "responses",
        "securityDefinitions": "securitySchemes",
    }
)
"""Where the members of the old document's root stand below `components`."""

_FLOWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "implicit": "implicit",
        "password": "password",
        "application": "clientCredentials",
        "accessCode": "authorizationCode",
    }
)


def schemes(holder: JsonObject) -> list[str]:
    """The `schemes` of a document or operation, encrypted ones first."""
    listed = holder.get("schemes")
    named = [str(each).lower() for each in listed] if isinstance(listed, list) else []
    return [scheme for scheme in _PREFERRED if scheme in named]


def servers(root: JsonObject, offered: list[str], url: str) -> list[JsonObject]:
    """The server objects of a document. Without a host they are relative to its own `url`."""
    base = root.get("basePath")
    path = "/" + base.strip("/") if isinstance(base, str) else ""
    host = root.get("host")
    if not isinstance(host, str) or not host.strip():
        return [{"url": path or "/"}]
    host = host.strip().rstrip("/")
    if _SCHEME_IN_HOST.match(host):
        return [{"url": host + path.rstrip("/")}]
    own = urlsplit(url).scheme or "https"
    return [{"url": f"{scheme}://{host}{path.rstrip('/')}"} for scheme in offered or [own]]


def security_scheme(old: Any) -> Any:
    """A security scheme of OpenAPI 3.0; whatever is not understood stays as it is."""
    if not isinstance(old, dict):
        return old
    if old.get("type") == "basic":
        return {**old, "type": "http", "scheme": "basic"}
    flow = _FLOWS.get(str(old.get("flow")))
    if old.get("type") != "oauth2" or flow is None:
        return old
    moved = ("authorizationUrl", "tokenUrl", "refreshUrl", "scopes")
    new = {key: value for key, value in old.items() if key not in (*moved, "flow")}
    parts = {key: old[key] for key in moved if key in old}
    return {**new, "flows": {flow: {"scopes": {}, **parts}}}


def media_types(holder: JsonObject, keyword: str) -> list[str] | None:
    """`consumes` or `produces` of a document or operation, as many as anybody needs; None if it
    says nothing."""
    listed = holder.get(keyword)
    if isinstance(listed, str):
        listed = [listed]
    if not isinstance(listed, list):
        return None
    return list(dict.fromkeys(each for each in listed if isinstance(each, str)))[:MAX_MEDIA_TYPES]


def response(old: Any, schema: Any, produces: list[str]) -> Any:
    """An answer of OpenAPI 3.0, with its upgraded schema; headers and examples are left out."""
    if not isinstance(old, dict) or "$ref" in old:
        return old
    new: JsonObject = {"description": old["description"]} if "description" in old else {}
    if isinstance(schema, dict):
        is_file = schema.get("type") == "file"
        entry = {"schema": {"type": "string", "format": "binary"} if is_file else schema}
        default = "application/octet-stream" if is_file else "application/json"
        new["content"] = dict.fromkeys(produces or [default], entry)
    return new
