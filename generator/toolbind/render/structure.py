"""Proof that a rendered file is the program that the templates describe and nothing else.

The text is parsed again and every statement is matched against the closed grammar below: which
statements may stand where, what may be called, what a hint is made of; all else must be plain data.
Constants may differ from document to document, structure may not. Imports `present` and `chunks`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NoReturn

from toolbind.present import BESIDE
from toolbind.present.literals import HIDDEN
from toolbind.render.chunks import parsed

IMPORTED = frozenset(
    {
        *((0, "__future__"), (0, "json"), (0, "typing")),
        *((1, "_runtime"), (0, "toolbind_runtime"), (1, None)),
    }
)
"""What a file may import from: level and module; the last is its own package. Beside these, the
files of its own module."""

CALLED = frozenset({"Api", "LazyModule", "later", "routes_of", "tools_of"})
"""What a file may call when it is imported, beside `loads`, `tool` and `TypedDict` with data."""

OWNERS = frozenset({"_API", "_runtime"})
"""Whose attributes a file may give a name of its own."""

DEFAULTS = frozenset({"BASE_URL", "UNSET"})
"""What a parameter may default to, beside None."""


class StructureError(RuntimeError):
    """A rendered file holds what no template prints: a bug of toolbind, never of its caller."""


def prove(text: str, *, methods: int = 0, module: str = "") -> None:
    """Raise StructureError unless `text` is made as the templates make it.

    `methods` counts the methods that its classes together must have, constructors aside; `module`
    is what the names of the files begin with from which it may import.
    """
    _refuse_hidden(text)
    try:
        _prove(parsed(text), methods, module)
    except (SyntaxError, StructureError):
        _prove(_whole(text), methods, module)  # says where, and knows no cuts


def _whole(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError as error:
        raise StructureError(f"line {error.lineno}: {error.msg}") from None


def _prove(statements: Iterable[ast.stmt], methods: int, module: str) -> None:
    found = 0
    for node in statements:
        _one_of(_MODULE, node)
        for each in [*node.body, *node.orelse] if isinstance(node, ast.If) else [node]:
            if isinstance(each, ast.ImportFrom) and not _may_import(each, module):
                _refuse(each)
        if isinstance(node, ast.ClassDef):
            found += sum(map(_delegates, node.body))
    if found != methods:
        raise StructureError(f"{found} methods where {methods} were meant")


_UNUSUAL = re.compile(r"[^\n\x20-\x7e]+")


def _refuse_hidden(text: str) -> None:
    for unusual in _UNUSUAL.finditer(text):
        hidden = HIDDEN.search(unusual[0])
        if hidden:
            line = text.count("\n", 0, unusual.start()) + 1
            raise StructureError(f"line {line}: a hidden character stands raw: {hidden[0]!a}")


Check = Callable[[Any], bool]


def _one_of(table: Mapping[type[ast.AST], Check], node: ast.AST) -> None:
    """A kind of node that the table lacks, or whose check fails, ends the proof."""
    check = table.get(type(node))
    if check is None or not check(node):
        _refuse(node)


def _refuse(node: ast.AST) -> NoReturn:
    line = getattr(node, "lineno", 0)
    raise StructureError(f"line {line}: no template prints this {type(node).__name__}")


# --- statements --------------------------------------------------------------------------------


def _documentation(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _import(node: ast.ImportFrom) -> bool:
    return all(name.name != "*" for name in node.names)


def _import_whole(node: ast.Import) -> bool:
    """The runtime, where it is installed."""
    return [(each.name, each.asname) for each in node.names] == [("toolbind_runtime", "_runtime")]


def _may_import(node: ast.ImportFrom, module: str) -> bool:
    own = {(1, f"{module}{end}") for end in ("", *BESIDE)} if module else set()
    return (node.level, node.module) in IMPORTED | own


def _type_checking(node: ast.If) -> bool:
    test = node.test
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    return _name(test) == "TYPE_CHECKING" and all(map(_conditional, [*node.body, *node.orelse]))


def _conditional(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return _import(node)
    return isinstance(node, ast.Assign) and _assignment(node)


def _assignment(node: ast.Assign) -> bool:
    return len(node.targets) == 1 and _name(node.targets[0]) != "" and _value(node.value)


def _annotated(node: ast.AnnAssign) -> bool:
    if not _name(node.target) or not _hint(node.annotation):
        return False
    if node.value is None:
        return True
    alias = _name(node.annotation) == "TypeAlias"
    return _hint(node.value) if alias else _data(node.value)


def _class(node: ast.ClassDef) -> bool:
    if node.decorator_list or node.keywords or not all(map(_name, node.bases)):
        return False
    for each in node.body:
        _one_of(_CLASS, each)
    return True


def _owned(node: ast.If) -> bool:
    """`if not TYPE_CHECKING: _api = _API`: whose client a class is, which type checkers know."""
    if not _type_checking(node) or node.orelse or len(node.body) != 1:
        return False
    (given,) = node.body
    return (
        isinstance(given, ast.Assign)
        and [_name(each) for each in given.targets] == ["_api"]
        and _name(given.value) == "_API"
    )


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A constructor, or a method of a docstring and one statement that delegates."""
    signature = node.args
    if node.decorator_list or signature.posonlyargs or signature.vararg:
        return False
    parameters = [*signature.args, *signature.kwonlyargs]
    extra = [signature.kwarg] if signature.kwarg else []
    hints = [each.annotation for each in (*parameters, *extra)]
    defaults = [*signature.defaults, *signature.kw_defaults]
    if not all(hint is None or _hint(hint) for hint in [*hints, node.returns]):
        return False
    if not all(each is None or _default(each) for each in defaults):
        return False
    known: set[str | None] = {each.arg for each in (*parameters, *extra)}
    if node.name == "__init__":
        return len(node.body) == 1 and _constructs(node.body[0], known)
    return len(node.body) == 2 and _delegates(node) and _passes_on(node.body[1], known)


