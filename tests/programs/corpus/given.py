"""What is given to one call, in the document's own terms, and as arguments of the tool.

Imports bodies, dialect, document, texts, values.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.programs.corpus.bodies import FORM, base_type, category, is_binary, is_xml
from tests.programs.corpus.dialect import Dialect
from tests.programs.corpus.document import Body, Member, Operation, Parameter, template_names
from tests.programs.corpus.texts import ANY, TEXT, XML, Carrier, carrier
from tests.programs.corpus.values import Values
from tests.programs.corpus.views import NoValueError
from tests.programs.corpus.wire import shape_of

BYTES = (
    b"\x89PNG\r\n\x1a\n\x00\xff",
    b"",
    b"--boundary\r\n",
    "text, \u00fc".encode(),
    bytes(range(256)),
)


class Absent:
    """No body at all, which is not the same as an empty or null one."""


ABSENT = Absent()


class UnmappedError(Exception):
    """Something that the document declares has no argument in the tool."""


@dataclass
class Given:
    """Values of one call: parameters by (place, name), and the body under its media type."""

    parameters: dict[tuple[str, str], Any] = field(default_factory=dict)
    body: Any = ABSENT
    media_type: str = ""


class Giver:
    """Makes the two sets of values of an operation."""

    def __init__(self, dialect: Dialect, random: Random) -> None:
        self.dialect = dialect
        self.random = random
        self.credentials = dialect.raw.credentials()

    def give(self, operation: Operation, media_type: str, everything: bool) -> Given:
        """Raises NoValueError where no legal value for something required was found."""
        values = Values(self.dialect, self.random, everything)
        given = Given(media_type=media_type)
        for parameter in operation.parameters:
            if not self.is_credential(parameter) and (parameter.required or everything):
                self._parameter(operation, parameter, values, given)
        body = operation.body
        if body is not None and media_type in body.content and (body.required or everything):
            try:
                made = self._body(body, media_type, values)
            except NoValueError:
                if body.required:
                    raise
                return given
            # An optional body without members says no more than no body: not told apart.
            if body.required or made != {}:
                given.body = made
        return given

    def is_credential(self, parameter: Parameter) -> bool:
        name = parameter.name.lower() if parameter.place == "header" else parameter.name
        return (parameter.place, name) in self.credentials

    def _parameter(
        self, operation: Operation, parameter: Parameter, values: Values, given: Given
    ) -> None:
        try:
            value = self._value(operation, parameter, values)
            _check_names(operation, parameter, value, given)
        except NoValueError:
            if parameter.required:
                raise
            return
        given.parameters[parameter.place, parameter.name] = value

    def _value(self, operation: Operation, parameter: Parameter, values: Values) -> Any:
        if parameter.media_type is not None or parameter.place == "querystring":
            limits = Carrier(ascii_only=True) if parameter.place == "header" else Carrier()
            textual = base_type(parameter.media_type or FORM).startswith("text/")
            return values.make(parameter.schema, limits if textual else ANY)
        if parameter.place == "path" and _crowded(operation.path, parameter.name):
            # Two variables in one segment: only characters that no literal between them has.
            return values.make(parameter.schema, Carrier(plain=True, empty=False), True, 1)
        # Exploded cookies have no defined joint (Appendix D): one item only.
        most = 1 if parameter.place == "cookie" and parameter.explode else 3
        shapes = ["scalar", "array"] if self.random.random() < 0.5 else ["array", "scalar"]
        for shape in shapes:
            limits = carrier(
                parameter.place, parameter.style, parameter.explode, shape, parameter.allow_reserved
            )
            try:
                value = values.make(parameter.schema, limits, True, most)
            except NoValueError as error:
                reason = error
                continue
            if _defined(parameter, value) and (shape_of(value) == "scalar") == (shape == "scalar"):
                return value
            reason = NoValueError("the style has no form for this shape")
        raise reason

    def _body(self, body: Body, media_type: str, values: Values) -> Any:
        media = body.content[media_type]
        if is_binary(media.schema, media_type, self.dialect):
            return self.random.choice(BYTES[:1] + BYTES[2:])
        kind = category(media_type)
        if kind == "multipart" or kind == "form":
            value = values.make(media.schema, ANY)
            if not isinstance(value, dict):
                raise NoValueError("a form that is no object")
            kept = {k: v for k, v in value.items() if _has_form(media.members.get(k), v)}
            if not self.dialect.accepts(media.schema, kept):
                raise NoValueError("a required member has no form")
            return {k: self._form_value(media_type, media.schema, k, v) for k, v in kept.items()}
        if base_type(media_type).startswith("text/") and kind == "other" and not is_xml(media_type):
            value = values.make(media.schema, TEXT)
            if isinstance(value, (dict, list)):
                raise NoValueError("a text that is no scalar")
            return value
        return values.make(media.schema, XML if is_xml(media_type) else ANY)

    def _form_value(self, media_type: str, schema: Any, name: str, value: Any) -> Any:
        """Bytes in place of text where a multipart member is a file."""
        if category(media_type) != "multipart":
            return value
        member = self.dialect.member(schema, name)
        if isinstance(value, str) and is_binary(member, "text/plain", self.dialect):
            return self.random.choice(BYTES)
        if isinstance(value, list) and is_binary(
            self.dialect.items(member), "text/plain", self.dialect
        ):
            return [self.random.choice(BYTES) for _ in value]
        return value


def recognised(diagnostics: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """Arguments that no tool has because they look like credentials, by (place, name), with what
    the client calls them; "" where the credential is a scheme's."""
    found: dict[tuple[str, str], str] = {}
    for row in diagnostics:
        if row["code"] in ("credential-recognised", "credential-hidden"):
            match = _SAID.match(row["message"])
            if match is not None:
                key, own = (match["place"], match["name"]), match["own"] or ""
                # A scheme's in one operation and the client's own in another: given in neither.
                found[key] = own if found.get(key, own) == own else ""
    return found


