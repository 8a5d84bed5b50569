"""The only road from a document's text to Python source.

Every function here takes data and gives `Source`; the templates print nothing else. A value becomes
a literal by its own type, never by what a document says about it, and what comes out reads back as
the same value. Text that a person could not see (controls, bidirectional marks, line separators,
invisible characters) never stands raw in the source; all other text stays readable.
Imports the standard library alone.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from json import JSONEncoder
from typing import Any

NESTING_LIMIT = 40
"""Displays that may stand inside each other in one literal. Python's parser gives up at 200 open
brackets and a reader long before; deeper values are written as the JSON text of the inner part."""

HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\xa0\xad"  # controls, no-break space, soft hyphen
    "\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # joiners, number signs
    "\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"  # fillers, odd spaces, selectors
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800"  # spaces, bidirectional marks, separators
    "\u3000\u3164"
    "\ud800-\uf8ff"  # surrogates, private use
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U0010ffff"  # tags, selectors, private use
    "]"
)
"""Characters that no source holds raw. A fixed list: the running Python's own tables differ from
release to release, and what is generated must not."""


class Source(str):
    """Text that is Python source: an identifier, a literal, a comment, or made of these alone.

    Rendering refuses any string that is not one, so that text of a document cannot reach a module
    by another road. `Source` is made in this module and, from its values, in `layout`.
    """

    __slots__ = ()


def literal(value: Any) -> Source:
    """A JSON value as a Python literal on one line, chosen by the type of the value itself.

    `ast.literal_eval` gives an equal value back, unless it is nested deeper than `NESTING_LIMIT`:
    what lies deeper is then `loads("...")` of its JSON text. Raises TypeError for what is no JSON
    value, ValueError for NaN and infinities. `Source` inside stands for itself.
    """
    return Source(_nested(value, NESTING_LIMIT))


def _nested(value: Any, levels: int) -> str:
    if scalar(value):
        return scalar_literal(value)
    if levels == 0:
        return deep_literal(value)
    if isinstance(value, _LISTS):
        return "[" + ", ".join([_nested(each, levels - 1) for each in value]) + "]"
    members = [f"{key_literal(key)}: {_nested(each, levels - 1)}" for key, each in value.items()]
    return "{" + ", ".join(members) + "}"


def scalar_literal(value: Any) -> Source:
    """The literal of a value that holds no others; of what is source already, that itself."""
    if isinstance(value, Source):
        return value
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, int):
        return Source(repr(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("NaN and infinities are no JSON values")
        return Source(repr(value).replace("e+", "e"))
    raise TypeError(f"no literal for {type(value).__name__}")


def deep_literal(value: Any) -> Source:
    """A value as a call that reads its JSON text, for where a display would be too deep."""
    return Source(f"loads({quoted(json_text(value))})")


def json_text(value: Any) -> str:
    """A JSON value as one line of ASCII."""
    return _JSON(value)


def key_literal(key: Any) -> Source:
    if not isinstance(key, str):
        raise TypeError(f"a key of a JSON object is text, not {type(key).__name__}")
    return quoted(key)


_SCALARS = (str, int, float, type(None))
_LISTS = (list, tuple)
_CONTAINERS = (dict, *_LISTS, Mapping)


def scalar(value: Any) -> bool:
    """Whether a JSON value is no container: its literal holds no brackets."""
    return isinstance(value, _SCALARS) or not isinstance(value, _CONTAINERS)


def depth(value: Any) -> int:
    """How many containers of a JSON value stand inside each other; 0 for a scalar."""
    deepest = 0
    level = [value]
    while level := [item for item in level if not scalar(item)]:
        deepest += 1
        level = [each for item in level for each in _parts(item)]
    return deepest


def _parts(value: Any) -> Iterable[Any]:
    return value if isinstance(value, _LISTS) else value.values()


_TEXT = JSONEncoder(ensure_ascii=False).encode
_JSON = JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


@lru_cache(maxsize=10_000)
def quoted(text: str) -> Source:
    """A string literal: double quotes, unless single ones save backslashes (black's choice).

    Escapes are JSON's, which Python reads alike, and `\\x`, `\\u` and `\\U` for hidden characters.
    """
    body = _TEXT(text)
    if '"' in text:
        quote = "'" if text.count('"') > text.count("'") else '"'
        body = quote + f"\\{quote}".join(map(_unquoted, text.split(quote))) + quote
    if not (body.isascii() and body.isprintable()):
        body = HIDDEN.sub(_escape, body)
    return Source(body)


def json_quoted(text: str) -> Source:
    """A string as JSON in ASCII, for configuration: TOML reads it alike."""
    return Source(_JSON(text))


def plain_quoted(text: str) -> Source:
    """A string literal in ASCII alone, for where its width has to be beyond doubt."""
    return Source(quoted(text).encode("ascii", "backslashreplace").decode("ascii"))


def _unquoted(text: str) -> str:
    """The inside of a literal of `text` with all but the quotes escaped."""
    return '"'.join(_TEXT(part)[1:-1] for part in text.split('"'))


def _escape(hidden: re.Match[str]) -> str:
    return hidden[0].encode("unicode_escape").decode("ascii")


def identifier(name: str) -> Source:
    """A name that lower assigned, checked once more. Raises ValueError if it is no plain one."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        raise ValueError(f"no identifier: {name!a}")
    return Source(name)


def parameter(argument: str) -> Source:
    """An argument as a method spells it: Python's keywords, and the method's own first parameter,
    get an underscore."""
    taken = keyword.iskeyword(argument) or argument == "self"
    return identifier(f"{argument}_" if taken else argument)


def visible(text: str) -> str:
    """`text` on one line for people: runs of white space folded, hidden characters left out."""
    if not text.isascii() or not text.isprintable():
        text = HIDDEN.sub(_gap, text)
    return " ".join(text.split())


def _gap(hidden: re.Match[str]) -> str:
    return " " if hidden[0].isspace() else ""


_DOCSTRING_ESCAPES = re.compile(r'\\|\A"|"(?="")')


def docstring(lines: Iterable[str], indent: int) -> Source:
    """A docstring of these lines, the first beside the opening quotes, `indent` columns deep.

    Leading spaces and empty lines between others are kept: they are the caller's layout, in which
    not all lines after the first may be indented. After several lines the quotes stand alone.
    """
    shown = "\n".join(map(_line, lines)).strip().split("\n")
    margin = " " * indent
    text = "\n".join([shown[0], *(margin + line if line else "" for line in shown[1:])])
    text = _DOCSTRING_ESCAPES.sub(r"\\\g<0>", text)
    if len(shown) > 1:
        return Source(f'"""{text}\n{margin}"""')
    return Source(f'"""{text} """' if text.endswith('"') else f'"""{text}"""')


def _line(line: str) -> str:
    text = visible(line)
    return " " * (len(line) - len(line.lstrip(" "))) + text if text else ""


_ENCODING = re.compile(r"(?<=coding)(?=[:=])")


def comment(text: str) -> Source:
    """A comment of one line of plain ASCII, which declares no encoding (PEP 263) whatever it says.
    Never given text of a document."""
    plain = visible(text).encode("ascii", "backslashreplace").decode("ascii")
    return Source(f"# {_ENCODING.sub(' ', plain)}".rstrip())
