"""Calls that may change something wait for a person, where the client can ask one.

Up to revision 2025-11-25 the server asks the client in the middle of the call; since 2026-07-28 it
answers that input is required, and the client calls again with what the person said. An answer
counts for the call that it was asked for, with the arguments shown, and for no other.
Imports the `mcp` package's types and `answers`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

Policy = Literal["ask", "reads", "all"]
"""`ask`: reads run, all else is asked for. `reads`: nothing else runs. `all`: everything runs; the
client alone decides."""

KEY = "approval"
SHOWN = 4000
"""Characters of the arguments that a person is shown."""

_NO_WAY = (
    "Not run: it may change something, and this client has no way to ask its user."
    " Whoever starts the server can leave that to the client with --approve all."
)
_READS_ONLY = "Not run: this server makes calls that read, and no others."
_DECLINED = "Not run: the user declined."
_CANCELLED = "Not run: the user has not decided."

Verdict = types.InputRequiredResult | str | None
"""A question to a person, the reason of a refusal, or None: run it."""


async def verdict(
    context: ServerRequestContext[Any, Any],
    asked: types.CallToolRequestParams,
    request: str,
    policy: Policy,
) -> Verdict:
    """Whether a call that may change something runs. `request` is its method and URL."""
    if policy == "all":
        return None
    if policy == "reads":
        return _READS_ONLY
    wanted = types.ClientCapabilities(elicitation=types.ElicitationCapability())
    if not context.session.check_client_capability(wanted):
        return _NO_WAY
    question = types.ElicitRequestFormParams(
        message=_message(asked, request), requested_schema={"type": "object", "properties": {}}
    )
    if context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        said = await context.session.elicit_form(
            question.message, question.requested_schema, context.request_id
        )
        return _decided(said)
    given = (asked.input_responses or {}).get(KEY)
    if isinstance(given, types.ElicitResult) and asked.request_state == _digest(asked):
        return _decided(given)
    return types.InputRequiredResult(
        input_requests={KEY: types.ElicitRequest(params=question)}, request_state=_digest(asked)
    )


def _decided(said: types.ElicitResult) -> str | None:
    if said.action == "accept":
        return None
    return _DECLINED if said.action == "decline" else _CANCELLED


def _message(asked: types.CallToolRequestParams, request: str) -> str:
    """What a person reads: where it goes and with what. Escapes for all that cannot be seen."""
    shown = json.dumps(_arguments(asked), indent=2)
    if len(shown) > SHOWN:
        shown = f"{shown[:SHOWN]}... ({len(shown) - SHOWN:,} more characters)"
    return f"{ascii(request)[1:-1]}\n{asked.name} {shown}"


def _digest(asked: types.CallToolRequestParams) -> str:
    """What stands for a call: tool and arguments."""
    text = json.dumps([asked.name, _arguments(asked)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _arguments(asked: types.CallToolRequestParams) -> Mapping[str, Any]:
    return asked.arguments or {}
