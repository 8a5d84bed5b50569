"""A change and its two verdicts, and what all changes of an API come to. Imports `kinds`."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace

from toolbind.compare.kinds import KINDS, ORDER, Verdict, worst


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    `operation` is the tool's name (the old one, if it was renamed), `route` its method and path;
    both are empty for what concerns the whole API. `place` is the argument, member, type or
    credential, empty for the operation itself. `pointer` leads to it in the new document, or in the
    old one if it is gone (`is_gone`). `overlay` is the action that would take the change back, as
    text for an overlay. `users` are other operations that the change concerns.
    """

    id: str
    operation: str
    route: str
    place: str
    message: str
    pointer: str = ""
    is_gone: bool = False
    overlay: str = ""
    users: tuple[str, ...] = ()
    accepted: bool = False

    @property
    def code(self) -> Verdict:
        """What it means for code that calls the API."""
        return KINDS[self.id].code

    @property
    def model(self) -> Verdict:
        """What it means for a model that is offered the tools."""
        return KINDS[self.id].model

    @property
    def severity(self) -> Verdict:
        return worst(self.code, self.model)

    @property
    def fingerprint(self) -> str:
        """Twelve digits that tell it from other changes, whatever else changes."""
        parts = "\0".join((self.id, self.route or self.operation, self.place))
        return hashlib.sha256(parts.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes: those of the API first, then operation by operation in the new order; and the
    tokens of all tools before and after."""

    changes: tuple[Change, ...]
    old_tokens: int
    new_tokens: int
    old_tools: int
    new_tools: int

    def accepting(self, fingerprints: Collection[str]) -> Comparison:
        """The same, with the changes marked that the user has accepted."""
        marked = (
            replace(change, accepted=change.fingerprint in fingerprints) for change in self.changes
        )
        return replace(self, changes=tuple(marked))

    def counted(self, side: str = "") -> dict[Verdict, int]:
        """How many changes there are of each severity, those that were accepted aside; `side` is
        `code` or `model` for one verdict."""
        found: dict[Verdict, int] = dict.fromkeys(reversed(ORDER[1:]), 0)
        for change in self.changes:
            verdict = getattr(change, side or "severity")
            if not change.accepted and verdict in found:
                found[verdict] += 1
        return found
