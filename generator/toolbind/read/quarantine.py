"""What openapi-pydantic says against single objects of a document, as located findings.

An object is judged alone, and only by what decides about a request: `_JUDGED` lists the members
that its model gets to see. Everything else (schemas, answers, examples, prose, extensions) is left
out beforehand, so that it can neither cost an operation nor time: what is judged of a document is
in proportion to what is used of it. Imports `diagnostics`, `nodes`, `pointers`; openapi-pydantic
when something is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from toolbind.diagnostics import Place
from toolbind.read.nodes import Node
from toolbind.read.pointers import MISSING, join, step

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

Kind = Literal["operation", "parameter", "requestBody", "securityScheme"]
_Prune = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an object cannot be used: a `code` of the table of codes, where exactly, and what."""

    code: str
    place: Place
    message: str


# --- what is judged ------------------------------------------------------------------------------


def _as_is(value: Any) -> Any:
    return value


def _blank(_: Any) -> Any:
    return {}


def _reference(value: Any) -> Any:
    """An object that is judged elsewhere."""
    return {"$ref": "#"} if isinstance(value, dict) else value


def _list(prune: _Prune) -> _Prune:
    return lambda value: [prune(each) for each in value] if isinstance(value, list) else value


def _map(prune: _Prune) -> _Prune:
    def pruned(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: prune(each) for key, each in value.items()}

    return pruned


def _members(table: Mapping[str, _Prune], **given: Any) -> _Prune:
    """An object's members that are judged; null counts as absent, and a reference is blank.

    `given` are members that a model asks for although no request depends on them.
    """

    def pruned(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return {}
        judged = {
            key: prune(value[key]) for key, prune in table.items() if value.get(key) is not None
        }
        return {**given, **judged}

    return pruned


_SERIALIZED: Final[Mapping[str, _Prune]] = MappingProxyType(
    {"style": _as_is, "explode": _as_is, "allowReserved": _as_is}
)
_CONTENT: Final = _map(
    _members({"encoding": _map(_members({"contentType": _as_is, **_SERIALIZED}))})
)
_FLOW: Final = _members(
    {"authorizationUrl": _as_is, "tokenUrl": _as_is, "refreshUrl": _as_is}, scopes={}
)
_FLOWS: Final = ("implicit", "password", "clientCredentials", "authorizationCode")

_JUDGED: Final[Mapping[Kind, _Prune]] = MappingProxyType(
    {
        "operation": _members(
            {
                "parameters": _list(_reference),
                "requestBody": _reference,
                "security": _as_is,
            },
            responses={},
        ),
        "parameter": _members(
            {
                "name": _as_is,
                "in": _as_is,
                "required": _as_is,
                "allowEmptyValue": _as_is,
                "schema": _blank,
                "content": _CONTENT,
                **_SERIALIZED,
            }
        ),
        "requestBody": _members({"content": _CONTENT, "required": _as_is}),
        "securityScheme": _members(
            {
                "type": _as_is,
                "name": _as_is,
                "in": _as_is,
                "scheme": _as_is,
                "openIdConnectUrl": _as_is,
                "flows": _members(dict.fromkeys(_FLOWS, _FLOW)),
            }
        ),
    }
)


# --- judging -------------------------------------------------------------------------------------


class Quarantine:
    """Judges objects of one document by the models of its version, each object once."""

    def __init__(self, version: str) -> None:
        from openapi_pydantic.v3 import v3_0, v3_1

        models = v3_0 if version == "3.0" else v3_1
        self._models: dict[Kind, type[BaseModel]] = {
            "operation": models.Operation,
            "parameter": models.Parameter,
            "requestBody": models.RequestBody,
            "securityScheme": models.SecurityScheme,
        }
        self._verdicts: dict[tuple[str, str, Kind], Problem | None] = {}

    def check(self, node: Node, kind: Kind) -> Problem | None:
        """What the model of `kind` has against an object, or None."""
        key = (node.file, node.pointer, kind)
        if key not in self._verdicts:
            self._verdicts[key] = self._judge(node, kind)
        return self._verdicts[key]

    def _judge(self, node: Node, kind: Kind) -> Problem | None:
        from pydantic import ValidationError

        pruned = _JUDGED[kind](node.value)
        if isinstance(pruned, dict) and pruned.get("in") == "querystring":
            pruned["in"] = "query"  # OpenAPI 3.2; the models end at 3.1
        try:
            self._models[kind].model_validate(pruned)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            return _problem(node, _telling(found))
        return None


def _telling(errors: Iterable[ErrorDetails]) -> ErrorDetails:
    """The error that says most: the one that leads deepest, the first of equals.

    Where a model takes this or that, both complain; the deeper one knew what it was looking at.
    """
    return max(errors, key=lambda error: len(error["loc"]))


def _problem(node: Node, error: ErrorDetails) -> Problem:
    """The error at the value it is about; steps that the models added are passed over."""
    *around, last = map(str, error["loc"]) if error["loc"] else [""]
    is_missing = error["type"] == "missing"
    value, pointer = node.value, node.pointer
    for token in around if is_missing else (*around, last):
        member = step(value, token)
        if member is not MISSING:
            value, pointer = member, join(pointer, token)
    told = f"{error['msg'][:1].lower()}{error['msg'][1:]}"
    message = f"{last!r} is missing" if is_missing else f"{pointer.rpartition('/')[2]!r}: {told}"
    return Problem("openapi-invalid", Place(node.file, pointer), message)
