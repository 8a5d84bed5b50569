"""An answer's body as a value: decoded by what it is, not only by what it says. Pure."""

from __future__ import annotations

from typing import Any

from ..basics.json_values import TooDeeplyNestedError, read_json
from ..errors import AnswerError
from ..request.media import LINES, essence, is_json, is_text, is_xml
from .answers import EVENTS, Answer

_TEXTUAL = frozenset(
    {
        "application/javascript",
        "application/x-www-form-urlencoded",
        "application/yaml",
        "application/x-yaml",
        "application/graphql",
        "application/sql",
        "application/toml",
    }
)


def decode(answer: Answer, *, method: str = "", path: str = "") -> Any:
    """The body as a JSON value, text or bytes; None when it is empty.

    JSON by any `+json` type; JSON lines and server-sent events as lists; text by its charset;
    JSON that calls itself text, or nothing, is taken for JSON. Raises AnswerError for a body
    that says it is JSON and is not; no frame of its traceback holds the body.
    """
    media_type = answer.media_type
    if not answer.content:
        return None
    plain = essence(media_type)
    if is_json(media_type):
        return _json(answer, method, path)
    if plain in LINES:
        return _lines(answer, method, path)
    if plain == EVENTS:
        return _events(answer, method, path)
    if not plain or plain == "text/plain":
        return _guess(answer, plain)
    if is_text(media_type) or is_xml(media_type) or plain in _TEXTUAL:
        return _text(answer)
    return answer.content


def kind_of(media_type: str) -> str:
    """What a body of this type is decoded to: `json`, `list`, `text` or `bytes`."""
    plain = essence(media_type)
    if is_json(media_type):
        return "json"
    if plain in LINES or plain == EVENTS:
        return "list"
    if is_text(media_type) or is_xml(media_type) or plain in _TEXTUAL:
        return "text"
    return "bytes"


LISTED = 4
"""Media types of an Accept header from which the document may name more than it holds."""


def check_kind(
    answer: Answer, value: Any, accept: str, *, method: str = "", path: str = ""
) -> None:
    """Raises AnswerError where an answer is of another kind than all that were asked for: a page
    of text is no list of pets. JSON that calls itself text, or nothing, has been taken for JSON.
    """
    if not accept or value is None:
        return
    asked = [each.strip() for each in accept.split(",")]
    if len(asked) >= LISTED or any("*" in each for each in asked):
        return
    kinds = {kind_of(each) for each in asked}
    plain = essence(answer.media_type)
    kind = kind_of(plain) if plain else "bytes"
    if plain in ("", "text/plain") and not isinstance(value, bytes):
        kind = "text" if isinstance(value, str) else "json"
    named = plain in map(essence, asked)
    if named or kind in kinds or (kind, kinds) == ("json", {"list"}):
        return
    raise AnswerError(
        f"the answer to {method} {path} is {plain or 'of no media type'}, and the document"
        f" names {', '.join(asked)}",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _json(answer: Answer, method: str, path: str) -> Any:
    try:
        return read_json(answer.content)
    except UnicodeDecodeError:
        try:
            return read_json(_text(answer))
        except ValueError:
            why = "is not UTF-8 text"
    except TooDeeplyNestedError as error:
        why = str(error)
    except ValueError:
        why = (
            "is not valid JSON" if answer.complete else "was cut at the limit in bytes"
        )
    raise AnswerError(
        f"the answer to {method} {path} says it is JSON and {why}",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _lines(answer: Answer, method: str, path: str) -> list[Any]:
    values: list[Any] = []
    lines = [line.strip(b" \t\r\x1e") for line in answer.content.split(b"\n")]
    broken = 0
    for number, line in enumerate(lines, 1):
        good, value = _tried(line) if line else (True, None)
        if not good:
            # where reading stopped at a limit, it cut the last line
            broken = 0 if number == len(lines) and not answer.complete else number
            break
        if line:
            values.append(value)
    if not broken:
        return values
    del values, lines, line, value  # tracebacks may show locals
    raise AnswerError(
        f"line {broken} of the answer to {method} {path} is not JSON",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _tried(line: bytes) -> tuple[bool, Any]:
    """Whether a line is JSON, and its value; an error of the library would hold the line."""
    try:
        return True, read_json(line)
    except ValueError:
        return False, None


def _events(answer: Answer, method: str, path: str) -> list[Any]:
    """The data of server-sent events, decoded where it is JSON; a cut event is left out."""
    from .sse import EventTooLongError, SSEDecoder

    decoder = SSEDecoder()
    try:
        events = decoder.feed(answer.content)
        if answer.complete:
            events += decoder.close()
    except EventTooLongError as error:
        why = str(error)
    else:
        return [_json_or_text("\n".join(data)) for data in events]
    raise AnswerError(
        f"the answer to {method} {path} cannot be read: {why}",
        method=method,
        path=path,
        status_code=answer.status_code,
    )


def _json_or_text(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        return text


def _guess(answer: Answer, plain: str) -> Any:
    """JSON if it is an object or array, else text, else bytes where nothing was said."""
    content = answer.content
    if content.lstrip()[:1] in (b"{", b"["):
        try:
            return read_json(content)
        except ValueError:
            pass
    if plain:
        return _text(answer)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


def _text(answer: Answer) -> str:
    charset = "utf-8"
    for parameter in answer.media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    try:
        return answer.content.decode(charset, "replace").removeprefix("\ufeff")
    except (
        LookupError,
        ValueError,
    ):  # no such charset, or one that is no text's ("idna")
        return answer.content.decode("utf-8", "replace")
