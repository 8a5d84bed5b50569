"""The view of a schema's own keywords: no reference followed, no composition merged.

Imports `keywords`, `algebra`, `merge`, `view`, `read.document` and `diagnostics`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toolbind.diagnostics import Report
from toolbind.lower.schemas.algebra import ABOUT, canonical, distinct, of_types, ordered
from toolbind.lower.schemas.keywords import (
    CONDITIONS,
    FILE,
    READABLE,
    complain_of_schema,
    is_schema,
    shape,
)
from toolbind.lower.schemas.merge import reconcile, trim
from toolbind.lower.schemas.view import ANY, View
from toolbind.lower.schemas.wishes import wishes_of
from toolbind.read.document import Node


def own_view(node: Node, found: Mapping[str, Any], version: str, report: Report) -> View:
    """What the keywords `found` in the schema at `node` say by themselves."""
    wanted = wishes_of(node)
    view = View(
        node=node,
        types=_types(found),
        title=found.get("title", ""),
        description=wanted.description or found.get("description", ""),
        hide=wanted.hide,
        properties=_children(node, "properties", report) if "properties" in found else {},
        required=tuple(dict.fromkeys(found.get("required", ()))),
        items=node.get("items") if "items" in found else None,
        prefix=tuple(_elements(node, "prefixItems", report)) if "prefixItems" in found else (),
        enum=_spelt(node, found, _values(found, version), report),
        negated=node.get("not") if "not" in found else None,
        limits=_limits(found),
        dependent=_dependent(found),
        format="binary" if FILE in _names(found) else found.get("format", ""),
        pattern=found.get("pattern", ""),
        media_type=found.get("contentMediaType", ""),
        content_encoding=found.get("contentEncoding", ""),
        annotations={**_annotations(found, version), **wanted.annotations},
        discriminator=_discriminator(found),
        read_only=found.get("readOnly", False),
        write_only=found.get("writeOnly", False),
        deprecated=found.get("deprecated", False),
        exact=_is_exact(node, found, version, report),
        **_undeclared(node, found, version, report),
    )
    return trim(_agreed(view, report))


# --- types and values ----------------------------------------------------------------------------


def _names(found: Mapping[str, Any]) -> Sequence[str]:
    said = found.get("type", ())
    return (said,) if isinstance(said, str) else said


def _types(found: Mapping[str, Any]) -> tuple[str, ...]:
    names = _names(found)
    return ordered("string" if name == FILE else name for name in names) if names else ANY


def _values(found: Mapping[str, Any], version: str) -> tuple[Any, ...] | None:
    enum = distinct(found["enum"]) if "enum" in found else None
    if "const" not in found or version == "3.0":
        return enum
    only = canonical(found["const"])
    return tuple(v for v in enum or () if canonical(v) == only) or (found["const"],)


def _spelt(
    node: Node, found: Mapping[str, Any], values: tuple[Any, ...] | None, report: Report
) -> tuple[Any, ...] | None:
    """The allowed values of a text as texts: numbers and booleans among them lack their quotes."""
    bare = [each for each in values or () if isinstance(each, bool | int | float)]
    if not bare or not {"string"} <= set(_names(found)) <= {"string", "null"}:
        return values
    words = f"the type is string, so {_listed(bare)} among the allowed values is read as text"
    report.say("schema-enum", node.place, words)
    return distinct(
        json.dumps(each) if isinstance(each, bool | int | float) else each for each in values or ()
    )


def _agreed(view: View, report: Report) -> View:
    """The view with types and values in agreement. A null that the type forbids is left out in
    silence: listing it beside the others is a habit."""
    agreed, dropped = reconcile(view)
    types = "/".join(view.types)
    if dropped:
        if dropped != (None,):
            words = f"the type is {types}, so {_listed(dropped)} cannot be given"
            report.say("schema-enum", view.node.place, words)
        return agreed
    if view.enum is None or of_types(view.enum, view.types):
        return agreed
    words = f"the type is {types}, but the allowed values are {'/'.join(agreed.types)}"
    report.say("schema-enum", view.node.place, words)
    return replace(agreed, exact=False)


def _listed(values: Sequence[Any]) -> str:
    shown = ", ".join(shape(value) for value in values[:3])
    return shown + (f" and {len(values) - 3} more" if len(values) > 3 else "")


# --- numbers, members, elements ------------------------------------------------------------------


def _limits(found: Mapping[str, Any]) -> dict[str, Any]:
    limits = {name: found[name] for name in ABOUT if name in found}
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = limits.get(exclusive)
        if isinstance(flag, bool):
            del limits[exclusive]
            if flag and inclusive in limits:
                limits[exclusive] = limits.pop(inclusive)
    if limits.get("uniqueItems") is False:
        del limits["uniqueItems"]
    return limits


def _dependent(found: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(others)
        for name, others in found.get("dependentRequired", {}).items()
        if isinstance(others, list) and all(isinstance(other, str) for other in others)
    }


def _undeclared(
    node: Node, found: Mapping[str, Any], version: str, report: Report
) -> dict[str, Any]:
    patterned: tuple[Node, ...] = ()
    if "patternProperties" in found:
        if version == "3.0":
            return {}
        patterned = tuple(_children(node, "patternProperties", report).values())
    if "additionalProperties" not in found:
        return {"patterned": patterned}
    if found["additionalProperties"] is False:
        return {"patterned": patterned, "closed": True}
    return {"patterned": patterned, "additional": node.get("additionalProperties")}


def _children(node: Node, name: str, report: Report) -> dict[str, Node]:
    holder = node.get(name)
    return {child: _schema(each, report) for child, each in (holder.items() if holder else ())}


def _elements(node: Node, name: str, report: Report) -> Iterator[Node]:
    listed = node.get(name)
    for each in listed.elements() if listed else ():
        yield _schema(each, report)


def _schema(node: Node, report: Report) -> Node:
    """The node, or one that allows anything if it holds no schema."""
    if is_schema(node.value):
        return node
    complain_of_schema(node, report)
    return Node(True, node.pointer, node.file)


# --- notes ---------------------------------------------------------------------------------------


def _annotations(found: Mapping[str, Any], version: str) -> dict[str, Any]:
    told = ("default", "example", "const") if version == "3.0" else ("default", "example")
    kept = {name: found[name] for name in told if name in found}
    if found.get("examples"):
        kept.setdefault("example", found["examples"][0])
    return kept


def _discriminator(found: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    said = found.get("discriminator", {})
    member, mapping = said.get("propertyName"), said.get("mapping")
    if not isinstance(member, str) or not isinstance(mapping, dict):
        return None
    return member, tuple(mapping)


def _is_exact(node: Node, found: Mapping[str, Any], version: str, report: Report) -> bool:
    """Whether the fields of a view say all that the keywords say."""
    table = READABLE[version]
    whole = "pattern" not in found and all(name in found for name in node.value if name in table)
    if version == "3.0":
        return whole
    conditions = [name for name in CONDITIONS if name in node.value]
    if conditions and conditions != ["unevaluatedProperties"]:
        names = ", ".join(f"`{name}`" for name in conditions)
        report.say("schema-widened", node.place, f"{names}: left out")
        return False
    return whole
