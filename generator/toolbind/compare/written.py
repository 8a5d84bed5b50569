"""An API as the module tells it that was generated from it: for comparing what is written down.

    api = written(["<text of petstore.py>", "<text of petstore_types.py>"], count_tokens)

The texts are read as Python and never run; what is no statement of a generated module is passed
over. Two modules are compared by what both tell: where their documents' words stood is not in them.
Imports `ir`.
"""

from __future__ import annotations

import ast
import json
import keyword
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from toolbind import ir

Tables = Mapping[str, ast.expr]

Count = Callable[[Mapping[str, Any]], int]
"""The tokens of a tool."""

ANY: Final = ir.Plain("Any")
_LEFT_OUT: Final = frozenset({"Unset", "UNSET"})
_PLAIN: Final = {"FileInput": "bytes"}
_LISTS: Final = ("ENTRIES", "TOOLS")
_KINDS: Final[Mapping[str, Any]] = {
    each: each for each in ("basic", "bearer", "http", "oauth2", "openIdConnect", "mutualTLS")
}


def written(texts: Iterable[str], count: Count) -> ir.Api:
    """The API that generated files tell of together. Raises ValueError for what is no Python."""
    try:
        statements = [each for text in texts for each in ast.parse(text).body]
    except (SyntaxError, RecursionError) as error:
        raise ValueError(f"no Python: {error}") from None
    tables = dict(_assigned(statements))
    settings = _settings(tables)
    schemes = tuple(_schemes(_value(tables.get("_SCHEMES"), tables) or {}))
    security = _security(settings.get("security") or [])
    routes = _value(tables.get("_OPERATIONS"), tables) or {}
    methods = _methods(statements)
    return ir.Api(
        title=str(settings.get("title", "")),
        version="",
        summary="",
        servers=tuple(map(ir.Server, filter(None, [_value(tables.get("BASE_URL"), tables)]))),
        operations=tuple(
            _operation(tool, route or routes.get(tool["name"], {}), methods, security, count)
            for tool, route in _entries(tables)
        ),
        skipped=(),
        schemes=schemes,
        security=security,
        types=tuple(_types(statements)),
        bindings=tuple(
            ir.Binding(name, (), bool(secret))
            for name, secret in (settings.get("bindings") or {}).items()
        ),
        presets=tuple(
            ir.Preset(name, tuple(tools), 0)
            for name, tools in (settings.get("presets") or {}).items()
        ),
        headers=tuple((settings.get("headers") or {}).items()),
    )


# --- data ---------------------------------------------------------------------------------------


