"""The action of an overlay that takes a new name back. Imports `ir`."""

from __future__ import annotations

import json

from toolbind import ir


def operation(old: ir.Operation, new: ir.Operation) -> str:
    """Names the operation as it was named before."""
    return _action(_target(new), old.name)


def argument(operation: ir.Operation, old: ir.Argument, new: ir.Argument) -> str:
    """Names a parameter as it was named before; a member of a body is named where it stands."""
    if new.place in ("path", "query", "header", "cookie"):
        condition = f"@.name == {_quoted(new.wire)} && @.in == {_quoted(new.place)}"
        own = new.pointer.startswith(f"{operation.pointer}/parameters/")
        target = f"{_target(operation)}.parameters[?{condition}]" if own else path(new.pointer)
        return _action(target, old.name)
    return _action(path(new.pointer), old.name)


def path(pointer: str) -> str:
    """A JSON Pointer as JSONPath."""
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return "$" + "".join(
        f"[{_quoted(step)}]" if not _is_name(step) else f".{step}" for step in steps
    )


def _target(operation: ir.Operation) -> str:
    return path(operation.pointer)


def _is_name(step: str) -> bool:
    return step.isascii() and step.isidentifier()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _action(target: str, name: str) -> str:
    return f"- target: {json.dumps(target)}\n  update: {{x-toolbind: {{name: {json.dumps(name)}}}}}"
