"""What a tool call gives back, and the text that the model sees of it.

The text is JSON with the status, the body as far as it fits, and what was left out; or the error
in a sentence. Nothing in it is secret, hidden, or an instruction of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from math import ceil
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ..basics.secrets import Redactor
from ..basics.text import clip, visible
from ..errors import (
    AnswerError,
    AnswerTooLargeError,
    ArgumentError,
    ConfigurationError,
    CredentialsError,
    DeadlineError,
    ToolbindError,
    TransportError,
    UnknownToolError,
    status_error,
)
from ..records.exchange import EFFECT_UNKNOWN, ErrorKind, ToolResult
from ..request.media import essence
from ..request.operation import IDEMPOTENT, Operation
from ..transport.answers import Answer
from ..transport.decoding import decode
from ..transport.policy import retry_after
from .shaping import Shaped, dump, narrowing, select, shape

ERROR_TOKENS = 600
"""Tokens of an error's body that a model sees."""

_KINDS: Sequence[tuple[type[ToolbindError], ErrorKind]] = (
    (UnknownToolError, "unknown-tool"),
    (ArgumentError, "bad-arguments"),
    (CredentialsError, "credentials"),
    (ConfigurationError, "credentials"),
    (DeadlineError, "timeout"),
    (TransportError, "connection"),
    (AnswerTooLargeError, "too-large"),
    (AnswerError, "bad-answer"),
)
"""The first class that fits names the kind."""


def answered(
    operation: Operation,
    answer: Answer,
    redactor: Redactor,
    *,
    tokens: int,
    fields: Sequence[str] = (),
    missing: str = "",
) -> ToolResult:
    """The result for an answer, whatever its status. `missing` says which credentials lack."""
    status = answer.status_code
    try:
        data = decode(answer, method=operation.method, path=operation.path)
    except AnswerError as error:
        if answer.is_success:
            return _undecodable(error, answer, redactor)
        data = answer.content.decode("utf-8", "replace")
    data = redactor.data(data)  # last: what was decoded is what will be seen
    if not answer.is_success:
        return _refused(operation, answer, data, missing)
    shown = select(data, fields) if fields else data
    if isinstance(data, bytes):
        kind = essence(answer.media_type) or "unknown type"
        shown = f"<{len(data):,} bytes of {kind}>"
    shaped = shape(shown, tokens)
    parts = [f'"status":{status}']
    if shaped.value is not None:
        parts.append(f'"body":{shaped.text}')
    if shaped.shortened or not answer.complete:
        note = narrowing(operation.row.get("arguments", {}))
        parts.append(f'"note":{dump(note)}')
    return ToolResult(True, "{" + ",".join(parts) + "}", data, status)


def without(result: ToolResult, ignored: Sequence[str]) -> ToolResult:
    """The result, which says what of the arguments was left out."""
    if not ignored or not result.content.endswith("}"):
        return result
    listed = dump([clip(visible(name), 100) for name in ignored[:20]])
    return replace(result, content=f'{result.content[:-1]},"ignored":{listed}}}')


def failed(error: ToolbindError, redactor: Redactor | None = None) -> ToolResult:
    """The result for a call that came to nothing; the error's text is meant for the model."""
    kind: ErrorKind = next(kind for each, kind in _KINDS if isinstance(error, each))
    message = visible(str(error))
    shown: dict[str, Any] = {"error": message}
    if isinstance(error, UnknownToolError) and error.nearest:
        shown["nearest"] = [visible(each) for each in error.nearest]
    if isinstance(error, ArgumentError):
        shown["error"] = message.partition("\n")[0]
        if error.problems:
            shown["problems"] = list(error.problems)
        if error.example:
            shown["example"] = error.example
        if error.example and error.placeholders:
            shown["placeholders"] = list(error.placeholders)
    if isinstance(error, DeadlineError) and error.method not in {"", *IDEMPOTENT}:
        shown["note"] = EFFECT_UNKNOWN
    if redactor is not None:
        shown = {name: redactor.data(value) for name, value in shown.items()}
    status = error.status_code if isinstance(error, AnswerError) else None
    return ToolResult(False, shape(shown, 2 * ERROR_TOKENS).text, None, status, kind)


def raise_for_status(
    operation: Operation, answer: Answer, redactor: Redactor, missing: str = ""
) -> NoReturn:
    """Raises the StatusError that stands for the answer's status.

    Exceptions end up in logs and reports, so all that it carries is without secrets.
    """
    try:
        data = redactor.data(decode(answer))
    except AnswerError:
        data = redactor.data(answer.content)
    text = _headline(operation, answer)
    reason = "; ".join(filter(None, (_reason(data), missing)))
    raise status_error(answer.status_code)(
        f"{text}: {reason}" if reason else text,
        method=operation.method,
        path=operation.path,
        status_code=answer.status_code,
        data=data,
        headers={name: redactor.text(value) for name, value in answer.headers.items()},
    )


def _headline(operation: Operation, answer: Answer) -> str:
    """`404 Not Found from GET /pets/{pet_id}`."""
    status = answer.status_code
    try:
        phrase = f" {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = ""
    text = f"{status}{phrase} from {operation.method} {operation.path}"
    if 300 <= status < 400 and status != 304:
        text += f"; the redirect{_target(answer)} is not followed"
    return text


def _target(answer: Answer) -> str:
    """Where a redirect points: its origin only, paths and queries may hold secrets."""
    try:
        parts = urlsplit(answer.headers.get("location", ""))
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = visible(parts.hostname or "")
    return f" to {parts.scheme}://{clip(host, 200)}{port}" if host else ""


def _reason(data: Any) -> str:
    """The human part of an error body: problem+json (RFC 9457) and its many relatives."""
    if isinstance(data, str):
        return clip(" ".join(visible(data).split()), 200)
    if not isinstance(data, Mapping):
        return ""
    for name in ("detail", "message", "error_description", "error", "title", "errors"):
        found = data.get(name)
        if isinstance(found, Mapping):
            found = found.get("message")
        if isinstance(found, str) and found:
            return clip(" ".join(visible(found).split()), 200)
        if isinstance(found, list) and found:
            return shape(found, 60).text
    return ""


def _refused(
    operation: Operation, answer: Answer, data: Any, missing: str
) -> ToolResult:
    """The API said no: its words, within a smaller bound than those of good answers."""
    shown: dict[str, Any] = {"error": _headline(operation, answer)}
    if missing:
        shown["note"] = missing
    wait = retry_after(answer.headers)
    if wait is not None:
        shown["retry_after_seconds"] = ceil(wait)
    body = shape(data, ERROR_TOKENS)
    if body.value is not None:
        shown["body"] = body.value
    return ToolResult(False, dump(shown), data, answer.status_code, "http-status")


def _undecodable(error: AnswerError, answer: Answer, redactor: Redactor) -> ToolResult:
    start = redactor.text(answer.content[:2000].decode("utf-8", "replace"))
    body: Shaped = shape(visible(start), ERROR_TOKENS // 3)
    shown = {"error": str(error), "status": answer.status_code, "body": body.value}
    return ToolResult(False, dump(shown), None, answer.status_code, "bad-answer")
