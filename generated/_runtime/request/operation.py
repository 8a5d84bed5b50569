"""From arguments to a request: an operation's row, compiled once to plain functions.

`Operation.build` is the pure half of every call: it knows nothing of servers, credentials or
connections.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..basics.json_values import SerializationError, is_writable
from ..basics.secrets import MASK
from ..contract import OperationRow, Tool, ValueRow
from ..errors import ArgumentError
from .bodies import BodyWriter, body_writer
from .files import FileReader
from .places import NOTHING, Draft, Placer, placer
from .styles import header_value
from .urls import is_dot_segment

if TYPE_CHECKING:
    from ..arguments.reader import ArgumentReader

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})
"""RFC 9110 section 9.2.2, and QUERY: sent again without harm."""

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that read (RFC 9110 section 9.2.1): everything else may change something."""

WHOLE = "body"
"""What errors, and calls that give the whole, call a body whose members are arguments."""

_SLOT = re.compile(r"\{([^{}]+)\}")


class Parts(NamedTuple):
    """A request without server and credentials; everything is encoded already."""

    path: str
    query: list[str]
    headers: list[tuple[str, str]]
    cookies: list[str]
    content: bytes | None
    content_type: str | None


class Operation:
    """One operation, ready to be called many times. Immutable once made, safe to share."""

    __slots__ = (
        "_beside",
        "_body_required",
        "_constants",
        "_placers",
        "_reader",
        "_segments",
        "_tool",
        "_write_body",
        "accept",
        "bound",
        "method",
        "name",
        "path",
        "row",
        "security",
        "server",
    )

    def __init__(
        self,
        tool: Tool,
        row: OperationRow,
        security: list[list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`headers` go with every request of the API."""
        self._tool = tool
        self.row = row
        self.name = tool["name"]
        self.method = row["method"].upper()
        self.path = row["path"]
        self.accept = row.get("accept", "application/json")
        self.server = row.get("server")
        own = row.get("security", security or [])
        self.security = tuple(tuple(alternative) for alternative in own)
        arguments = row.get("arguments", {})
        self._segments = _segments(self.path)
        self._placers: dict[str, Placer] = {
            name: placer(name, value) for name, value in arguments.items()
        }
        if row.get("body", {}).get("null"):
            self._placers.setdefault(WHOLE, placer(WHOLE, {"in": "whole-body"}))
        self._constants = Draft()
        for value in row.get("constants", ()):
            placer(value.get("wire", ""), value)(value.get("value"), self._constants)
        self._constants.headers += (headers or {}).items()
        self.bound = {
            name: each
            for name, each in arguments.items()
            if "bind" in each or "scheme" in each
        }
        self._reader: ArgumentReader | None = None
        self._body_required = row.get("body", {}).get("required", False)
        self._beside = {
            each.get("wire") for each in row.get("constants", ()) if each.get("beside")
        }
        self._write_body = _compile_body(row)

    def __repr__(self) -> str:
        return f"<Operation {self.name}: {self.method} {self.path}>"

    @property
    def is_idempotent(self) -> bool:
        return self.method in IDEMPOTENT

    @property
    def reads(self) -> bool:
        """Whether a call changes nothing: as its row says, else by its HTTP method."""
        return self.row.get("reads", self.method in READ_METHODS)

    @property
    def reader(self) -> ArgumentReader:
        """Reads and checks the arguments of a tool call; made when first wanted."""
        if self._reader is None:
            from ..arguments.reader import ArgumentReader  # typed calls need none

            self._reader = ArgumentReader(
                self.name,
                self._tool["parameters"],
                self.row.get("arguments", {}),
                self.row.get("body"),
                reads=self.reads,
            )
        return self._reader

    def build(self, values: Mapping[str, Any], files: FileReader) -> Parts:
        """The request for these arguments.

        Raises ArgumentError for values that cannot stand where they belong.
        """
        draft = self._constants.copy()
        name = ""
        try:
            for name, place in self._placers.items():
                if name in values:
                    place(values[name], draft)
            name = WHOLE
            content, content_type = self._encode_body(draft, files)
        except SerializationError as error:
            name = self._to_blame(values, name, error.member)
            raise self._refusal(values, name, str(error)) from None
        except UnicodeEncodeError:
            why = "the text holds half of a surrogate pair, which is no character"
            name = self._to_blame(values, name, None)
            raise self._refusal(values, name, why) from None
        return Parts(
            self._join_path(values, draft.path),
            draft.query,
            draft.headers,
            draft.cookies,
            content,
            content_type,
        )

    def _refusal(self, values: Mapping[str, Any], name: str, why: str) -> ArgumentError:
        """The error for a value that cannot be sent; what the client is bound to stays untold."""
        hidden = dict.fromkeys(self.bound.keys() & values.keys(), MASK)
        return self.reader.refusal({**values, **hidden}, name, why)

    def _to_blame(
        self, values: Mapping[str, Any], name: str, member: str | None
    ) -> str:
        """The argument that an error is about: of a body that has several, the one whose member
        it is, else the first that cannot be written."""
        if name != WHOLE or WHOLE in values:
            return name
        others = name
        for each, row in self.row.get("arguments", {}).items():
            if row["in"] == "members":
                others = each
            elif row["in"] in ("body", "file") and each in values:
                wrong = member is None and not is_writable(values[each])
                if wrong or member == row.get("wire", each):
                    return each
        return others

    def _join_path(self, values: Mapping[str, Any], slots: Mapping[str, str]) -> str:
        written: list[str] = []
        for segment in self._segments:
            if isinstance(segment, str):
                written.append(segment)
                continue
            try:
                joined = "".join(
                    [piece if fixed else slots[piece] for fixed, piece in segment]
                )
            except KeyError as missing:
                name = missing.args[0]
                why = "this value is needed"
                raise self._refusal(values, name, why) from None
            if not joined or is_dot_segment(joined):
                name = next(piece for fixed, piece in segment if not fixed)
                why = "a path value must not be empty, '.' or '..'"
                raise self._refusal(values, name, why)
            written.append(joined)
        return "/".join(written)

    def _encode_body(
        self, draft: Draft, files: FileReader
    ) -> tuple[bytes | None, str | None]:
        if self._write_body is None:
            return None, None
        value = draft.body
        if value is NOTHING:
            value = draft.members
            if value.keys() <= self._beside and not self._body_required:
                return None, None
        content, content_type = self._write_body(value, files)
        return content, header_value(content_type)


def _compile_body(row: OperationRow) -> BodyWriter | None:
    if "body" not in row:
        return None
    body = row["body"]
    members: dict[str, ValueRow] = dict(body.get("members", {}))
    binary = False
    arguments = row.get("arguments", {}).items()
    constants = [(value.get("wire", ""), value) for value in row.get("constants", ())]
    for name, value in [*arguments, *constants]:
        if value["in"] in ("body", "file"):
            upload: ValueRow = {**value, "binary": True}
            members[value.get("wire", name)] = (
                upload if value["in"] == "file" else value
            )
        elif value["in"] == "whole-body":
            binary = value.get("binary", False)
    return body_writer(body, members, binary=binary)


def _segments(path: str) -> list[str | list[tuple[bool, str]]]:
    """The path cut at its slashes: plain text, or pieces of text (True) and slots (False)."""
    segments: list[str | list[tuple[bool, str]]] = []
    for segment in path.split("/"):
        pieces = _SLOT.split(segment)
        if len(pieces) == 1:
            if is_dot_segment(segment):
                raise ValueError(f"a path must not hold dot segments: {path}")
            segments.append(segment)
        else:
            marked = [(index % 2 == 0, piece) for index, piece in enumerate(pieces)]
            segments.append([(fixed, piece) for fixed, piece in marked if piece])
    return segments
