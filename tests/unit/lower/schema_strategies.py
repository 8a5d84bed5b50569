"""Hypothesis strategies: documents of schemas over nearly all keywords, and values for them.

Values are steered by the schema, so that many are accepted, and left to chance, so that some
are not. Names, texts and numbers come from small sets: then keywords meet each other.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "d")
KEYS = (*NAMES, "e", "x1")
COMPONENTS = ("Root", "One", "Two", "Three")
STRINGS = st.text("ab", max_size=4)
NUMBERS = st.integers(-4, 4) | st.sampled_from((-1.5, -0.5, 0.5, 1.0, 1.5, 2.5))
SCALARS = st.none() | st.booleans() | NUMBERS | STRINGS

VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn, version: str) -> dict[str, Any]:
    """A document whose component `Root` may refer to the others, and they to each other."""
    schemas = {name: draw(_schemas(version, 3)) for name in COMPONENTS}
    return {
        "openapi": f"{version}.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}}},
        "components": {"schemas": schemas},
    }


@st.composite
def _schemas(draw: st.DrawFn, version: str, depth: int) -> Any:
    later = version == "3.1"
    kinds = ["scalar", "scalar", "enum"]
    if depth > 0:
        kinds += ["object", "object", "array", "composed", "composed", "reference", "any"]
    if later and depth > 0:
        kinds += ["boolean"]
    kind = draw(st.sampled_from(kinds))
    if kind == "boolean":
        return draw(st.booleans())
    makers = {
        "scalar": _scalar,
        "enum": _enum,
        "object": _object,
        "array": _array,
        "composed": _composed,
        "reference": _reference,
        "any": _anything,
    }
    schema = draw(makers[kind](version, depth))
    if kind != "reference" and draw(st.integers(0, 5)) == 5:
        schema["nullable"] = True
    if draw(st.integers(0, 7)) == 7:
        schema["description"] = draw(st.sampled_from(("The a.", "What `b` is", "Some text.")))
    return schema


def _some(draw: st.DrawFn, **choices: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Each keyword with a chance of one in three."""
    return {
        name: draw(strategy) for name, strategy in choices.items() if draw(st.integers(0, 2)) == 2
    }


def _typed(draw: st.DrawFn, version: str, name: str) -> dict[str, Any]:
    """`type`, mostly as it is, sometimes left out, in 3.1 sometimes with others."""
    chance = draw(st.integers(0, 9))
    if chance == 9:
        return {}
    if chance == 8 and version == "3.1":
        others = st.sampled_from(("null", "string", "integer", "array", "object", "boolean"))
        return {"type": list(dict.fromkeys((name, draw(others))))}
    return {"type": name}


@st.composite
def _scalar(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(("string", "integer", "number", "boolean")))
    schema = _typed(draw, version, kind)
    sizes = st.integers(0, 3)
    if kind == "string":
        patterns = st.sampled_from(("^a", "b$", "^[ab]*$"))
        formats = st.sampled_from(("date", "uuid", "binary"))
        schema |= _some(draw, minLength=sizes, maxLength=sizes, pattern=patterns, format=formats)
    if kind in ("integer", "number"):
        schema |= _some(
            draw,
            minimum=NUMBERS,
            maximum=NUMBERS,
            multipleOf=st.sampled_from((1, 2, 3, 0.5, 1.5)),
        )
        bound: st.SearchStrategy[Any] = st.booleans() if version == "3.0" else NUMBERS
        schema |= _some(draw, exclusiveMinimum=bound, exclusiveMaximum=bound)
    return schema


