"""The table of changes: what each means for code that calls the API, and for a model.

Data only. An `id` stays what it is from version to version: users accept changes by it.
Imports the standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["none", "info", "warning", "breaking"]
"""How much a change matters to one side, in rising order."""

ORDER: Final[tuple[Verdict, ...]] = ("none", "info", "warning", "breaking")


@dataclass(frozen=True, slots=True)
class Kind:
    """One row. `code`: what programs that use the typed clients notice; `model`: what a model that
    is offered the tools does, or what a person who approves its calls has to know."""

    code: Verdict
    model: Verdict
    what: str


def worst(*verdicts: Verdict) -> Verdict:
    return max(verdicts, key=ORDER.index, default="none")


KINDS: Final[dict[str, Kind]] = {
    # operations
    "operation-removed": Kind("breaking", "breaking", "A method and its tool are gone."),
    "operation-added": Kind("info", "info", "There is a new method and tool."),
    "operation-renamed": Kind("breaking", "warning", "A method and its tool have a new name."),
    "operation-moved": Kind("info", "none", "The same method calls another path."),
    "became-write": Kind("warning", "breaking", "A call that only read may now change something."),
    "became-read": Kind("info", "info", "A call that could change something now only reads."),
    "operation-deprecated": Kind("warning", "info", "An operation is deprecated now."),
    "operation-kept": Kind("info", "info", "An operation is no longer deprecated."),
    "words-changed": Kind("none", "info", "What a tool says that it does has changed."),
    "tokens-grew": Kind("none", "warning", "A tool costs a quarter more tokens, or more."),
    "tokens-shrank": Kind("none", "info", "A tool costs a quarter fewer tokens, or fewer."),
    # arguments
    "argument-removed": Kind("breaking", "warning", "An argument is gone."),
    "argument-added": Kind("info", "info", "There is a new optional argument."),
    "argument-demanded": Kind("breaking", "warning", "There is a new required argument."),
    "argument-required": Kind("breaking", "warning", "An optional argument is required now."),
    "argument-optional": Kind("info", "info", "A required argument is optional now."),
    "argument-renamed": Kind("breaking", "warning", "An argument has a new name."),
    "argument-moved": Kind("info", "none", "An argument is sent in another place."),
    "argument-hidden": Kind("none", "warning", "An argument is in the method, and in no tool."),
    "argument-shown": Kind("none", "info", "An argument that was in no tool is in its tool."),
    "argument-bound": Kind("breaking", "info", "An argument is one of the client now."),
    "argument-fixed": Kind("breaking", "info", "An argument has one value that is always sent."),
    "argument-words": Kind("none", "info", "What an argument is said to mean has changed."),
    "argument-narrowed": Kind("breaking", "warning", "An argument takes less than it did."),
    "argument-widened": Kind("info", "info", "An argument takes more than it did."),
    "argument-changed": Kind("breaking", "warning", "An argument takes something else."),
    "enum-narrowed": Kind("breaking", "warning", "An argument's allowed values are fewer."),
    "limits-narrowed": Kind("warning", "info", "An argument's limits are tighter."),
    "limits-widened": Kind("info", "info", "An argument's limits are wider."),
    "default-changed": Kind("warning", "info", "What holds without an argument has changed."),
    "body-type": Kind("info", "none", "The body is sent in another media type."),
    "constant-changed": Kind("info", "none", "A value that is always sent has changed."),
    # types
    "member-removed": Kind("breaking", "warning", "A member of an object is gone."),
    "member-added": Kind("info", "info", "There is a new member of an object."),
    "member-demanded": Kind("breaking", "warning", "There is a new required member."),
    "member-required": Kind("breaking", "warning", "An optional member is required now."),
    "member-optional": Kind("info", "info", "A required member is optional now."),
    "member-uncertain": Kind("breaking", "none", "A member of an answer may be missing now."),
    "member-certain": Kind("info", "none", "A member of an answer is always there now."),
    "member-narrowed": Kind("breaking", "warning", "A member takes less than it did."),
    "member-widened": Kind("info", "info", "A member takes more than it did."),
    "member-changed": Kind("breaking", "warning", "A member holds something else."),
    "answer-removed": Kind("breaking", "info", "A member of an answer is gone."),
    "answer-narrowed": Kind("info", "none", "An answer holds less kinds of values than it did."),
    "answer-widened": Kind("warning", "none", "An answer may hold values that it did not."),
    "answer-changed": Kind("breaking", "info", "An answer is something else."),
    # who may call, and where
    "login-demanded": Kind("breaking", "none", "A credential that sufficed does not any more."),
    "login-offered": Kind("info", "none", "There is another way to log in."),
    "credential-removed": Kind("breaking", "none", "An argument of the client is gone."),
    "credential-added": Kind("info", "none", "The client has a new argument."),
    "preset-removed": Kind("breaking", "warning", "A choice of tools is gone."),
    "preset-added": Kind("info", "info", "There is a new choice of tools."),
    "preset-changed": Kind("none", "info", "A choice of tools holds others than it did."),
    "server-changed": Kind("warning", "none", "The API lives somewhere else."),
}
