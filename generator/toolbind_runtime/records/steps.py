"""The steps of a conversation as they are shown, in whatever form. Imports no other file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "",
    "ok",  # the API answered, and well
    "failed",  # it said no, or there was no answer, or no call to be made
    "refused",  # the call was not allowed to run
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One step: who, a short title, and the text beneath it.

    `facts` are what is known of a result besides: the request, the status, the time it took.
    `state` is how a result ended.
    """

    kind: Literal["system", "user", "assistant", "reasoning", "call", "result"]
    title: str
    text: str
    facts: tuple[str, ...] = ()
    state: State = ""


def line(text: str) -> str:
    """One line in which hidden and control characters stand as escapes."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )
