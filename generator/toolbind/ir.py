"""The lowered API: what a document means for tools and requests, and nothing of how it said it.

Frozen values without logic and without a link back to the document; made by `lower`, read by
`present`. One `Argument` feeds both the tool schema and the request, so the two cannot disagree.
Imports nothing from the package but `diagnostics.Place`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from toolbind.diagnostics import Place as DocumentPlace

JsonObject = Mapping[str, Any]
"""A JSON object, read-only by convention: shared, never mutated."""

ArgumentPlace = Literal[
    "path", "query", "header", "cookie", "querystring", "body", "members", "whole-body", "file"
]
"""Where an argument's value goes. `body` is a member of a flattened request body, `members` an
object of more of them, `whole-body` the argument that is the body, `file` an upload (a binary
multipart member, or a binary body's member), `querystring` the whole query (OpenAPI 3.2)."""

OPTIONAL = "Optional."
"""Stands first in the description of an argument that may be left out: small models fill in what
they see, unless a word tells them that they need not."""

Style = Literal[
    "matrix",
    "label",
    "simple",
    "form",
    "spaceDelimited",
    "pipeDelimited",
    "tabDelimited",
    "deepObject",
    "cookie",
]
"""How arrays and objects are written; `cookie` is of OpenAPI 3.2."""

ListStyle = Literal["", "repeat", "comma", "indices"]


# --- types of the generated module -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plain:
    """A type written as it stands: `str`, `int`, `float`, `bool`, `None`, `Any`, `bytes`."""

    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    item: TypeRef


@dataclass(frozen=True, slots=True)
class Mapped:
    """`dict[str, value]`."""

    value: TypeRef


@dataclass(frozen=True, slots=True)
class Choice:
    """`Literal[...]` of strings, integers, booleans or None, in document order."""

    values: tuple[str | int | bool | None, ...]


@dataclass(frozen=True, slots=True)
class Either:
    options: tuple[TypeRef, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A type defined in the module's types file."""

    name: str


TypeRef = Plain | Listed | Mapped | Choice | Either | Named


@dataclass(frozen=True, slots=True)
class Member:
    """One key of a TypedDict, as it is spelt on the wire."""

    wire: str
    type: TypeRef
    required: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """A named type: a TypedDict if `members` is a tuple, else an alias of `alias`."""

    name: str
    description: str
    members: tuple[Member, ...] | None
    alias: TypeRef | None = None


# --- requests ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one value is written into its place (OpenAPI 3.1 section 4.8.12, style values).

    `media_type` is set where the value is a document of its own inside its place: a parameter with
    `content`, or a form or multipart member with a content type (which may then be a range or a
    list of several). Then style and explode do not apply. Parameters without it have a style.
    A form or multipart member has one only where the document says so; `None` there means: by the
    type of the value (arrays repeat, objects are JSON text).
    `binary` marks bytes: tool arguments bring them as text or as a `data:` URL. `lists` says how a
    list is written inside of deepObject, where OpenAPI is silent; empty: `name[]`.
    """

    style: Style | None = None
    explode: bool = False
    allow_reserved: bool = False
    media_type: str | None = None
    binary: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    lists: ListStyle = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operation, in the spelling that model and caller use (`name`).

    `schema` is ready for a tool: `type` is one string, `description` is there, no `$ref`.
    `also` lists JSON types that the document allows besides `schema["type"]`. `checks` holds
    keywords that are checked and not offered, by the JSON Pointer of their place in `schema`.
    `example` is the document's own, None where there is none to be shown. `words` are the only
    texts allowed, where text is among `also`.
    """

    name: str
    wire: str
    place: ArgumentPlace
    required: bool
    schema: JsonObject
    type: TypeRef
    encoding: Encoding
    pointer: str
    also: tuple[str, ...] = ()
    checks: Mapping[str, JsonObject] = field(default_factory=dict)
    example: Any = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """An argument whose value is the client's: `name` is that of the constructor's argument; or
    it is the credential of `scheme`, and has no name."""

    argument: Argument
    name: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """A required value with one allowed spelling: never shown to the model, sent by itself;
    `beside` only if an argument of the body is given."""

    wire: str
    place: ArgumentPlace
    value: Any
    encoding: Encoding
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Xml:
    """How a value is written as XML (OpenAPI 3.1 section 4.8.26).

    `name` is that of the element or attribute; empty: the member's own. `members` are keyed by
    the member's name in JSON and hold only what is not written in the default way; `items` is
    how the elements of an array are written, None for the default way. `text` marks the member
    that is the element's text (OpenAPI 3.2).
    """

    name: str = ""
    namespace: str = ""
    prefix: str = ""
    attribute: bool = False
    wrapped: bool = False
    text: bool = False
    members: tuple[tuple[str, Xml], ...] = ()
    items: Xml | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The request body. Its arguments stand in `Operation.arguments` under their places.

    `media_type` is what is sent; a range (`image/*`) where only the bytes given can tell.
    `offered` are the media types of the document as it spells them, the chosen one first.
    `members` says, for a form or multipart body that is one argument, how those of its members
    are written that are not written in the default way. `xml` is the root of an XML body, None
    where the argument is the text of the document itself. Of a body whose members are arguments,
    `demands` are schemas over those given, which all hold, and `null` says that it may be null.
    `or_types` are further media types that a file may have.
    """

    media_type: str
    required: bool
    offered: tuple[str, ...]
    members: tuple[tuple[str, Encoding], ...] = ()
    xml: Xml | None = None
    demands: tuple[JsonObject, ...] = ()
    null: bool = False
    or_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme that some kept operation uses.

    `credentials` are the constructor's keyword arguments that feed it, for example `("api_key",)`
    or `("username", "password")`.
    """

    name: str
    kind: Literal["apiKey", "basic", "bearer", "http", "oauth2", "openIdConnect", "mutualTLS"]
    credentials: tuple[str, ...]
    place: Literal["query", "header", "cookie"] | None = None
    wire: str = ""
    token_url: str = ""
    scopes: tuple[str, ...] = ()
    description: str = ""


Security = tuple[tuple[str, ...], ...]
"""Alternatives, each a set of scheme names that apply together; `()` inside means anonymous."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One tool, method and route.

    `path` is what requests use: percent-encoded text with *argument* names in its slots.
    `wire_path` is the path key as the document spells it. `server` is None where the operation
    is served with the others; else an absolute URL, or a path (`/v2`, `/`) that replaces the
    base URL's own below the same origin. `tokens` counts those of its tool. `hidden` are arguments
    of the typed method that the tool does not have, `bound` those that the client has. `title` is
    what a person is shown in place of the name; `reads` whether a call only reads, None where the
    method tells.
    """

    name: str
    method: str
    path: str
    wire_path: str
    summary: str
    description: str
    deprecated: bool
    tags: tuple[str, ...]
    operation_id: str
    arguments: tuple[Argument, ...]
    constants: tuple[Constant, ...]
    body: Body | None
    server: str | None
    security: Security
    accept: str
    returns: TypeRef
    pointer: str
    tokens: int
    hidden: tuple[Argument, ...] = ()
    bound: tuple[Bound, ...] = ()
    title: str = ""
    reads: bool | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """An argument of the client's constructor that operations send. `types` are JSON types that
    they want; `secret` values are shown to nobody."""

    name: str
    types: tuple[str, ...]
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A named choice of tools, in document order, and what they cost together."""

    name: str
    tools: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An operation that is in the document and not among the tools, and why."""

    method: str
    path: str
    pointer: str
    code: str
    reason: str
    remedy: str
    place: DocumentPlace


@dataclass(frozen=True, slots=True)
class Server:
    """A server of the document with its variables filled in by their defaults.

    `url` is absolute and without a slash at its end, or a path (relative to a host that the
    document does not tell), or empty (unknown, or private): then the caller must say where the
    API lives.
    """

    url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Api:
    """A whole document, lowered. Operations stand in document order.

    The first of `servers`, if there is one, is the base of requests. `security` is the document's
    own default. `excluded` counts operations that the user left out: those in the document are
    `operations`, `skipped` and these. `headers` go with every request.
    """

    title: str
    version: str
    summary: str
    servers: tuple[Server, ...]
    operations: tuple[Operation, ...]
    skipped: tuple[Skipped, ...]
    schemes: tuple[Scheme, ...]
    security: Security
    types: tuple[TypeDefinition, ...]
    excluded: int = 0
    bindings: tuple[Binding, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    presets: tuple[Preset, ...] = ()
