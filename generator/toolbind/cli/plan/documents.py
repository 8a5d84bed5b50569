"""From what the user says to what the pipeline takes: the document's bytes, and the choices.

Imports `shell`, and the rest of the package when there is something to do.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolbind.cli.terminal.shell import Complaint, is_terminal
from toolbind.diagnostics import DocumentError, Place, Report

if TYPE_CHECKING:
    from toolbind.lower.options import LowerOptions
    from toolbind.pipeline import Examined
    from toolbind.read import ReadOptions, Source


STDIN = "-"
"""The SPEC that is read from stdin."""

HEADER_VARIABLE = "TOOLBIND_FETCH_HEADER"
"""Holds what opens a protected document, as in `Authorization: Bearer ...`."""

_NOT_GIVEN = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "te", "accept"}
)


def read_options(options: Mapping[str, Any]) -> ReadOptions:
    """What reading may do, from flags and settings by their keys."""
    from toolbind.read import ReadOptions

    root = options.get("ref-root")
    size = options.get("max-size")
    return ReadOptions(
        **({"max_bytes": int(size) * 1_000_000} if size else {}),
        ref_root=Path(root) if root else None,
        allow_remote=tuple(options.get("allow-remote", ())),
        allow_http=bool(options.get("allow-http")),
        allow_private=bool(options.get("allow-private")),
        headers=_headers(os.environ),
    )


def lower_options(options: Mapping[str, Any]) -> LowerOptions:
    """What is made of a document, from flags and settings by their keys."""
    from toolbind.lower.options import DEFAULT_BUDGET, LowerOptions

    return LowerOptions(
        include=tuple(options.get("include", ())),
        exclude=tuple(options.get("exclude", ())),
        server=str(options.get("server", "")),
        media_types=tuple(options.get("media-type", ())),
        budget=int(options.get("budget", DEFAULT_BUDGET)),
        prose=options.get("prose", "balanced"),
        list_style=options.get("list-style", ""),
        bind=tuple(options.get("bind", {}).items()),
        hide=tuple(options.get("hide", ())),
        security=str(options.get("security", "")),
        headers=tuple(options.get("headers", {}).items()),
        presets=tuple(options.get("presets", {}).items()),
        deprecated=bool(options.get("deprecated", True)),
        places={key: _place(where) for key, where in options.get("places", {}).items()},
    )


def _place(where: str) -> Place:
    """`toolbind.toml:7` as a place."""
    file, _, line = where.rpartition(":")
    return Place(file, "#", int(line), 1) if int(line) else Place(file)


def load_source(spec: str, options: Mapping[str, Any]) -> Source:
    """The document's bytes. Raises Complaint if there is none, DocumentError if it is refused."""
    from toolbind.read import load

    try:
        if spec == STDIN:
            return _from_stdin(overlays_of(options), read_options(options).max_bytes)
        return load(spec, Report(), read_options(options), overlays_of(options))
    except OSError as error:
        raise Complaint(f"{error.filename or spec}: {error.strerror or error}") from None


def _from_stdin(overlays: tuple[str, ...], most: int) -> Source:
    """What is piped into this run: one document, which can refer to itself only."""
    from toolbind.read.limits import too_large
    from toolbind.read.source import Source, load_overlay

    if is_terminal(sys.stdin):
        raise Complaint("- is a document on stdin, and nothing is piped into this command")
    data = sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        raise Report().refuse("document-size", Place("stdin"), too_large("has", most))
    beside = tuple(load_overlay(overlay, Report()) for overlay in overlays)
    return Source("stdin", data, overlays=beside)


def _headers(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """`NAME: value`, one a line, for fetching SPEC; from the environment, where no list of
    processes shows them. Raises Complaint, which does not show them either."""
    found = []
    for line in environment.get(HEADER_VARIABLE, "").splitlines():
        name, mark, value = line.partition(":")
        if not mark or not re.fullmatch(r"[A-Za-z0-9-]+", name) or not value.strip().isprintable():
            raise Complaint(f"{HEADER_VARIABLE} holds a line that is no header: write NAME: value")
        if name.lower() in _NOT_GIVEN or not value.isascii():
            raise Complaint(f"{HEADER_VARIABLE}: the header {name} cannot be sent")
        found.append((name, value.strip()))
    return tuple(found)


def title_of(spec: str, options: Mapping[str, Any]) -> str:
    """The title of a document as its text has it; empty where it has none, or cannot be read: then
    whoever reads the whole of it says why."""
    from toolbind.read import load
    from toolbind.read.parse import parse

    try:
        source = load(spec, Report(), read_options(options))
        value = parse(source.data, source.name, Report()).value
    except (OSError, DocumentError):
        return ""
    info = value.get("info") if isinstance(value, dict) else None
    title = info.get("title") if isinstance(info, dict) else None
    return title if isinstance(title, str) else ""


def overlays_of(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The overlays that are applied to the document, in their order. Raises Complaint for one that
    would be applied twice, which would double all that it appends."""
    named = tuple(options.get("overlays", ()))
    for number, each in enumerate(named):
        if each in named[:number]:
            raise Complaint(f"the overlay {each} is given twice")
    return named


def examined(spec: str, options: Mapping[str, Any]) -> Examined:
    """A document as lowered. Raises like `load_source`."""
    from toolbind.pipeline import Options, examine

    choices = Options(read=read_options(options), lower=lower_options(options))
    return examine(load_source(spec, options), options=choices)
