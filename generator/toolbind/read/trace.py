"""What a result was made from and what was found on the way, so that it can be kept and told again.

Work on one operation uses what work on another has made: where references lead, views of schemas,
arguments. Each is kept together with its account: the places of the document that were read for it
and the findings. Whoever asks for it again gets all three, so that what an operation gives does not
depend on who came first. Imports `diagnostics`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from toolbind.diagnostics import Diagnostic, Report

Address = tuple[str, str]
"""A place of the document: file and pointer, of the tree as lowered."""

FOREIGN: Address = ("", "")
"""Stands for whatever another file holds."""

Mark = tuple[str, ...]
"""Something that came up, which concerns the whole document: words whose meaning whoever marks it
knows."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class Account:
    """What was read and found between two moments. Of `places` the whole value counts that stands
    there, or that none does; references in it are places of their own."""

    places: set[Address] = field(default_factory=set)
    marks: dict[Mark, None] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)


class Trace(Report):
    """A report whose findings go to whatever account is open, and which notes what is read."""

    def __init__(self, report: Report | None = None) -> None:
        """`report` gets what is found while no account is open."""
        super().__init__()
        self._outermost = report
        self.marks: dict[Mark, None] = {}
        self._open: list[Account] = []

    def add(self, finding: Diagnostic) -> None:
        if self._open:
            self._open[-1].findings.append(finding)
        elif self._outermost is not None:
            self._outermost.add(finding)
        else:
            super().add(finding)

    def read(self, places: Iterable[Address]) -> None:
        """Note that the values at some places, or that there are none, decide what is made."""
        if self._open:
            self._open[-1].places.update(places)

    def mark(self, *mark: str) -> None:
        """Note that something came up; `marks` has it at the end."""
        (self._open[-1].marks if self._open else self.marks)[mark] = None

    def opened(self) -> Opened:
        """A new account; what it gets goes into the one around it as well."""
        return Opened(self, self._open)

    @contextmanager
    def apart(self) -> Iterator[Account]:
        """A new account of which the one around it learns nothing."""
        own = Account()
        around, self._open = self._open, [own]
        try:
            yield own
        finally:
            self._open = around

    def replay(self, account: Account) -> None:
        """Take in what was read and found when something was made that is used again."""
        if not self._open:
            for finding in account.findings:
                self.add(finding)
            self.marks |= account.marks
            return
        around = self._open[-1]
        if account.places:
            around.places |= account.places
        if account.marks:
            around.marks |= account.marks
        if account.findings:
            around.findings += account.findings


class Opened:
    """The time during which an account is open."""

    __slots__ = ("_account", "_open", "_trace")

    def __init__(self, trace: Trace, stack: list[Account]) -> None:
        self._trace = trace
        self._open = stack
        self._account = Account()

    def __enter__(self) -> Account:
        self._open.append(self._account)
        return self._account

    def __exit__(self, *_: object) -> None:
        self._open.pop()
        self._trace.replay(self._account)


class Memo(Generic[Key, Value]):
    """Results by key, each made once. What raises is made again the next time."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._known: dict[Key, tuple[Value, Account]] = {}

    def get(
        self, key: Key, make: Callable[[], Value], *, unless_told_of: Address | None = None
    ) -> Value:
        """The result for a key; `make` is asked for it once. With a place `unless_told_of`, a
        result that comes with a finding about it, or what it holds, is used for this time only."""
        known = self.known(key)
        if known is not None:
            return known[0]
        with self._trace.opened() as own:
            value = make()
        if unless_told_of is None or not _tell(own.findings, unless_told_of):
            self._known[key] = value, own
        return value

    def known(self, key: Key) -> tuple[Value, Account] | None:
        """The result, if there is one already, and what came of making it."""
        known = self._known.get(key)
        if known is not None and (known[1].places or known[1].findings or known[1].marks):
            self._trace.replay(known[1])
        return known

    def __contains__(self, key: object) -> bool:
        return key in self._known


def _tell(findings: Iterable[Diagnostic], of: Address) -> bool:
    """Whether something has been found at a place or in what it holds."""
    file, pointer = of
    return any(
        each.place.file == file and f"{each.place.pointer}/".startswith(f"{pointer}/")
        for each in findings
    )
