"""The document's schemas as JSON Schema 2020-12, and `jsonschema` as the judge of values.

What OpenAPI adds or spells otherwise is translated (3.0: `nullable`, boolean `exclusiveMinimum`,
siblings of `$ref` without effect); `readOnly` members are not required in requests; keywords with a
value of the wrong JSON type say nothing. Formats are annotations. Imports document.
"""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tests.programs.corpus.document import Raw, UnreadableError

TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}

_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")
_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_SINCE_31 = {"prefixItems", "contains", "propertyNames", "if", "then", "else", "const"} | {
    "dependentSchemas", "patternProperties", "dependentRequired", *_UNEVALUATED,
}  # fmt: skip


class Dialect:
    """All schemas of one document that were asked about, translated once each."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.modern = raw.version >= (3, 1)
        self._keys: dict[str, str] = {}
        self._defs: dict[str, Any] = {}
        self._pending: list[tuple[str, str]] = []

    def accepts(self, schema: Any, value: Any) -> bool:
        """Whether the document allows `value` in a request at this schema."""
        return self.complaint(schema, value) is None

    def complaint(self, schema: Any, value: Any) -> ValidationError | None:
        translated = {"allOf": [self._translated(schema)], "$defs": self._defs}
        while self._pending:
            key, reference = self._pending.pop()
            self._defs[key] = self._translated(self._target(reference))
        return next(Draft202012Validator(translated).iter_errors(value), None)

    def is_read_only(self, schema: Any) -> bool:
        resolved = self.raw.resolve(schema)
        if not isinstance(resolved, dict):
            return False
        if resolved.get("readOnly") is True:
            return True
        if self.modern and isinstance(schema, dict) and schema.get("readOnly") is True:
            return True
        parts = resolved.get("allOf")
        return isinstance(parts, list) and any(self.is_read_only(part) for part in parts)

    def facets(self, schema: Any, word: str) -> list[Any]:
        """Values of a keyword in a schema and in all that it is composed of, outermost first."""
        found: list[Any] = []
        seen: set[int] = set()
        todo = [schema]
        while todo:
            here = todo.pop(0)
            if not isinstance(here, dict) or id(here) in seen:
                continue
            seen.add(id(here))
            if "$ref" in here:
                todo.append(self.raw.resolve(here))
                if not self.modern:
                    continue
            if word in here:
                found.append(here[word])
            for composition in ("allOf", "oneOf", "anyOf"):
                todo += here.get(composition) or []
        return found

    def member(self, schema: Any, name: str) -> Any:
        """The schema of a member: declared, else that of additional ones."""
        for properties in self.facets(schema, "properties"):
            if isinstance(properties, dict) and name in properties:
                return properties[name]
        return next(iter(self.facets(schema, "additionalProperties")), {})

    def items(self, schema: Any) -> Any:
        return next(iter(self.facets(schema, "items")), {})

    def _translated(self, schema: Any) -> Any:
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, dict):
            return {}
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return self._keywords(schema)
        link = {"$ref": f"#/$defs/{self._key(reference)}"}
        siblings = self._keywords(schema) if self.modern else {}
        return {"allOf": [link, siblings]} if siblings else link

    def _key(self, reference: str) -> str:
        key = self._keys.get(reference)
        if key is None:
            key = self._keys[reference] = str(len(self._keys))
            self._pending.append((key, reference))
        return key

    def _target(self, reference: str) -> Any:
        try:
            return self.raw.lookup(reference)
        except UnreadableError:
            return {}  # says nothing, so it allows everything

    def _keywords(self, schema: dict[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for word, value in schema.items():
            if word in _SINCE_31 and not self.modern:
                continue
            if (word in _ONE and isinstance(value, (dict, bool))) or word in _UNEVALUATED:
                out[word] = self._translated(value)
            elif word in _LISTS and isinstance(value, list) and value:
                out[word] = [self._translated(item) for item in value]
            elif word in _MAPS and isinstance(value, dict):
                out[word] = {name: self._translated(item) for name, item in value.items()}
            elif word in _COUNTS and isinstance(value, int) and not isinstance(value, bool):
                out[word] = value
            elif word in _BOUNDS and isinstance(value, (int, float)):
                self._bound(word, value, schema, out)
            else:
                self._plain(word, value, schema, out)
        self._type(schema, out)
        return out

    def _bound(self, word: str, value: Any, schema: dict[str, Any], out: dict[str, Any]) -> None:
        if not isinstance(value, bool):
            exclusive = "exclusive" + word.capitalize()
            out[exclusive if schema.get(exclusive) is True else word] = value

    def _plain(self, word: str, value: Any, schema: dict[str, Any], out: dict[str, Any]) -> None:
        if word == "required" and isinstance(value, list):
            members = schema.get("properties")
            members = members if isinstance(members, dict) else {}
            names = [name for name in value if isinstance(name, str)]
            out[word] = [n for n in names if n not in members or not self._hidden(members[n])]
        elif (
            (word == "enum" and isinstance(value, list) and value)
            or word == "const"
            or (word == "uniqueItems" and isinstance(value, bool))
            or (word == "pattern" and isinstance(value, str) and compiles(value))
            or (word == "dependentRequired" and isinstance(value, dict))
        ):
            out[word] = value

    def _hidden(self, member: Any) -> bool:
        try:
            return self.is_read_only(member)
        except UnreadableError:
            return False

    def _type(self, schema: dict[str, Any], out: dict[str, Any]) -> None:
        declared = schema.get("type")
        names = declared if isinstance(declared, list) else [declared]
        if declared == "file":  # Swagger 2.0
            names = ["string"]
        if not names or not all(isinstance(name, str) and name in TYPES for name in names):
            return
        # 3.0.3: nullable has an effect only beside `type`; an enum must list null by itself.
        if not self.modern and (schema.get("nullable") is True):
            names = [*names, "null"]
        out["type"] = names[0] if len(names) == 1 else sorted(set(names))


def compiles(pattern: str) -> bool:
    """Whether Python can run this pattern. What it cannot run (Perl, Java) is not judged."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
