"""The document under work: its tree, which is copied where it is changed, and who gave each place.

The values of a parsed text are shared (by aliases, by copies, by several targets of one action)
and never changed: what is to change is copied first, with all that lies above it.
Imports `query` for its type, and `pointers` of `read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from toolbind.read.overlay.query import Location
from toolbind.read.pointers import ROOT, join, split

Source = tuple[str, str]
"""A file, and the pointer of a value in it."""


@dataclass(slots=True)
class Trace:
    """Who gave a value, and its members as far as that is not the same. None: whoever gave what
    is around it, at the same place below."""

    source: Source | None = None
    members: dict[str, Trace] = field(default_factory=dict)

    def origin(self, pointer: str) -> Source:
        """The file and the pointer from which the value at a pointer of the document comes."""
        here: Trace | None = self
        file, found = self.source or ("", ROOT)
        for token in split(pointer):
            here = here.members.get(token) if here is not None else None
            if here is not None and here.source is not None:
                file, found = here.source
            else:
                found = join(found, token)
        return file, found

    def others(self, own: str, pointer: str = ROOT) -> Iterator[str]:
        """The outermost places that files other than `own` gave."""
        if self.source is not None and self.source[0] != own:
            yield pointer
            return
        for token, member in self.members.items():
            yield from member.others(own, join(pointer, token))


class Working:
    """A tree that can be changed. `value` is what it is now; `trace` says who gave it."""

    def __init__(self, value: Any, file: str) -> None:
        self.value = value
        self.trace = Trace((file, ROOT))
        self._own: dict[int, Any] = {}  # containers made here, by identity; held, so none is reused

    def at(self, location: Location) -> Any:
        """The value at a place that exists."""
        value = self.value
        for token in location:
            value = value[token]
        return value

    def share(self) -> None:
        """From now on nothing of the tree may change in place: it stands somewhere else, too."""
        self._own.clear()

    def put(self, location: Location, value: Any, source: Source) -> None:
        """Set or replace a member of an object, or an element of a list; at its end, append."""
        *above, last = location
        holder = self._owned(tuple(above))
        if isinstance(holder, list) and last == len(holder):
            holder.append(value)
        else:
            holder[last] = value
        self._trace(tuple(above)).members[str(last)] = Trace(source)

    def remove(self, locations: Iterable[Location]) -> None:
        """Remove members and elements; places inside others that go are gone with them."""
        by_holder: dict[Location, set[int | str]] = {}
        for location in locations:
            by_holder.setdefault(location[:-1], set()).add(location[-1])
        for holder in sorted(by_holder, key=len, reverse=True):
            self._drop(holder, by_holder[holder])

    def _drop(self, location: Location, gone: set[int | str]) -> None:
        holder, trace = self._owned(location), self._trace(location)
        if isinstance(holder, dict):
            for key in gone:
                del holder[key]
                trace.members.pop(str(key), None)
            return
        file, pointer = self.trace.origin(join(ROOT, *location))
        kept = [index for index in range(len(holder)) if index not in gone]
        members = {}
        for new, old in enumerate(kept):
            known = trace.members.get(str(old), Trace())
            known.source = known.source or (file, join(pointer, old))
            members[str(new)] = known
        trace.members = members
        holder[:] = [holder[index] for index in kept]

    def _owned(self, location: Location) -> Any:
        """The container at a place, as one that may be changed in place."""
        value = self.value = self._copied(self.value)
        for token in location:
            member = self._copied(value[token])
            value[token] = member
            value = member
        return value

    def _copied(self, container: Any) -> Any:
        if id(container) in self._own:
            return container
        copy = dict(container) if isinstance(container, dict) else list(container)
        self._own[id(copy)] = copy
        return copy

    def _trace(self, location: Location) -> Trace:
        trace = self.trace
        for token in location:
            trace = trace.members.setdefault(str(token), Trace())
        return trace
