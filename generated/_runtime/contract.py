"""What a generated module says about its operations: the rows, their styles and places.

A module holds plain literals (`OperationRow`), so that importing it costs nothing; an
`Operation` is compiled from a row when it is first called. This is the one contract between
the generator's `present` stage and the runtime. Pure data: imports nothing from the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, Required, TypedDict

CONTRACT = 1
"""The number of this form of a module. Within one, rows only gain keys."""

CONTRACTS = (CONTRACT,)
"""The forms that this runtime knows: its own, and from the second on the one before."""

Place = Literal[
    "path",
    "query",
    "header",
    "cookie",
    "querystring",
    "body",
    "members",  # an object of further members of the body
    "whole-body",
    "file",
]

Style = Literal[
    "matrix",
    "label",
    "simple",
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "tabDelimited",  # Swagger 2.0, `collectionFormat: tsv`
    "deepObject",
    "cookie",  # OpenAPI 3.2
]


class XmlRow(TypedDict, total=False):
    """How a value is written as XML (OpenAPI 3.1 section 4.8.26). Absent keys: the defaults."""

    name: str  # of the element or attribute; absent: the member's name
    namespace: str
    prefix: str
    attribute: bool
    wrapped: bool  # an array's items stand inside an element of the array's own
    text: bool  # the value is the element's text (OpenAPI 3.2, nodeType text or cdata)
    members: dict[str, XmlRow]
    items: XmlRow


# "in" is a keyword, hence the functional form.
ValueRow = TypedDict(
    "ValueRow",
    {
        "in": Required[Place],  # where the value goes
        "wire": str,  # its name there; absent: the argument's own name
        "style": Style,  # absent: simple for path and header, form elsewhere
        "explode": bool,  # absent: true for styles form and cookie, false for all others
        # How lists are written in style deepObject; absent: `name[]=a`.
        "lists": Literal["repeat", "comma", "indices"],
        "allow_reserved": bool,
        "media_type": str,  # the value is a document of this type inside its place
        "binary": bool,  # bytes: given as text or as a data: URL
        "headers": dict[str, str],  # of a multipart member
        "also": list[str],  # JSON types allowed besides the one in the tool's schema
        "words": list[str],  # the only strings among those; absent: all
        # Keywords of JSON Schema that are checked and not offered to models, by the JSON Pointer
        # of their place in the argument's schema.
        "checks": dict[str, dict[str, Any]],
        "example": Any,  # the document's own
        "value": Any,  # constants only
        "beside": bool,  # constants: only where an argument of the body is given
        "bind": str,  # the client's argument whose value this is; no caller gives it
        "scheme": str,  # the security scheme whose credential this is, likewise
        "type": Literal["integer", "number", "boolean"],  # bound, and no text
        "required": bool,  # bound, and the request needs it
    },
    total=False,
)
"""How one argument (or constant) reaches the wire. Keys at their defaults are left out."""


class BodyRow(TypedDict, total=False):
    """The request body: `required` absent means false."""

    media_type: Required[str]
    or_types: list[str]  # of a file: other types that it may have
    required: bool
    members: dict[
        str, ValueRow
    ]  # a whole form or multipart body: how members are written
    xml: XmlRow  # XML bodies: the root; its `name` is the root element's
    demands: list[dict[str, Any]]  # JSON Schemas for all arguments of the body together
    null: bool  # a body whose members are arguments may be null instead


class OperationRow(TypedDict, total=False):
    """One operation. `path` holds argument names in its slots: `/pets/{pet_id}`."""

    method: Required[str]
    path: Required[str]
    arguments: dict[str, ValueRow]
    constants: list[ValueRow]
    body: BodyRow
    server: str  # absent: the client's base URL
    security: list[
        list[str]
    ]  # alternatives of schemes that go together; absent: API's default
    accept: str  # absent: application/json
    tags: list[str]  # the document's, for choosing tools
    title: str  # what a person is shown in place of the name
    reads: bool  # whether a call only reads, where the method does not tell


SchemeRow = TypedDict(
    "SchemeRow",
    {
        "type": Required[
            Literal[
                "apiKey",
                "basic",
                "bearer",
                "http",
                "oauth2",
                "openIdConnect",
                "mutualTLS",
            ]
        ],
        # Keyword arguments of the client that feed it. basic: user name, password. oauth2
        # with a token_url: access token, client id, client secret. mutualTLS: none. Others: one.
        "credentials": Required[list[str]],
        "in": Literal["query", "header", "cookie"],
        "name": str,  # of the header, query or cookie parameter; the scheme word for `http`
        "token_url": str,  # of the client-credentials flow; may be relative to the base URL
        "scopes": list[str],
    },
    total=False,
)
"""A security scheme (OpenAPI 3.1 section 4.8.27)."""


class Tool(TypedDict):
    """A function-calling tool: `parameters` is a self-contained JSON Schema of type object."""

    name: str
    description: str
    parameters: dict[str, Any]


class ToolEntry(NamedTuple):
    """What a module says of one operation: its tool, and the route that calls take."""

    tool: Tool
    route: OperationRow


class ToolTable(NamedTuple):
    """All tools of an API and their routes by name, as a module of tools offers them."""

    TOOLS: list[Tool]
    ROUTES: Mapping[str, OperationRow]


def tool(
    name: str,
    description: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    required: Sequence[str] = (),
    route: OperationRow,
) -> ToolEntry:
    """An entry as modules write it down: `parameters` holds the schema of each argument."""
    return ToolEntry(
        {
            "name": name,
            "description": description,
            "parameters": {
                "type": "object",
                "properties": dict(parameters or {}),
                "required": list(required),
            },
        },
        route,
    )


def tools_of(entries: Sequence[ToolEntry]) -> list[Tool]:
    """The tools, in the order of the document."""
    return [each.tool for each in entries]


def routes_of(entries: Sequence[ToolEntry]) -> dict[str, OperationRow]:
    """The routes by the names of their tools."""
    return {each.tool["name"]: each.route for each in entries}
