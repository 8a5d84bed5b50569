"""Type references as plain JSON, and back. Imports `ir`."""

from __future__ import annotations

from typing import Any

from toolbind.ir import Choice, Either, Listed, Mapped, Named, Plain, TypeRef


def data(reference: TypeRef) -> Any:
    """A type reference as JSON: its kind, then what it is made of."""
    match reference:
        case Plain(name) | Named(name):
            return [type(reference).__name__, name]
        case Listed(inner) | Mapped(inner):
            return [type(reference).__name__, data(inner)]
        case Choice(values):
            return ["Choice", list(values)]
        case Either(options):
            return ["Either", [data(each) for each in options]]


def made(given: Any) -> TypeRef:
    """The type reference that `data` was given; ValueError or TypeError for anything else."""
    kind, inner = given
    match kind:
        case "Plain":
            return Plain(_text(inner))
        case "Named":
            return Named(_text(inner))
        case "Listed":
            return Listed(made(inner))
        case "Mapped":
            return Mapped(made(inner))
        case "Choice" if all(each is None or isinstance(each, str | int) for each in inner):
            return Choice(tuple(inner))
        case "Either":
            return Either(tuple(made(each) for each in inner))
    raise ValueError("no type reference")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no name")
    return value
