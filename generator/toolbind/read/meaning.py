"""What an object of a document plainly means where its author has slipped, and what to say of it.

    meant, findings = understood(node, "parameter", "3.0")

A field that is misspelt in its case, `yes` for true, one object in place of a list of one: what can
be read in one way only is read that way. Every field that is unknown, of another version or of the
wrong type is a finding, whether it can be read or not. Fields that `quarantine` judges are left to
it. Pure. Imports `diagnostics`, `fields`, `nodes` and `versions`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from toolbind.diagnostics import Diagnostic
from toolbind.read.fields import FIELDS, WORDS, Field, Form, ObjectKind
from toolbind.read.nodes import Node
from toolbind.read.versions import Family, kind_of

LIKE = 0.7
"""How much a key must resemble a field to be taken for a slip of the pen."""

_JUDGED: Final = frozenset(
    {
        ("operation", "parameters"),
        ("operation", "security"),
        ("pathItem", "parameters"),
        ("requestBody", "content"),
        ("parameter", "content"),
    }
)
"""Fields without which a request is not known: `quarantine` says what is wrong with them."""

_WANTED: Final[Mapping[Form, str]] = MappingProxyType(
    {
        "text": "text",
        "word": "text",
        "flag": "true or false",
        "object": "an object",
        "texts": "a list of texts",
        "words": "a list of texts",
        "parameters": "a list of parameters",
        "servers": "a list of servers",
        "requirements": "a list of security requirements",
    }
)


def understood(node: Node, kind: ObjectKind, family: Family) -> tuple[Node, list[Diagnostic]]:
    """The object at `node`, which is no reference, as it is meant, and what there is to say.

    What is no object comes back as it is.
    """
    if not isinstance(node.value, dict):
        return node, []
    reading = _Reading(node, kind, family)
    reading.read()
    value = node.value if reading.meant == node.value else reading.meant
    return Node(value, node.pointer, node.file), reading.findings


class _Reading:
    """One object while it is read."""

    def __init__(self, node: Node, kind: ObjectKind, family: Family) -> None:
        self._node = node
        self._kind: ObjectKind = kind
        self._family: Family = family
        self._known = {
            name: field for name, field in FIELDS[kind].items() if family in field.families
        }
        self.meant: dict[str, Any] = {}
        self.findings: list[Diagnostic] = []

    def read(self) -> None:
        for name, member in self._node.items():
            field = self._known.get(name)
            if field is not None:
                self._take(name, field, member)
            elif name.startswith("x-") or name == "$ref":
                self.meant[name] = member.value
            elif (right := self._same_but_case(name)) is not None:
                self._say("field-unknown", member, f"{name!r} is read as {right!r}")
                self._take(right, self._known[right], member)
            elif name in FIELDS[self._kind]:
                self._foreign(name, member)
            else:
                self._unknown(name, member)

    # --- fields that are known ------------------------------------------------------------------

    def _take(self, name: str, field: Field, member: Node) -> None:
        value = member.value
        form = field.form
        if form == "any" or _FITS[form](value):
            self.meant[name] = value
        elif value is None:
            if form != "text":
                self._say("field-type", member, f"{self._of(name)} is null; it counts as absent")
        elif (meant := _READINGS[form](value)) is not None:
            self.meant[name] = meant[0]
            self._wrong(name, form, member, f"it is read as {_shown(meant[0])}")
        elif (self._kind, name) in _JUDGED:
            self.meant[name] = value
        else:
            self._wrong(name, form, member, "it is left out")

    def _wrong(self, name: str, form: Form, member: Node, outcome: str) -> None:
        held = f"is {_shown(member.value)}, not {_WANTED[form]}"
        if isinstance(member.value, list) and form != "object":
            held = f"is not {_WANTED[form]} throughout"
        message = f"{self._of(name)} {held}; {outcome}"
        self._say("field-type", member, message)

    # --- keys that are not ----------------------------------------------------------------------

    def _same_but_case(self, name: str) -> str | None:
        """The field that a key means if case and separators are all that is wrong with it."""
        folded = _folded(name)
        right = next((each for each in self._known if _folded(each) == folded), None)
        return None if right is None or right in self._node.value else right

    def _foreign(self, name: str, member: Node) -> None:
        self.meant[name] = member.value
        families = sorted(FIELDS[self._kind][name].families)
        theirs = _version(families[0]) if len(families) == 1 else f"OpenAPI {families[0]} and later"
        message = f"{self._of(name)} is a field of {theirs}, and this is {_version(self._family)}"
        self._say(self._code("field-version"), member, message)

    def _unknown(self, name: str, member: Node) -> None:
        self.meant[name] = member.value
        near = get_close_matches(name[:100], list(self._known), n=1, cutoff=LIKE)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        if self._kind == "pathItem":
            message = f"{name!r} is no method and is passed over{hint}"
        else:
            message = f"{WORDS[self._kind]} has no field {name!r}, so it is passed over{hint}"
        self._say(self._code("field-unknown"), member, message)

    def _code(self, code: str) -> str:
        """An unknown key of a path item may be a method, so it has a finding of its own."""
        return "path-item-key" if self._kind == "pathItem" else code

    def _of(self, name: str) -> str:
        return f"{name!r} of {WORDS[self._kind]}"

    def _say(self, code: str, node: Node, message: str) -> None:
        self.findings.append(Diagnostic(code, node.place, message))


def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def _version(family: Family) -> str:
    return "Swagger 2.0" if family == "2.0" else f"OpenAPI {family}"


def _shown(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value!r}" if abs(value) < 1e15 else "a huge number"
        case str():
            return f"the text {value!a}" if len(value) <= 40 else "a long text"
        case list():
            return "a list of one" if len(value) == 1 else "a list"
        case _:
            return kind_of(value)


# --- what a value is, and what it is meant to be -------------------------------------------------


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _is_requirements(value: Any) -> bool:
    return _is_objects(value) and all(
        isinstance(scopes, list) for each in value for scopes in each.values()
    )


_FITS: Final[Mapping[Form, Callable[[Any], bool]]] = MappingProxyType(
    {
        "text": lambda value: isinstance(value, str),
        "word": lambda value: isinstance(value, str),
        "flag": lambda value: isinstance(value, bool),
        "object": lambda value: isinstance(value, dict),
        "texts": _is_texts,
        "words": _is_texts,
        "parameters": lambda value: isinstance(value, list),
        "servers": _is_objects,
        "requirements": _is_requirements,
    }
)

_Meant = tuple[Any] | None
"""What a value of the wrong type means, if that is plain."""

_FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    {
        **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
        **dict.fromkeys(("false", "no", "off", "n", "0"), False),
    }
)


def _flag(value: Any) -> _Meant:
    """YAML 1.1 read `yes` as true, and many writers still do."""
    known = _FLAGS.get(str(value).strip().lower()) if isinstance(value, str | int) else None
    return None if known is None else (known,)


def _text(value: Any) -> _Meant:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (str(value),) if isinstance(value, int | float) else None


def _object(value: Any) -> _Meant:
    return (value[0],) if _is_objects(value) and len(value) == 1 else None


def _texts(value: Any) -> _Meant:
    if not isinstance(value, list):
        one = (value,) if isinstance(value, str) else _text(value)
        return None if one is None else ([one[0]],)
    kept = [(each,) if isinstance(each, str) else _text(each) for each in value]
    return ([one[0] for one in kept if one is not None],)


def _words(value: Any) -> _Meant:
    listed = value if isinstance(value, list) else [value]
    kept = [each for each in listed if isinstance(each, str)]
    return (kept,) if kept or isinstance(value, list) else None


def _parameters(value: Any) -> _Meant:
    if not isinstance(value, dict) or not value:
        return None
    if value.keys() & {"name", "in", "$ref"}:
        return ([value],)
    inner = list(value.values())
    return (inner,) if _is_objects(inner) else None


def _servers(value: Any) -> _Meant:
    listed = value if isinstance(value, list) else [value]
    kept = list(_each_server(listed))
    return (kept,) if kept else None


def _each_server(listed: list[Any]) -> Iterator[dict[str, Any]]:
    for each in listed:
        if isinstance(each, str):
            yield {"url": each}
        elif isinstance(each, dict) and isinstance(each.get("url"), str):
            yield each


def _requirements(value: Any) -> _Meant:
    listed = value if isinstance(value, list) else [value]
    kept = [one[0] for each in listed if (one := _requirement(each)) is not None]
    return (kept,) if kept else None


def _requirement(value: Any) -> _Meant:
    if isinstance(value, str):
        return ({value: []},)
    if not isinstance(value, dict):
        return None
    return ({name: _scopes(scopes) for name, scopes in value.items()},)


def _scopes(value: Any) -> list[Any]:
    """Scopes as a list: one may stand alone, and an object holds what they mean."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else list(value) if isinstance(value, dict) else []


_READINGS: Final[Mapping[Form, Callable[[Any], _Meant]]] = MappingProxyType(
    {
        "text": _text,
        "word": lambda _: None,
        "flag": _flag,
        "object": _object,
        "texts": _texts,
        "words": _words,
        "parameters": _parameters,
        "servers": _servers,
        "requirements": _requirements,
    }
)
