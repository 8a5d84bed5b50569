"""The example in a module's docstring: calls that really run, made from the module's own parts.

Imports `ir`, the files of this room that print, and the runtime's maker of examples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolbind_runtime.arguments.examples import NOTHING, fits, made

from toolbind import ir
from toolbind.present.literals import literal, parameter
from toolbind.present.prose import cut, sentence

QUESTION_LIMIT = 44
CREDENTIALS_SHOWN = 2
ANYWHERE = "https://api.example.com"


@dataclass(frozen=True, slots=True)
class Shown:
    """What an example says of one operation. `weight` is smallest for what is best shown: a plain
    read that needs little."""

    weight: tuple[bool, bool, int, int]
    call: str
    question: str
    schemes: tuple[str, ...]


def shown(operation: ir.Operation) -> Shown:
    """How an operation looks as an example."""
    required = [each for each in operation.arguments if each.required]
    size = sum(
        len(each.name) + len(literal(sample(each.schema, each.example))) for each in required
    )
    return Shown(
        (operation.method.upper() != "GET", operation.deprecated, len(required), size),
        f"{operation.name}({', '.join(_arguments(operation))})",
        literal(_question(operation)),
        operation.security[0] if operation.security else (),
    )


def example(
    api: ir.Api, several: Sequence[Shown], base_url: str, module: str, client: str
) -> list[str]:
    """Six lines of Python for the one of several operations that is best shown; empty for none."""
    if not several:
        return []
    best = min(several, key=lambda each: each.weight)
    return [
        f"from {module} import {client}, run",
        "",
        f"with {client}({', '.join(_settings(api, best, base_url))}) as client:",
        f"    print(client.{best.call})",
        f"    answer = run({best.question}, client=client)",
        "    print(answer.text)",
    ]


def _settings(api: ir.Api, best: Shown, base_url: str) -> list[str]:
    wanted = [
        credential
        for scheme in api.schemes
        if scheme.name in best.schemes
        for credential in scheme.credentials
    ]
    url = [] if "://" in base_url else [literal(ANYWHERE + base_url)]
    return [*url, *(f'{name}="..."' for name in wanted[:CREDENTIALS_SHOWN])]


def _arguments(operation: ir.Operation) -> list[str]:
    return [
        f"{parameter(each.name)}={literal(sample(each.schema, each.example))}"
        for each in operation.arguments
        if each.required
    ]


def _question(operation: ir.Operation) -> str:
    said = sentence(operation.description or operation.summary) or "What can you do?"
    return cut(said, QUESTION_LIMIT).rstrip(".")


def sample(schema: ir.JsonObject, own: Any = None) -> Any:
    """A value for showing how a call looks: the document's `own` example, or one that is made as
    those are that a refused call is shown; both only if the schema accepts them."""
    if own is not None and fits(own, schema):
        return own
    value = made(schema, text="example")
    return "example" if value is NOTHING else value