_SAID = re.compile(
    r"(?P<place>\w+) (?:argument|parameter) (?P<quote>['\"])(?P<name>.*?)(?P=quote) "
    r"(?:looks like a credential: it is '(?P<own>\w+)')?"
)


def with_credentials(
    given: Given,
    operation: Operation,
    rows: list[dict[str, Any]],
    members: set[str],
    known: dict[tuple[str, str], str],
) -> None:
    """Make what was given what it is when the client has `CREDENTIAL` for all that it recognised.
    `members` are those that the body declares.

    A credential that is an argument of this operation's tool all the same stays as it was made.
    """
    shown = {(row["in"], row["wire"]) for row in rows}
    for parameter in operation.parameters:
        key = parameter.place, parameter.name
        if key in known and key not in shown:
            given.parameters.pop(key, None)
            if known[key]:
                given.parameters[key] = CREDENTIAL
    for (place, name), own in known.items():
        if place != "body" or name not in members or (place, name) in shown:
            continue
        if isinstance(given.body, dict) or (given.body is ABSENT and own):
            body = given.body if isinstance(given.body, dict) else {}
            kept = {each: value for each, value in body.items() if each != name}
            given.body = {**kept, name: CREDENTIAL} if own else kept


CREDENTIAL = "credential-of-the-judge"


def arguments(given: Given, rows: list[dict[str, Any]], constants: set[tuple[str, str]]) -> Any:
    """The tool's arguments for the given values, by the listing. Raises UnmappedError.

    `constants` are what the document leaves no choice in, by (place, name): sent without being
    asked for, so they may be missing from the tool.
    """
    out: dict[str, Any] = {}
    left = dict(given.parameters)
    body_left = dict(given.body) if isinstance(given.body, dict) else {}
    whole = given.body is ABSENT
    if given.body is None and not any(row["in"] == "whole-body" for row in rows):
        out["body"], whole = None, True  # in place of all its members
    for row in rows:
        place, wire, name = row["in"], row["wire"], row["name"]
        if place == "whole-body" and given.body is not ABSENT:
            out[name], whole = _spoken(given.body), True
        elif place in ("body", "file") and wire in body_left:
            out[name] = _spoken(body_left.pop(wire))
        elif place == "file" and isinstance(given.body, bytes):
            out[name], whole = _spoken(given.body), True
        elif (place, wire) in left:
            out[name] = left.pop((place, wire))
    others = [row["name"] for row in rows if row["in"] == "members"]
    undeclared = {name: each for name, each in body_left.items() if ("body", name) not in constants}
    if others and undeclared:
        out[others[0]], body_left = _spoken(undeclared), {}
    missing = [key for key in left if key not in constants]
    if not whole:
        missing += [("body", name) for name in body_left if ("body", name) not in constants]
        if not isinstance(given.body, dict):
            missing.append(("body", ""))
    if missing:
        raise UnmappedError(f"no argument for {missing[0][1]!r} in {missing[0][0]}")
    return out


def _spoken(value: Any) -> Any:
    """Bytes as a `data:` URL, which is how a tool's argument holds them."""
    if isinstance(value, bytes):
        return "data:application/octet-stream;base64," + base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _spoken(member) for name, member in value.items()}
    return [_spoken(item) for item in value] if isinstance(value, list) else value


def _has_form(member: Member | None, value: Any) -> bool:
    """Whether a form can hold this value.

    Null has no text and an empty array no pair at all; a style has forms only for scalars, arrays
    and objects of scalars, and joined items must not hold the joint.
    """
    if value is None or value == []:
        return False
    if isinstance(value, list) and any(item is None or isinstance(item, list) for item in value):
        return False
    if member is None or member.style is None or isinstance(value, (str, int, float)):
        return True
    inner = list(value.values()) if isinstance(value, dict) else value
    if not inner or any(item is None or isinstance(item, (list, dict)) for item in inner):
        return False
    return member.explode or not _has_joint(member.style, inner)


def _has_joint(style: str, items: list[Any]) -> bool:
    joint = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}.get(style, ",")
    return any(item == "" or (isinstance(item, str) and joint in item) for item in items)


def _defined(parameter: Parameter, value: Any) -> bool:
    """Whether the style table has a form for this shape ("n/a": undefined)."""
    shape = shape_of(value)
    if parameter.style == "deepObject":
        return shape == "object"
    if parameter.style in ("spaceDelimited", "pipeDelimited"):
        return shape != "scalar" and not (parameter.explode and shape == "object")
    return True


def _check_names(operation: Operation, parameter: Parameter, value: Any, given: Given) -> None:
    """Members of an exploded object stand among the other names of the query: none may repeat."""
    exploded = isinstance(value, dict) and parameter.explode and parameter.style != "deepObject"
    if not exploded or parameter.place not in ("query", "cookie"):
        return
    taken = {p.name for p in operation.parameters if p.place == parameter.place}
    taken.discard(parameter.name)
    for (place, _), other in given.parameters.items():
        if place == parameter.place and isinstance(other, dict):
            taken |= set(other)
    if taken & set(value):
        raise NoValueError("a member of an exploded object is named like another parameter")


def _crowded(path: str, name: str) -> bool:
    return any(
        name in names and (len(names) > 1)
        for names in map(template_names, path.partition("#")[0].split("/"))
    )
