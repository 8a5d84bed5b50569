"""Arguments as models write them, read as JSON wherever only one reading is possible.

A model's arguments come as an object, as JSON text, as JSON text encoded twice, in a code
fence, with single quotes, Python's `True` and `None`, a comma too many, or a line break in
a string. Each of these has one meaning and is mended. What could mean two things (cut off,
two objects, one key with two values, prose around it) is not: the model is told instead.

Used by the conversation and by argument coercion.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

TEXT_LIMIT = 1_000_000
"""Characters of one call's arguments that are read at all, whether text or an object."""

DEPTH_LIMIT = 100
"""Nesting of arrays and objects; deeper values are refused instead of overflowing."""

_FENCE = "```"
_LANGUAGE = re.compile(r"[a-zA-Z0-9_-]*")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<double>"(?:[^"\\]|\\.)*")
      | (?P<single>'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))
      | (?P<word>[A-Za-z_]\w*)
      | (?P<mark>[{}\[\],:])""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {
    "true": "true",
    "false": "false",
    "null": "null",
    "True": "true",
    "False": "false",
    "None": "null",
}


_OPENERS: tuple[list[str], ...] = ([], ["{"], ["["], [","], [":"])


class UnreadableArgumentsError(ValueError):
    """Arguments that cannot be read with certainty; `str()` says why, for the model."""


def read_arguments(value: object) -> dict[str, Any]:
    """The arguments object that `value` stands for; nothing at all stands for `{}`.

    Raises UnreadableArgumentsError, whose text tells the model what was wrong.
    """
    if value is None:
        return {}
    if isinstance(value, str):
        if not value.strip():
            return {}
        value = mend_json(value)
        if isinstance(value, str):  # encoded twice
            value = mend_json(value)
        if value is None:
            return {}
    if not isinstance(value, dict):
        raise UnreadableArgumentsError(
            f"arguments must be a JSON object, got {_kind(value)}"
        )
    _check_plain(value)
    return value


def mend_json(text: str) -> Any:
    """The one JSON value that `text` can mean. Raises UnreadableArgumentsError if unsure."""
    if len(text) > TEXT_LIMIT:
        raise UnreadableArgumentsError(
            f"arguments are too long: {len(text):,} characters, at most {TEXT_LIMIT:,}"
        )
    text = _unfenced(text)
    try:
        return _strict(text)
    except json.JSONDecodeError as error:
        problem = error
    rewritten = _rewrite(text)
    if rewritten is not None:
        try:
            return _strict(rewritten)
        except json.JSONDecodeError:
            pass  # the first complaint speaks about the text that the model wrote
    raise UnreadableArgumentsError(f"arguments are not valid JSON: {_say(problem)}")


def _unfenced(text: str) -> str:
    """What stands in a code fence, if the text is one. Linear, as all that reads foreign text."""
    fenced = text.strip()
    if not (fenced.startswith(_FENCE) and fenced.endswith(_FENCE)):
        return text
    language, line_end, inner = fenced[len(_FENCE) : -len(_FENCE)].partition("\n")
    return inner if line_end and _LANGUAGE.fullmatch(language.rstrip()) else text


def _strict(text: str) -> Any:
    """JSON without NaN, without doubtful keys; a line break in a string is let through."""
    try:
        return json.loads(
            text,
            strict=False,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except RecursionError:
        raise UnreadableArgumentsError("arguments are nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except UnreadableArgumentsError:
        raise
    except ValueError:  # an integer with more digits than Python reads
        raise UnreadableArgumentsError(
            "arguments hold a number that is too long"
        ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found and found[key] != value:
            raise UnreadableArgumentsError(
                f"the key {json.dumps(key)} stands twice with different values"
            )
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise UnreadableArgumentsError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise UnreadableArgumentsError(f"the number {text[:40]} is too large")
    return number


def _rewrite(text: str) -> str | None:
    """`text` in strict JSON spelling, or None where a token has no certain meaning."""
    parts: list[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        position = token.end()
        kind, piece = token.lastgroup, token.group()
        if kind == "space":
            continue
        if kind == "single":
            piece = _double_quoted(piece)
        elif kind == "word":
            if piece not in _WORDS:
                return None
            piece = _WORDS[piece]
        elif piece in "}]" and parts[-1:] == [","] and parts[-2:-1] not in _OPENERS:
            parts.pop()
        parts.append(piece)
    return " ".join(parts)


def _double_quoted(literal: str) -> str:
    """A single-quoted string in double quotes; its other escapes stay as they are."""
    inner = literal[1:-1].replace("\\'", "'")
    return '"' + re.sub(r'(\\.)|"', lambda m: m.group(1) or '\\"', inner) + '"'


def _check_plain(value: object) -> None:
    """Refuse what JSON text cannot carry: NaN, half surrogate pairs, endless depth or size."""
    size = 0
    stack: list[tuple[object, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        size += 1 + (len(item) if isinstance(item, str) else 0)
        if depth > DEPTH_LIMIT:
            raise UnreadableArgumentsError("arguments are nested too deeply")
        if size > TEXT_LIMIT:
            raise UnreadableArgumentsError(
                f"arguments are too long: at most {TEXT_LIMIT:,} characters"
            )
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise UnreadableArgumentsError("NaN and infinity are not JSON numbers")
        elif isinstance(item, dict):
            stack.extend((key, depth + 1) for key in item)
            stack.extend((inner, depth + 1) for inner in item.values())
        elif isinstance(item, list):
            stack.extend((inner, depth + 1) for inner in item)


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnreadableArgumentsError(
            "a string holds half of a surrogate pair, which is no character"
        ) from None


def _say(problem: json.JSONDecodeError) -> str:
    unfinished = problem.msg.startswith("Unterminated")
    if unfinished or problem.pos >= len(problem.doc.rstrip()):
        return "they end before they are complete; send the whole object again"
    if problem.msg == "Extra data":
        return f"more text follows after the first value, at character {problem.pos}"
    near = ascii(problem.doc[problem.pos : problem.pos + 20])
    return f"{problem.msg} at character {problem.pos}, near {near}"


def _kind(value: object) -> str:
    names = {str: "a string", bool: "a boolean", list: "an array"}
    return names.get(type(value), "a number")
