"""Credentials among the arguments of an operation: taken out of what a model sees, and sent.

Imports `ir`, `draft`, and of `lower` `document`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from toolbind.diagnostics import Place
from toolbind.lower.document.credentials import Credential, recognised
from toolbind.lower.document.found import Found
from toolbind.lower.document.security import Requirement
from toolbind.lower.draft import Context, Draft


def settled(
    context: Context, found: Found, drafts: Iterable[Draft], asked: Sequence[Requirement]
) -> tuple[Draft, ...]:
    """The drafts, those that are credentials bound to the client; without those that go with the
    request in any case, as `asked` says."""
    kept = []
    for draft in drafts:
        credential = None
        if not (draft.decided or draft.hidden or draft.binding):
            credential = recognised(
                context.security, found, draft.place, draft.wire, draft.lowered.schema, asked
            )
        if credential is None:
            kept.append(draft)
        elif draft.required or not _goes_anyway(credential, asked):
            kept.append(_bound(context, found, draft, credential))
        else:
            words = f"is the credential of scheme {credential.scheme!r}, which goes its own way"
            _say(context, found, draft, "credential-hidden", words)
    return tuple(kept)


def _goes_anyway(credential: Credential, asked: Sequence[Requirement]) -> bool:
    """Whether each way in that is not anonymous sends it."""
    ways = [dict(each) for each in asked if each]
    return bool(ways) and all(credential.scheme in way for way in ways)


def _bound(context: Context, found: Found, draft: Draft, credential: Credential) -> Draft:
    if credential.scheme:
        words = f"is the credential of scheme {credential.scheme!r}"
        _say(context, found, draft, "credential-hidden", words)
        return replace(draft, scheme=credential.scheme)
    context.curation.keep_secret(credential.name, _place(found, draft))
    words = f"looks like a credential: it is {credential.name!r} of the client"
    _say(context, found, draft, "credential-recognised", words)
    return replace(draft, binding=credential.name)


def _say(context: Context, found: Found, draft: Draft, code: str, words: str) -> None:
    context.say(code, _place(found, draft), f"{draft.place} argument {draft.wire!r} {words}")


def _place(found: Found, draft: Draft) -> Place:
    file = draft.schema.file if draft.schema is not None else found.node.file
    return Place(file, draft.pointer)
