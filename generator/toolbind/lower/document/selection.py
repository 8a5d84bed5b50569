"""Which operations a user wants: patterns over tags, paths, methods and names.

    list_pets, repos_*       operationId or tool name
    tag:pets                 a tag, without case
    /users/{id}, /users/*    path as the document spells it
    GET                      method
    "POST /orders/*"         method and path

`*` stands for any text (slashes too), `?` for one character. An operation is wanted if some
`include` pattern matches it, or there is none, and no `exclude` pattern does. Imports nothing
from the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_METHOD = re.compile(r"[A-Z]+")
_TAG = "tag:"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an operation can be matched. `method` is in capitals."""

    method: str
    path: str
    name: str
    operation_id: str
    tags: tuple[str, ...]


class Selection:
    """The patterns of one run, compiled; remembers which of them matched anything."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = [(pattern, _matcher(pattern)) for pattern in include]
        self._exclude = [(pattern, _matcher(pattern)) for pattern in exclude]
        self._used: set[str] = set()

    def wants(self, candidate: Candidate) -> bool:
        included = self._any(self._include, candidate) if self._include else True
        return not self._any(self._exclude, candidate) and included

    def unused(self) -> list[str]:
        """Patterns that matched no operation so far, in the order in which they were given."""
        given = dict.fromkeys(pattern for pattern, _ in self._include + self._exclude)
        return [pattern for pattern in given if pattern not in self._used]

    def _any(self, patterns: list[tuple[str, _Matcher]], candidate: Candidate) -> bool:
        matched = [pattern for pattern, matches in patterns if matches(candidate)]
        self._used.update(matched)
        return bool(matched)


_Matcher = Callable[[Candidate], bool]


def _matcher(pattern: str) -> _Matcher:
    pattern = pattern.strip()
    if pattern.startswith(_TAG):
        tag = _glob(pattern.removeprefix(_TAG).strip().casefold())
        return lambda candidate: any(tag(each.casefold()) for each in candidate.tags)
    if pattern.startswith("/"):
        path = _glob(pattern)
        return lambda candidate: path(candidate.path)
    method, _, rest = pattern.partition(" ")
    if _METHOD.fullmatch(method) and rest.lstrip().startswith("/"):
        route = _glob(rest.strip())
        return lambda candidate: candidate.method == method and route(candidate.path)
    name = _glob(pattern)
    return lambda candidate: (
        pattern == candidate.method or name(candidate.operation_id) or name(candidate.name)
    )


def _glob(pattern: str) -> Callable[[str], bool]:
    """Only `*` and `?` are special: brackets and braces are common in paths."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    compiled = re.compile("".join(parts), re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None
