"""Values that a schema allows: required members only, or everything; hostile where it is legal.

A value is proposed from the raw schema (references followed, `allOf` merged, one branch taken of
`oneOf` and `anyOf`) and handed out only if `jsonschema` accepts it. Imports dialect, document,
patterns, texts, views.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from tests.programs.corpus.dialect import TYPES, Dialect, compiles
from tests.programs.corpus.document import UnreadableError
from tests.programs.corpus.patterns import UnmatchableError, sample
from tests.programs.corpus.texts import ANY, Carrier
from tests.programs.corpus.views import NoValueError, merged, parts

ATTEMPTS = 14
DEPTH = 5
"""Optional members end here; required ones go on to twice this depth."""
NODES = 400
"""Values inside one value; beyond them only what is required is made."""

FORMATS = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T23:59:59.5Z",
    "time": "23:59:59Z",
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "email": "o'neil+tag@example.org",
    "uri": "https://example.org/a%20b?c=d&e=f#g",
    "url": "https://example.org/a?c=d&e",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "host.example.org",
    "byte": base64.b64encode(b"\x00bytes?>\xff").decode(),
}
_NAMES = ("extra", "two words", "k&v=1", "ключ", "x-y.z")
_TEXT_WORDS = ("pattern", "minLength", "maxLength", "format")
_NUMBER_WORDS = ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")


class Values:
    """Makes values of one document. `everything` says which of the two sets."""

    def __init__(self, dialect: Dialect, random: Random, everything: bool) -> None:
        self.dialect = dialect
        self.random = random
        self.everything = everything

    def make(self, schema: Any, carrier: Carrier = ANY, flat: bool = False, most: int = 3) -> Any:
        """A value the schema accepts; `flat`: a scalar, or at most an array or object of scalars.

        `most` bounds the items of arrays and members of flat objects. Raises NoValueError.
        """
        reason = "no proposal"
        for attempt in range(ATTEMPTS):
            try:
                maker = _Maker(self, carrier, flat, most, modest=attempt > ATTEMPTS // 2)
                value = maker.value(schema, 0)
            except (NoValueError, UnreadableError, UnmatchableError, RecursionError) as error:
                reason = str(error)
                continue
            complaint = self.dialect.complaint(schema, value)
            if complaint is None:
                return value
            reason = f"{complaint.validator}: {complaint.message[:80]}"
        raise NoValueError(reason)


class _Maker:
    """One proposal. `modest` makes the plainest choices, for schemas that are hard to please."""

    def __init__(
        self, values: Values, carrier: Carrier, flat: bool, most: int, modest: bool
    ) -> None:
        self.dialect = values.dialect
        self.random = values.random
        self.wants_all = values.everything and not (modest and values.random.random() < 0.5)
        self.nodes = 0
        self.carrier = carrier
        self.flat = flat
        self.most = most
        self.modest = modest

    def everything(self, depth: int) -> bool:
        return self.wants_all and depth < DEPTH and (depth == 0 or self.nodes < NODES)

    def value(self, schema: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > 2 * DEPTH or self.nodes > 10 * NODES:
            raise NoValueError("too deep")
        view = merged(self.dialect, schema, self.choice)
        if view is False:
            raise NoValueError("schema false")
        if "const" in view:
            return view["const"]
        if isinstance(view.get("enum"), list) and view["enum"]:
            return self.member_of(view)
        kind = self.kind(view, depth)
        if self.flat and depth and kind in ("array", "object"):
            raise NoValueError("nested value in a style")
        if kind == "null":
            if self.flat or self.carrier is not ANY:
                raise NoValueError("null has no text form")
            return None
        makers: dict[str, Callable[[dict[str, Any]], Any]] = {
            "string": self.text, "integer": self.integer, "number": self.number,
            "boolean": lambda view: self.random.random() < 0.5,
        }  # fmt: skip
        if kind in makers:
            return makers[kind](view)
        return self.array(view, depth) if kind == "array" else self.object(view, depth)

    # --- choices -------------------------------------------------------------------------------

    def choice(self, options: list[Any]) -> Any:
        real = [o for o in options if not (isinstance(o, dict) and o.get("type") == "null")]
        return self.random.choice(real if self.flat and real else options)

    def kind(self, view: dict[str, Any], depth: int) -> str:
        declared = view.get("type")
        names = declared if isinstance(declared, list) else [declared]
        names = ["string" if name == "file" else name for name in names]
        names = [name for name in names if isinstance(name, str) and name in TYPES]
        nullable = view.get("nullable") is True and bool(names) and not self.dialect.modern
        may_be_null = nullable and not self.flat and self.carrier is ANY
        if may_be_null and self.random.random() < 0.15:
            return "null"
        if self.flat and len(names) > 1:
            names = [name for name in names if name != "null"]
        if names:
            return str(self.random.choice(names))
        return self.implied(view, depth)

    def implied(self, view: dict[str, Any], depth: int) -> str:
        """The type that a schema without `type` speaks of."""
        if any(word in view for word in ("properties", "required", "additionalProperties")):
            return "object"
        if "items" in view or "prefixItems" in view:
            return "array"
        if any(word in view for word in _TEXT_WORDS) or self.flat or self.carrier is not ANY:
            return "string"
        if any(word in view for word in _NUMBER_WORDS):
            return "number"
        deep = depth >= DEPTH or self.modest
        return self.random.choice(["string", "integer", "boolean"] + ["object"] * (not deep))

    # --- scalars -------------------------------------------------------------------------------

    def member_of(self, view: dict[str, Any]) -> Any:
        kinds = view.get("type")
        allowed = kinds if isinstance(kinds, list) else [kinds]
        fitting = [v for v in view["enum"] if kinds is None or _json_type(v) & set(allowed)]
        if self.flat:
            fitting = [v for v in fitting if not isinstance(v, (list, dict)) and v is not None]
            fitting = [v for v in fitting if not isinstance(v, str) or self.carrier.carries(v)]
        if not fitting:
            raise NoValueError("no member of the enum fits")
        return self.random.choice(fitting)

    def text(self, view: dict[str, Any]) -> str:
        shortest = view.get("minLength") if isinstance(view.get("minLength"), int) else 0
        longest = view.get("maxLength") if isinstance(view.get("maxLength"), int) else None
        if (shortest or 0) > 100_000:
            raise NoValueError("too long")
        pattern = view.get("pattern")
        if isinstance(pattern, str) and compiles(pattern):
            least = max(shortest or 0, 0 if self.carrier.empty else 1)
            for _ in range(8):
                found = sample(pattern, self.random, least, longest)
                if self.carrier.carries(found):
                    return found
            raise NoValueError("the pattern's strings cannot be carried")
        known = FORMATS.get(str(view.get("format")))
        most = len(known or "") if longest is None else longest
        if known and self.carrier.carries(known) and (shortest or 0) <= len(known) <= most:
            return known
        return self.carrier.text(self.random, shortest or 0, longest)

    def integer(self, view: dict[str, Any]) -> int:
        return int(self.bounded(view, whole=True))

    def number(self, view: dict[str, Any]) -> float:
        return self.bounded(view, whole=False)

    def bounded(self, view: dict[str, Any], whole: bool) -> float:
        step = view.get("multipleOf")
        if not isinstance(step, (int, float)) or isinstance(step, bool) or step <= 0:
            step = None
        unit = step or (1 if whole else 0.25)
        low, high = _bounds(view, unit)
        candidates = [low, high, 0, 1, -1, 7, *([] if whole else [0.1, -2.5, 1234567.891, 1e-7])]
        if whole and view.get("format") == "int64":
            candidates.append(2**53 + 1)
        fitting = [
            c for c in candidates
            if c is not None and (low is None or c >= low) and (high is None or c <= high)
        ]  # fmt: skip
        if step:
            fitting = [math.ceil(c / step) * step for c in fitting]
        if whole:
            fitting = [int(c) for c in fitting if c == int(c)]
        if not fitting:
            raise NoValueError("no number within the bounds")
        return self.random.choice(fitting)

    # --- containers ----------------------------------------------------------------------------

    def array(self, view: dict[str, Any], depth: int) -> list[Any]:
        least = view.get("minItems") if isinstance(view.get("minItems"), int) else 0
        most = view.get("maxItems") if isinstance(view.get("maxItems"), int) else None
        least = max(least or 0, 1 if self.flat else 0)
        full = depth >= DEPTH or self.nodes > NODES
        wanted = 0 if full else self.random.randint(0, self.most)
        if self.everything(depth) and depth < 2:
            wanted = max(wanted, 1)
        count = max(least, min(wanted, self.most))
        count = count if most is None else min(count, most)
        if count > self.most and (self.flat or count > 200):
            raise NoValueError("more items than the place can carry")
        prefix = view.get("prefixItems") if self.dialect.modern else None
        schemas = [*parts(prefix)] + [view.get("items", {})] * count
        items: list[Any] = []
        for schema in schemas[:count]:
            for _ in range(6):
                item = self.value(schema, depth + 1)
                if view.get("uniqueItems") is not True or item not in items:
                    items.append(item)
                    break
        return items

    def object(self, view: dict[str, Any], depth: int) -> dict[str, Any]:
        members = view.get("properties")
        members = members if isinstance(members, dict) else {}
        required = [name for name in parts(view.get("required")) if isinstance(name, str)]
        made: dict[str, Any] = {}
        for name, schema in members.items():
            if self.dialect.is_read_only(schema):
                continue
            if name in required:
                made[name] = self.value(schema, depth + 1)
            elif self.everything(depth) and not (self.flat and len(made) >= self.most):
                self.optional(made, name, schema, depth)
        if self.flat and not made and not required:
            self.optional(made, *self.random.choice(list(members.items()) or [("", False)]), depth)
        additional = view.get("additionalProperties")
        for name in required:
            if name not in made and name not in members:
                made[name] = self.value(
                    additional if isinstance(additional, dict) else {}, depth + 1
                )
        self.extras(made, members, additional, view, depth)
        least = 1 if self.flat else 0
        if len(made) < least or (self.flat and len(made) > self.most):
            raise NoValueError("an object of this size has no form in the style")
        if self.flat and any(not self.name_fits(name) for name in made):
            raise NoValueError("a member's name cannot be carried")
        return made

    def name_fits(self, name: str) -> bool:
        return bool(name) and self.carrier.carries(name) and not set(name) & set("[]")

    def optional(self, made: dict[str, Any], name: str, schema: Any, depth: int) -> None:
        try:
            made[name] = self.value(schema, depth + 1)
        except (NoValueError, UnmatchableError):
            return

    def extras(
        self, made: dict[str, Any], members: Any, additional: Any, view: Any, depth: int
    ) -> None:
        """Members under `additionalProperties`, where the document declares them."""
        least = view.get("minProperties") if isinstance(view.get("minProperties"), int) else 0
        declared = isinstance(additional, dict) or additional is True
        wanted = 1 if declared and self.everything(depth) and depth < 3 and not self.modest else 0
        wanted = max(wanted, (least or 0) - len(made)) if additional is not False else 0
        if self.flat and declared and not made:
            wanted = max(wanted, 1)
        if wanted > 50:
            raise NoValueError("too many members")
        fresh = [name for name in _NAMES if name not in members and name not in made]
        if self.flat:
            fresh = [name for name in fresh if self.name_fits(name)]
        elif self.carrier is not ANY:
            fresh = [name for name in fresh if name.isidentifier() and name.isascii()]
        fresh += [f"extra{number}" for number in range(max(0, wanted - len(fresh)))]
        for name in fresh[:wanted]:
            made[name] = self.value(_schema(additional, {"type": "string"}), depth + 1)


def _schema(value: Any, fallback: dict[str, Any]) -> dict[str, Any]:
    return value if isinstance(value, dict) else fallback


def _json_type(value: Any) -> set[str]:
    if value is None:
        return {"null"}
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int):
        return {"integer", "number"}
    for kind, name in ((float, "number"), (str, "string"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return {name}
    return set()


def _bounds(view: dict[str, Any], unit: float) -> tuple[float | None, float | None]:
    return _bound(view, "minimum", unit), _bound(view, "maximum", -unit)


def _bound(view: dict[str, Any], word: str, inward: float) -> float | None:
    exclusive = view.get("exclusive" + word.capitalize())
    plain = view.get(word)
    numbers: Iterator[float] = (
        number + (inward if strict else 0)
        for number, strict in ((plain, exclusive is True), (exclusive, True))
        if isinstance(number, (int, float)) and not isinstance(number, bool)
    )
    found = list(numbers)
    if word == "minimum" and view.get("format") == "int32":
        found.append(-(2**31))
    if word == "maximum" and view.get("format") == "int32":
        found.append(2**31 - 1)
    if not found:
        return None
    return max(found) if word == "minimum" else min(found)