@st.composite
def _enum(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    typed = draw(st.sampled_from(("string", "integer", "boolean", "object", "")))
    values = draw(st.lists(VALUES if draw(st.booleans()) else SCALARS, min_size=1, max_size=4))
    schema: dict[str, Any] = {"enum": values}
    if version == "3.1" and draw(st.booleans()):
        schema = {"const": values[0]}
    return {"type": typed, **schema} if typed and draw(st.booleans()) else schema


@st.composite
def _object(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    inner = _schemas(version, depth - 1)
    schema = _typed(draw, version, "object")
    schema |= _some(
        draw,
        required=st.lists(st.sampled_from(KEYS), max_size=2, unique=True),
        additionalProperties=st.booleans() | inner,
        minProperties=st.integers(0, 2),
        maxProperties=st.integers(1, 4),
    )
    if draw(st.integers(0, 4)):
        schema["properties"] = draw(st.dictionaries(st.sampled_from(NAMES), inner, max_size=3))
    if version == "3.1":
        needs = st.lists(st.sampled_from(KEYS), max_size=2, unique=True)
        schema |= _some(
            draw,
            dependentRequired=st.dictionaries(st.sampled_from(NAMES), needs, max_size=2),
            patternProperties=st.dictionaries(st.sampled_from(("^x", "^[ab]$")), inner, max_size=2),
        )
        if draw(st.integers(0, 7)) == 7:
            schema["unevaluatedProperties"] = False
    return schema


@st.composite
def _array(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    inner = _schemas(version, depth - 1)
    schema = _typed(draw, version, "array")
    sizes = st.integers(0, 3)
    schema |= _some(draw, minItems=sizes, maxItems=sizes, uniqueItems=st.booleans())
    if version == "3.0" or draw(st.integers(0, 3)):
        schema["items"] = draw(inner)
    if version == "3.1":
        schema |= _some(draw, prefixItems=st.lists(inner, min_size=1, max_size=2))
        schema |= _some(draw, contains=inner)
    return schema


@st.composite
def _composed(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    inner = _schemas(version, depth - 1)
    schema: dict[str, Any] = {}
    if draw(st.booleans()):
        schema = draw(_object(version, depth - 1) | _scalar(version, depth - 1))
    for name in draw(
        st.lists(st.sampled_from(("allOf", "anyOf", "oneOf")), min_size=1, max_size=2)
    ):
        schema[name] = draw(st.lists(inner, min_size=1, max_size=3))
    if draw(st.integers(0, 4)) == 4:
        schema["not"] = draw(inner)
    return schema


@st.composite
def _reference(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    """A reference, now and then with siblings. Never a bare chain, which could be a cycle."""
    name = draw(st.sampled_from(COMPONENTS[1:]))
    reference = {"$ref": f"#/components/schemas/{name}"}
    if draw(st.integers(0, 2)) == 2:
        reference |= draw(_scalar(version, 0) | _object(version, 1))
    return {"allOf": [reference]} if draw(st.booleans()) else {"anyOf": [reference, {}]}


@st.composite
def _anything(draw: st.DrawFn, version: str, depth: int) -> dict[str, Any]:
    return _some(draw, description=st.just("Anything."), default=SCALARS)


# --- values --------------------------------------------------------------------------------------


@st.composite
def values_for(draw: st.DrawFn, document: dict[str, Any], schema: Any, depth: int = 4) -> Any:
    """A value that looks like one that the schema allows."""
    if depth <= 0 or not isinstance(schema, dict) or draw(st.integers(0, 7)) == 0:
        return draw(VALUES)
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = document["components"]["schemas"][name]
        return draw(values_for(document, target, depth - 1))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    options = [part for name in ("anyOf", "oneOf", "allOf") for part in schema.get(name, ())]
    mixed: bool = draw(st.booleans())
    if options and mixed:
        return draw(_mixed(document, schema, options, depth))
    said = schema.get("type", ())
    types = [said] if isinstance(said, str) else list(said)
    kind = draw(st.sampled_from(types or ["object" if "properties" in schema else "any"]))
    if kind == "object":
        return draw(_objects(document, schema, depth))
    if kind == "array":
        inner = schema.get("items", True)
        prefix = [draw(values_for(document, s, depth - 1)) for s in schema.get("prefixItems", ())]
        return prefix + draw(st.lists(values_for(document, inner, depth - 1), max_size=3))
    plain = {"string": STRINGS, "integer": st.integers(-4, 4), "number": NUMBERS}
    plain |= {"boolean": st.booleans(), "null": st.none()}
    return draw(plain.get(kind, VALUES))


@st.composite
def _mixed(
    draw: st.DrawFn,
    document: dict[str, Any],
    schema: dict[str, Any],
    options: list[Any],
    depth: int,
) -> Any:
    """A value for one of several parts; objects get members of the others as well."""
    value = draw(values_for(document, draw(st.sampled_from(options)), depth - 1))
    if isinstance(value, dict):
        for part in (*options, schema):
            if isinstance(part, dict) and draw(st.booleans()):
                more = draw(values_for(document, {**part, "allOf": []}, depth - 1))
                value |= more if isinstance(more, dict) else {}
    return value


@st.composite
def _objects(draw: st.DrawFn, document: dict[str, Any], schema: dict[str, Any], depth: int) -> Any:
    members = schema.get("properties", {})
    required = [name for name in schema.get("required", ()) if draw(st.integers(0, 9))]
    names = [name for name in members if name in required or draw(st.booleans())]
    names += [name for name in required if name not in names]
    if draw(st.booleans()):
        names.append(draw(st.sampled_from(KEYS)))
    other = schema.get("additionalProperties", True)
    return {name: draw(values_for(document, members.get(name, other), depth - 1)) for name in names}
