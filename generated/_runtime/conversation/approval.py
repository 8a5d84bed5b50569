"""Who may say yes to a call: policies, callables, remembered decisions.

Reads run, writes need a yes: what a document says about itself has no say in it. Pure.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, TypeAlias

from ..errors import SettingsError
from ..records.run import ApprovalRequest

Decision: TypeAlias = bool | str | None
"""True: run it. False: do not; text: do not, and tell the model this reason. None: not
decided, so the run ends with `stop_reason` "approval" and can be resumed."""

Approver: TypeAlias = Callable[[ApprovalRequest], "Decision | Awaitable[Decision]"]

Approve: TypeAlias = (
    Literal["reads", "all", "none"] | Approver | Mapping[str, bool | str]
)
"""`"reads"`: reads run, writes are refused. `"all"`, `"none"`: everything, nothing runs.
A callable is asked about each write, and may be async in `arun`. A mapping holds decisions
by `ApprovalRequest.key` or by tool name; a write that it lacks ends the run."""

REFUSED = (
    "Not run: this call would change data and was not approved. Do not call it again; "
    "tell the user what you would have done."
)
NOTHING_RUNS = "Not run: calls are switched off. Answer without them."


def check(approve: Approve) -> None:
    """Raise SettingsError for what is no way of approving."""
    known = approve in ("reads", "all", "none") if isinstance(approve, str) else False
    if not (known or callable(approve) or isinstance(approve, Mapping)):
        raise SettingsError(
            "approve is 'reads', 'all', 'none', a callable or a mapping of decisions"
        )


def needs_asking(approve: Approve, *, read: bool) -> bool:
    """Whether a decision depends on the call, beyond reading or writing."""
    return not read and not isinstance(approve, str)


def by_policy(approve: Approve, *, read: bool) -> Decision:
    """The decision where the call itself does not matter."""
    if approve == "none":
        return NOTHING_RUNS
    return True if read or approve == "all" else REFUSED


def remembered(approve: Mapping[str, bool | str], request: ApprovalRequest) -> Decision:
    """A decision on this very call, else on its tool, else none yet."""
    if request.key in approve:
        return approve[request.key]
    return approve.get(request.name)


def refusal(decision: bool | str) -> str:
    """What the model is told about a call that was not approved."""
    if isinstance(decision, str):
        return decision
    return REFUSED