def _assigned(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for each in statements:
        if isinstance(each, ast.AnnAssign) and each.value is not None:
            yield ast.unparse(each.target), each.value
        elif isinstance(each, ast.Assign):
            yield ast.unparse(each.targets[0]), each.value


def _settings(tables: Tables) -> dict[str, Any]:
    """What `Api` is told as plain data."""
    call = tables.get("_API")
    given = call.keywords if isinstance(call, ast.Call) else []
    return {each.arg: _value(each.value, tables) for each in given if each.arg}


def _value(node: ast.expr | None, tables: Tables) -> Any:
    """The data that an expression is; None for any other."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            return {_value(key, tables): _value(each, tables) for key, each in pairs}
        case ast.List() | ast.Tuple():
            return [_value(each, tables) for each in node.elts]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Call(func=ast.Name(id="loads"), args=[ast.Constant(value=str() as text)]):
            return json.loads(text)
        case ast.Subscript(value=ast.Name(id=table), slice=ast.Constant(value=key)):
            entries = _value(tables.get(table), {})
            return entries.get(key) if isinstance(entries, dict) else None
    return None


def _entries(tables: Tables) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Each tool, and its route where it stands beside it."""
    listed = next((tables[name] for name in _LISTS if name in tables), None)
    shared = tables.get("_PARAMETERS")
    known: Tables = {} if shared is None else {"_PARAMETERS": shared}
    for call in listed.elts if isinstance(listed, ast.List) else ():
        if not isinstance(call, ast.Call) or not call.args:
            continue
        given = [*(_value(each, known) for each in call.args[:3]), None, None]
        name, description, properties = given[:3]
        more = {each.arg: _value(each.value, known) for each in call.keywords}
        parameters = {
            "type": "object",
            "properties": properties or more.get("parameters") or {},
            "required": more.get("required") or [],
        }
        tool = {"name": name, "description": description or "", "parameters": parameters}
        yield tool, more.get("route")


def _schemes(rows: Mapping[str, Any]) -> Iterator[ir.Scheme]:
    for name, row in rows.items():
        kind = _KINDS.get(row.get("type"), "apiKey")
        yield ir.Scheme(name, kind, tuple(row.get("credentials", ())), wire=row.get("name", ""))


def _security(alternatives: Iterable[Iterable[str]]) -> ir.Security:
    return tuple(tuple(each) for each in alternatives)


# --- operations ---------------------------------------------------------------------------------


def _operation(
    tool: Mapping[str, Any],
    row: Mapping[str, Any],
    methods: Mapping[str, ast.FunctionDef],
    security: ir.Security,
    count: Count,
) -> ir.Operation:
    method = methods.get(tool["name"])
    takes = _annotations(method)
    rows = row.get("arguments", {})
    path = row.get("path", "")
    for name, each in rows.items():
        path = path.replace(f"{{{name}}}", f"{{{each.get('wire', name)}}}")
    shown = tool["parameters"]["properties"]
    bound = {name: each for name, each in rows.items() if "bind" in each or "scheme" in each}
    hidden = [name for name in rows if name not in shown and name not in bound]

    def argument(name: str, schema: Mapping[str, Any], required: bool) -> ir.Argument:
        own = rows.get(name, {})
        spelt = f"{name}_" if keyword.iskeyword(name) or name == "self" else name
        kind = takes.get(spelt, ANY)
        place = own.get("in", "query")
        also = tuple(own.get("also", ()))
        wire = own.get("wire", name)
        return ir.Argument(name, wire, place, required, schema, kind, ir.Encoding(), "", also)

    required = tool["parameters"]["required"]
    description = tool["description"]
    return ir.Operation(
        name=tool["name"],
        method=row.get("method", ""),
        path=row.get("path", ""),
        wire_path=path,
        summary="",
        description=description,
        deprecated="deprecated" in description.lower(),
        tags=tuple(row.get("tags", ())),
        operation_id="",
        arguments=tuple(argument(name, each, name in required) for name, each in shown.items()),
        constants=tuple(
            ir.Constant(each.get("wire", ""), each["in"], each.get("value"), ir.Encoding())
            for each in row.get("constants", ())
        ),
        body=_body(row.get("body")),
        server=row.get("server"),
        security=_security(row["security"]) if "security" in row else security,
        accept=row.get("accept", ""),
        returns=_hint(method.returns) if method is not None else ANY,
        pointer="",
        tokens=count(tool),
        hidden=tuple(argument(name, {"type": "string"}, False) for name in hidden),
        bound=tuple(
            ir.Bound(
                argument(name, {"type": each.get("type", "string")}, bool(each.get("required"))),
                each.get("bind", ""),
                each.get("scheme", ""),
            )
            for name, each in bound.items()
        ),
        reads=row.get("reads"),
    )


def _body(row: Mapping[str, Any] | None) -> ir.Body | None:
    if row is None:
        return None
    return ir.Body(row.get("media_type", ""), bool(row.get("required")), ())


def _methods(statements: Sequence[ast.stmt]) -> dict[str, ast.FunctionDef]:
    """The methods of the synchronous client, by name."""
    classes = [each for each in statements if isinstance(each, ast.ClassDef)]
    return {
        method.name: method
        for each in classes
        if [ast.unparse(base) for base in each.bases] == ["SyncBase"]
        for method in each.body
        if isinstance(method, ast.FunctionDef)
    }


def _annotations(method: ast.FunctionDef | None) -> dict[str, ir.TypeRef]:
    arguments = method.args.kwonlyargs if method is not None else []
    return {each.arg: _hint(each.annotation) for each in arguments}


# --- types --------------------------------------------------------------------------------------


def _types(statements: Sequence[ast.stmt]) -> Iterator[ir.TypeDefinition]:
    for each in statements:
        match each:
            case ast.ClassDef(name=name, bases=[ast.Name(id="TypedDict")]):
                members = [m for m in each.body if isinstance(m, ast.AnnAssign)]
                pairs = [(ast.unparse(m.target), m.annotation) for m in members]
                yield ir.TypeDefinition(name, "", tuple(_member(*pair) for pair in pairs))
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="TypedDict"), args=[_, ast.Dict() as table]),
            ):
                found = [
                    _member(str(key.value), value)
                    for key, value in zip(table.keys, table.values, strict=True)
                    if isinstance(key, ast.Constant)
                ]
                yield ir.TypeDefinition(name, "", tuple(found))
            case ast.AnnAssign(
                target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias"), value=value
            ) if value is not None:
                yield ir.TypeDefinition(name, "", None, _hint(value))


def _member(wire: str, annotation: ast.expr) -> ir.Member:
    inner = _spelt(annotation)
    optional = isinstance(inner, ast.Subscript) and _name(inner.value) == "NotRequired"
    return ir.Member(wire, _hint(inner), not optional)


def _hint(node: ast.expr | None) -> ir.TypeRef:
    """A type as it is written in an annotation."""
    node = _spelt(node)
    match node:
        case ast.Constant(value=None):
            return ir.Plain("None")
        case ast.Name(id=name) if name in _PLAIN or name.islower() or name == "Any":
            return ir.Plain(_PLAIN.get(name, name))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return ir.Named(name)
        case ast.Subscript(value=value, slice=inner):
            return _subscript(_name(value), inner)
        case ast.BinOp(op=ast.BitOr()):
            options = [each for each in _options(node) if _name(each) not in _LEFT_OUT]
            found = tuple(dict.fromkeys(map(_hint, options)))
            return found[0] if len(found) == 1 else ir.Either(found)
    return ANY


def _subscript(name: str, inner: ast.expr) -> ir.TypeRef:
    if name == "Literal":
        values = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        return ir.Choice(tuple(_value(each, {}) for each in values))
    if name == "dict" and isinstance(inner, ast.Tuple):
        return ir.Mapped(_hint(inner.elts[1]))
    if name in ("Required", "NotRequired"):
        return _hint(inner)
    return ir.Listed(_hint(inner)) if name == "list" else ANY


def _options(node: ast.expr) -> Iterator[ast.expr]:
    node = _spelt(node)
    if isinstance(node, ast.BinOp):
        yield from _options(node.left)
        yield from _options(node.right)
    elif node is not None:
        yield node


def _spelt(node: ast.expr | None) -> Any:
    """The expression in an annotation that stands in quotes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.parse(node.value, mode="eval").body
    return node


def _name(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else ""