def _default(node: ast.expr) -> bool:
    return _name(node) in DEFAULTS or (isinstance(node, ast.Constant) and node.value is None)


def _delegates(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
        and _documentation(node.body[0])
    )


def _passes_on(node: ast.stmt, known: Collection[str | None]) -> bool:
    """`return self._call("name", argument=argument, **{"in": in_})`, awaited or not, returned or
    not."""
    if not isinstance(node, ast.Return | ast.Expr):
        return False
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    return (
        isinstance(call, ast.Call)
        and _attribute(call.func) == ("self", "_call")
        and len(call.args) == 1
        and _text(call.args[0])
        and all(_passes(each, known) for each in call.keywords)
    )


def _passes(given: ast.keyword, known: Collection[str | None]) -> bool:
    """`argument=argument`, or `**{"in": in_}` for the names that Python has taken."""
    if given.arg is None:
        return _table_of_names(given.value, known)
    return _name(given.value) == given.arg and given.arg in known


def _constructs(node: ast.stmt, known: Collection[str | None]) -> bool:
    """`super().__init__(base_url, {...}, **options)`."""
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "__init__"
        and isinstance(call.func.value, ast.Call)
        and _name(call.func.value.func) == "super"
        and not [*call.func.value.args, *call.func.value.keywords]
        and all(_name(each) in known or _table_of_names(each, known) for each in call.args)
        and all(_name(each.value) in known for each in call.keywords)
    )


def _table_of_names(node: ast.expr, known: Collection[str | None]) -> bool:
    return (
        isinstance(node, ast.Dict)
        and all(key is not None and _text(key) for key in node.keys)
        and all(_name(each) in known for each in node.values)
    )


# --- expressions -------------------------------------------------------------------------------


def _value(node: ast.expr) -> bool:
    """What an assignment may hold: a name, a bound method, one of the calls, or data."""
    if isinstance(node, ast.Name) or _attribute(node)[0] in OWNERS:
        return True
    if not isinstance(node, ast.Call) or _name(node.func) == "loads":
        return _data(node)
    if _name(node.func) == "TypedDict":
        return not node.keywords and len(node.args) == 2 and _typed_dict(*node.args)
    given = [*node.args, *(each.value for each in node.keywords)]
    return _name(node.func) in CALLED and all(map(_argument, given))


def _argument(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):  # __name__ + "_types"
        return _name(node.left) == "__name__" and _text(node.right)
    if isinstance(node, ast.Call) and _name(node.func) == "LazyModule":
        return not node.keywords and all(map(_argument, node.args))
    return isinstance(node, ast.Name) or _data(node)


def _typed_dict(name: ast.expr, table: ast.expr) -> bool:
    return (
        _text(name)
        and isinstance(table, ast.Dict)
        and all(key is not None and _text(key) for key in table.keys)
        and all(map(_hint, table.values))
    )


def _hint(node: ast.expr) -> bool:
    """Names, `types.X`, subscripts, unions and constants: nothing that does anything."""
    match node:
        case ast.Name():
            return True
        case ast.Constant():
            return not isinstance(node.value, bytes | complex)
        case ast.Attribute():
            return _attribute(node)[0] == "types"
        case ast.Subscript():
            return isinstance(node.value, ast.Name) and _hint(node.slice)
        case ast.Tuple():
            return all(map(_hint, node.elts))
        case ast.BinOp():
            return isinstance(node.op, ast.BitOr) and _hint(node.left) and _hint(node.right)
        case ast.UnaryOp():
            return _data(node)
    return False


def _data(node: ast.expr) -> bool:
    """Displays of constants, however deep, JSON text that is read, tools, and shared parameters."""
    left = [node]
    while left:
        each = left.pop()
        kind = type(each)
        if kind is ast.Constant:
            continue
        if kind is ast.Dict:
            if not all(type(key) is ast.Constant for key in each.keys):  # type: ignore[attr-defined]  # a Dict
                return False
            left += each.values  # type: ignore[attr-defined]  # a Dict
        elif kind is ast.List:
            left += each.elts  # type: ignore[attr-defined]  # a List
        elif kind is ast.Call and _name(each.func) == "tool":  # type: ignore[attr-defined]  # a Call
            left += each.args  # type: ignore[attr-defined]  # a Call
            left += [given.value for given in each.keywords]  # type: ignore[attr-defined]  # a Call
        elif not _negative(each) and not _loads(each) and not _shared(each):
            return False
    return True


def _negative(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, ast.USub)
        and isinstance(node.operand, ast.Constant)
    )


def _shared(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Subscript) and _name(node.value) == "_PARAMETERS" and _text(node.slice)
    )


def _loads(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and _name(node.func) == "loads"
        and not node.keywords
        and len(node.args) == 1
        and _text(node.args[0])
    )


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _attribute(node: ast.expr) -> tuple[str, str]:
    return (_name(node.value), node.attr) if isinstance(node, ast.Attribute) else ("", "")


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


_MODULE: Mapping[type[ast.AST], Check] = {
    ast.Expr: _documentation,
    ast.Import: _import_whole,
    ast.ImportFrom: _import,
    ast.If: _type_checking,
    ast.Assign: _assignment,
    ast.AnnAssign: _annotated,
    ast.ClassDef: _class,
}

_CLASS: Mapping[type[ast.AST], Check] = {
    ast.Expr: _documentation,
    ast.If: _owned,
    ast.AnnAssign: _annotated,
    ast.Pass: lambda _: True,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
}
