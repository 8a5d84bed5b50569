"""Loops in a graph: its strongly connected parts (Tarjan), without recursion.

Imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

Vertex = TypeVar("Vertex", bound=Hashable)


def loops(edges: Mapping[Vertex, Sequence[Vertex]]) -> Iterator[frozenset[Vertex]]:
    """The vertices that can come back to themselves, those together that reach each other.

    Every vertex is a key of `edges`.
    """
    numbers: dict[Vertex, int] = {}
    lowest: dict[Vertex, int] = {}
    open_ones: dict[Vertex, None] = {}
    for start in edges:
        if start in numbers:
            continue
        path = [(start, iter(edges[start]))]
        numbers[start] = lowest[start] = len(numbers)
        open_ones[start] = None
        while path:
            vertex, left = path[-1]
            fresh = next((each for each in left if each not in numbers), None)
            if fresh is not None:
                numbers[fresh] = lowest[fresh] = len(numbers)
                open_ones[fresh] = None
                path.append((fresh, iter(edges[fresh])))
                continue
            path.pop()
            known = [lowest[each] for each in edges[vertex] if each in open_ones]
            lowest[vertex] = min([lowest[vertex], *known])
            if lowest[vertex] == numbers[vertex]:
                part = _closed(open_ones, vertex)
                if len(part) > 1 or vertex in edges[vertex]:
                    yield part


def _closed(open_ones: dict[Vertex, None], vertex: Vertex) -> frozenset[Vertex]:
    part: list[Vertex] = []
    while not part or part[-1] != vertex:
        part.append(open_ones.popitem()[0])
    return frozenset(part)
