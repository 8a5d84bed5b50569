"""The one keyword of Swagger 2.0's schemas that OpenAPI 3.0 writes otherwise: `discriminator`.

Pure: schemas are copied, without recursion, and only where they are known to hold the keyword.
Imports the standard library only.
"""

from __future__ import annotations

from typing import Any, Final

_OF_ONE: Final = ("items", "additionalProperties", "not")
_OF_MANY: Final = ("allOf", "properties")


def upgraded(schema: Any) -> Any:
    """A copy of a schema in which every discriminator is an object (OpenAPI 3.0.3, 4.7.25)."""
    copies: list[Any] = [schema]
    todo: list[tuple[Any, Any]] = [(copies, 0)]  # where a schema that is still the old one stands
    while todo:
        holder, key = todo.pop()
        old = holder[key]
        if not isinstance(old, dict):
            continue
        new = holder[key] = dict(old)
        if isinstance(new.get("discriminator"), str):
            new["discriminator"] = {"propertyName": new["discriminator"]}
        todo += [(new, name) for name in _OF_ONE if name in new]
        for name in _OF_MANY:
            many = new.get(name)
            if isinstance(many, dict):
                new[name] = dict(many)
                todo += [(new[name], each) for each in many]
            elif isinstance(many, list):
                new[name] = list(many)
                todo += [(new[name], index) for index in range(len(many))]
    return copies[0]
