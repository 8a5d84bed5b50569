"""One captured request against what was given: method, server, path, every parameter, the body.

Imports bodies, calls, document, given, wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.programs.corpus.bodies import BodyReader, category
from tests.programs.corpus.calls import server_prefixes
from tests.programs.corpus.document import Operation, Parameter
from tests.programs.corpus.given import ABSENT, Given
from tests.programs.corpus.wire import (
    Captured,
    Cookies,
    MisreadError,
    Pairs,
    path_slots,
    read_document,
    read_header,
    read_querystring,
    read_slot,
    same,
    shape_of,
    undeclared_headers,
)

BODIES = ("json", "form", "multipart", "other")
PLACES = ("path", "query", "header", "cookie", *BODIES)


@dataclass
class Call:
    """One judged call: which places it used, what went wrong in which, and the first cause."""

    operation: str
    everything: bool
    places: list[str]
    wrong: list[str] = field(default_factory=list)
    cause: str = ""
    detail: str = ""

    def fault(self, where: str, cause: str, detail: str) -> None:
        """Count a fault in its place; what concerns no single place counts in all used ones."""
        if where == "body":
            hit = [place for place in self.places if place in BODIES]
        else:
            hit = [where] if where in PLACES else self.places
        # A wrong method or server with no place used is wrong all the same.
        self.wrong += [place for place in hit or ["request"] if place not in self.wrong]
        if not self.cause:
            self.cause, self.detail = f"{where}: {cause}", detail


def places_of(given: Given) -> list[str]:
    """The columns of the table in which a call counts."""
    places = {"query" if place == "querystring" else place for place, _ in given.parameters}
    if given.body is not ABSENT:
        places.add(category(given.media_type))
    return sorted(places)


class Comparison:
    """Reads one request back and counts what differs in `call`."""

    def __init__(self, operation: Operation, given: Given, seen: Captured, call: Call) -> None:
        self.operation = operation
        self.given = given
        self.seen = seen
        self.call = call
        path, _, self.literal_query = operation.path.partition("#")[0].partition("?")
        # "The path is appended": Amazon's `/#Action=...` are one path, told apart by the query.
        self.template = path

    def run(self, reader: BodyReader, base_url: str | None) -> None:
        if self.seen.method != self.operation.method.upper():
            self.call.fault("method", "another method", self.seen.method)
        servers = (base_url,) if base_url else self.operation.servers
        self._step(lambda: self._path(servers))
        self._step(self._query)
        self._step(self._headers)
        self._step(self._cookies)
        self._step(lambda: self._body(reader))

    def _step(self, step: Callable[[], None]) -> None:
        try:
            step()
        except MisreadError as error:
            self.call.fault(error.where, "cannot be read back", str(error))

    def _values(self, place: str) -> Iterator[tuple[Parameter, Any]]:
        for parameter in self.operation.parameters:
            if parameter.place == place and (place, parameter.name) in self.given.parameters:
                yield parameter, self.given.parameters[place, parameter.name]

    def _judge(self, parameter: Parameter, given: Any, read: Any, raw: str) -> None:
        if same(given, read):
            return
        kind = parameter.media_type or f"{parameter.style}, explode {parameter.explode}".lower()
        place = "query" if parameter.place == "querystring" else parameter.place
        told = f"{parameter.name}: {short(given)} read as {short(read)} from {raw[:200]!r}"
        self.call.fault(place, f"{shape_of(given)} differs ({kind})", told)

    def _path(self, servers: tuple[str, ...]) -> None:
        prefixes = [prefix for server in servers for prefix in server_prefixes(server, self.seen)]
        if not prefixes:
            went = f"{self.seen.scheme}://{self.seen.host}:{self.seen.port}{self.seen.path[:80]}"
            self.call.fault("server", "another server", f"{went} for {servers}")
            return
        slots = self._slots(prefixes)
        for parameter, value in self._values("path"):
            raw = slots[parameter.name]
            self._judge(parameter, value, read_slot(parameter, raw, shape_of(value)), raw)

    def _slots(self, prefixes: list[str]) -> dict[str, str]:
        reason = MisreadError("path", f"{self.seen.path[:120]} is not below {prefixes}")
        for prefix in prefixes:
            if self.seen.path.startswith(prefix):
                try:
                    return path_slots(self.template, self.seen.path[len(prefix) :])
                except MisreadError as error:
                    reason = error
        raise reason

    def _query(self) -> None:
        for parameter, value in self._values("querystring"):
            read = read_querystring(self.seen.query, parameter.media_type or "", value)
            self._judge(parameter, value, read, self.seen.query)
            return
        pairs = Pairs(self.seen.query, "query")
        for name, text in Pairs(self.literal_query, "query").left():
            if pairs.text(name) != text:
                self.call.fault("query", "the path's own query differs", name)
        for parameter, value in self._values("query"):
            if parameter.media_type is not None:
                read = read_document(pairs.text(parameter.name), parameter.media_type)
            else:
                read = pairs.read(parameter.name, parameter.style, parameter.explode, value)
            self._judge(parameter, value, read, self.seen.query)
        if pairs.left():
            added = f"{pairs.left()[:3]} in {self.seen.query[:200]}"
            self.call.fault("query", "added", added)

    def _headers(self) -> None:
        declared: set[str] = set()
        for parameter, value in self._values("header"):
            declared.add(parameter.name.lower())
            read = read_header(parameter, self.seen, shape_of(value))
            self._judge(parameter, value, read, str(self.seen.header(parameter.name)))
        added = undeclared_headers(self.seen, declared)
        if added:
            self.call.fault("header", "added", str(added[:5]))

    def _cookies(self) -> None:
        cookies = Cookies(self.seen)
        for parameter, value in self._values("cookie"):
            read = cookies.read(parameter, value)
            self._judge(parameter, value, read, str(self.seen.header("cookie")))
        if cookies.left():
            self.call.fault("cookie", "added", str(cookies.left()[:5]))

    def _body(self, reader: BodyReader) -> None:
        if self.given.body is ABSENT:
            if self.seen.content:
                self.call.fault("other", "a body not given", repr(self.seen.content[:100]))
            return
        media_type, body = self.given.media_type, self.given.body
        read = reader.read(self.operation, media_type, self.seen, body)
        if not same(body, read):
            part, want, got = difference(body, read)
            self.call.fault(
                "body", f"{category(media_type)} differs", f"{part}: {want} read as {got}"
            )


def difference(given: Any, read: Any, at: str = "$") -> tuple[str, str, str]:
    """The first place where two values differ, and both values there."""
    if isinstance(given, dict) and isinstance(read, dict):
        for key in [*given, *read]:
            if key not in given or key not in read:
                one, other = given.get(key, "(absent)"), read.get(key, "(absent)")
                return f"{at}.{key}", short(one), short(other)
            if not same(given[key], read[key]):
                return difference(given[key], read[key], f"{at}.{key}")
    if isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        for index, (one, other) in enumerate(zip(given, read, strict=True)):
            if not same(one, other):
                return difference(one, other, f"{at}[{index}]")
    return at, short(given), short(read)


def short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."
