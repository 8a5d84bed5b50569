"""JSONPath (RFC 9535): which places of a document a query selects.

The only user of jsonpath-rfc9535, which is imported when there is an overlay. Imports `limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery

from toolbind.read.limits import MAX_DEPTH

Location = tuple[int | str, ...]
"""Keys and indices from the root; `()` is the root."""


class QueryError(Exception):
    """A text that is no JSONPath, or a query that cannot be answered."""


class _Environment(JSONPathEnvironment):
    max_recursion_depth = MAX_DEPTH + 1


@dataclass(frozen=True, slots=True)
class Query:
    """A query that has been understood."""

    text: str
    _compiled: JSONPathQuery

    @classmethod
    def of(cls, text: str) -> Query:
        """Raises QueryError, which says what is wrong with the text."""
        try:
            return cls(text, _Environment().compile(text))
        except JSONPathError as error:
            reason = error.args[0] if error.args else "not understood"
            where = f" at character {error.token.index + 1}" if error.token else ""
            raise QueryError(f"{reason}{where}") from None
        except RecursionError:
            raise QueryError("nested too deeply") from None

    def select(self, value: Any) -> list[Location]:
        """The places that the query selects, each once, in its order. Raises QueryError."""
        return list(dict.fromkeys(node.location for node in self._nodes(value, self._compiled)))

    def reach(self, value: Any) -> tuple[str, str, list[Any]]:
        """How far a query comes that selects nothing: the part of it that selects something, the
        step that fails, and the values before it."""
        segments = self._compiled.segments
        shorter: JSONPathQuery = self._compiled
        for length in reversed(range(len(segments))):
            shorter = JSONPathQuery(env=self._compiled.env, segments=segments[:length])
            found = [node.value for node in self._nodes(value, shorter)]
            if found:
                return str(shorter), str(segments[length]), found
        return "$", "", [value]

    def _nodes(self, value: Any, query: JSONPathQuery) -> Any:
        try:
            yield from query.finditer(value)
        except (JSONPathError, RecursionError) as error:
            reason = str(error.args[0]) if error.args else "nested too deeply"
            raise QueryError(f"cannot be answered: {reason}") from None
