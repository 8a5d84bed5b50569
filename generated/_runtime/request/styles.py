"""Values as text in the places of a request: the style table of OpenAPI, and nothing else.

Rules come from OpenAPI 3.1.1 section 4.8.12 ("Style Values", "Style Examples") and appendices C
and D, and from RFC 6570. What they leave open is decided here, once:

- null and an empty array or object are "undefined" in RFC 6570 and leave no trace; the empty
  string, false and 0 are values and are written.
- A null *inside* an array or object is written as `null`, so that the others keep their places.
- An array or object inside a styled one has no defined form: it is written as JSON text, except
  under deepObject, where brackets nest (`a[b][c]=1`, `a[b][]=1`, `a[b][0][c]=1`).
- `allowReserved` leaves reserved characters alone except those that mean something where the
  value stands; `%` is always encoded, so that what was given is what is read back.
- Header values are sent as they are (appendix D); what HTTP cannot carry is refused.
- A value that holds the very character that separates values, where encoding cannot tell the
  two apart (headers, delimited styles), is refused: it would be read as two.

Pure: text in, text out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

from ..basics.json_values import SerializationError, text
from ..contract import Style, ValueRow

Encoder: TypeAlias = Callable[[str], str]
Writer: TypeAlias = Callable[[Any], str]
PairsWriter: TypeAlias = Callable[[Any], "list[tuple[str, str]]"]

DEFAULT_STYLES: Mapping[str, Style] = {"path": "simple", "header": "simple"}
"""By place; everywhere else the default is form (OpenAPI 3.1.1 section 4.8.12.2)."""

_QUERY_RESERVED = ":/?@!$'()*,"
_PATH_RESERVED = ":@!$&'()*+,;="
_COOKIE_PLAIN = "!#$'()*-./:<=>?@[]^_`{|}~"
"""Characters of RFC 6265 cookie-octets that neither `%`, `+` nor `&` decoding touches."""

_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")

_COMPOUND = (dict, list, tuple, type(None))

DELIMITERS: Mapping[str, str] = {
    "spaceDelimited": " ",
    "pipeDelimited": "|",
    "tabDelimited": "\t",
}


def percent(value: str) -> str:
    """Percent-encoded, all but RFC 3986's unreserved characters."""
    return value if value.isalnum() and value.isascii() else quote(value, safe="")


def _percent_reserved(value: str) -> str:
    return quote(value, safe=_QUERY_RESERVED)


def _percent_reserved_item(value: str) -> str:
    return quote(value, safe=_QUERY_RESERVED.replace(",", ""))


def _percent_path(value: str) -> str:
    return quote(value, safe=_PATH_RESERVED)


def _percent_path_item(value: str) -> str:
    return quote(value, safe=":@!$&'()*+")


def _percent_dot(value: str) -> str:
    """For items between dots: RFC 6570 leaves a dot alone, but it would split the item."""
    return quote(value, safe="").replace(".", "%2E")


def cookie_octets(value: str) -> str:
    """Percent-encoded where RFC 6265 or a form decoder would not take it as it is."""
    return quote(value, safe=_COOKIE_PLAIN)


def is_empty(value: Any) -> bool:
    """Undefined in the sense of RFC 6570 section 2.3: null, no items, no members."""
    return value is None or (isinstance(value, (list, tuple, dict)) and not value)


# --- path ----------------------------------------------------------------------------------


def path_writer(wire: str, row: ValueRow) -> Writer:
    """Writes the text of one slot; raises SerializationError for what would leave it empty."""
    style, explode = style_of(row, "path")
    reserved = row.get("allow_reserved", False)
    leaf = _percent_path if reserved else percent
    item = _percent_path_item if reserved else percent
    prefix, separator = {"matrix": (";", ";"), "label": (".", ".")}.get(
        style, ("", ",")
    )
    if not explode:
        separator = ","
    elif style == "label":
        item = _percent_dot
    name = percent(wire)

    joined = _delimiter_writer(style, item, True) if style in DELIMITERS else None

    def write(value: Any) -> str:
        if isinstance(value, str) and not prefix:
            written = leaf(value)
        elif is_empty(value):
            written = ""
        elif joined is not None and isinstance(value, _COMPOUND):
            written = joined(_flat(value))
        elif isinstance(value, dict):
            written = prefix + _object(value, explode, separator, item)
            if style == "matrix" and not explode:
                written = f";{name}={written[1:]}"
        elif isinstance(value, (list, tuple)):
            items = [item(text(each)) for each in value]
            if style == "matrix":
                items = items if explode else [",".join(items)]
                written = "".join(
                    f";{name}={each}" if each else f";{name}" for each in items
                )
            else:
                written = prefix + separator.join(items)
        else:
            written = prefix + _matrix_scalar(style, name, leaf(text(value)))
        if not written:
            raise SerializationError("a path value must not be empty")
        return written

    return write


def _matrix_scalar(style: str, name: str, value: str) -> str:
    if style != "matrix":
        return value
    return f"{name}={value}" if value else name


def _object(
    value: Mapping[str, Any], explode: bool, separator: str, encode: Encoder
) -> str:
    link = "=" if explode else ","
    return separator.join(
        f"{encode(key)}{link}{encode(text(each))}" for key, each in value.items()
    )


# --- query, form and multipart members -------------------------------------------------------


def query_writer(wire: str, row: ValueRow) -> Writer:
    """Writes `name=value` pairs joined by `&`; "" when there is nothing to send."""
    leaf = _percent_reserved if row.get("allow_reserved", False) else percent
    name = percent(wire)
    pairs = pairs_writer(wire, row)

    def write(value: Any) -> str:
        if isinstance(value, str) or not isinstance(value, _COMPOUND):
            return f"{name}={leaf(text(value))}"
        return "&".join([f"{each}={written}" for each, written in pairs(value)])

    return write


def pairs_writer(wire: str, row: ValueRow, *, encoded: bool = True) -> PairsWriter:
    """Writes the names and values that one value stands for.

    Percent-encoded for a query or a form; as they are (`encoded=False`) for multipart parts.
    """
    style, explode = style_of(row, "query")
    reserved = row.get("allow_reserved", False)
    leaf, key = (_percent_reserved if reserved else percent), percent
    item = _percent_reserved_item if reserved and not explode else leaf
    if not encoded:
        leaf = key = item = _unchanged
    if style == "deepObject":
        lists = row.get("lists", "")
        return lambda value: [
            (key(name), leaf(each))
            for name, each in ([] if value is None else _deep_pairs(wire, value, lists))
        ]
    joined = _delimiter_writer(style, item, encoded)
    name = key(wire)

    def write(value: Any) -> list[tuple[str, str]]:
        if is_empty(value):
            return []
        if not isinstance(value, (dict, list, tuple)):
            return [(name, leaf(text(value)))]
        if not explode:
            return [(name, joined(_flat(value)))]
        if isinstance(value, dict):
            return [(key(each), leaf(text(value[each]))) for each in value]
        return [(name, leaf(text(each))) for each in value]

    return write


def _flat(value: Any) -> list[str]:
    """The items of an array; names and values in turn of an object."""
    if isinstance(value, dict):
        return [text(each) for pair in value.items() for each in pair]
    return [text(each) for each in value]


def _unchanged(value: str) -> str:
    return value


def _delimiter_writer(
    style: Style, encode: Encoder, encoded: bool
) -> Callable[[list[str]], str]:
    """Joins the items of a value that does not explode."""
    delimiter = DELIMITERS.get(style, ",")
    if delimiter == "," and encoded:  # an encoded comma cannot be taken for a delimiter
        return lambda parts: ",".join([encode(part) for part in parts])
    between = quote(delimiter) if encoded else delimiter

    def join(parts: list[str]) -> str:
        for part in parts:
            _refuse_delimiter(part, delimiter)
        return between.join([encode(part) for part in parts])

    return join


def _refuse_delimiter(value: str, delimiter: str) -> str:
    if delimiter in value:
        spoken = {" ": "a space", ",": "a comma", "\t": "a tab"}.get(
            delimiter, repr(delimiter)
        )
        raise SerializationError(
            f"a value here must not contain {spoken}, which separates values"
        )
    return value


def _without_comma(value: str) -> str:
    return _refuse_delimiter(value, ",")


def _deep_pairs(name: str, value: Any, lists: str = "") -> Iterator[tuple[str, str]]:
    """Brackets as qs, PHP, Rails and Stripe read them; the specification knows one level only.

    `lists` says how a list of plain values is written. One of lists or objects has indices: what
    stands in it could not be told apart without them.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _deep_pairs(f"{name}[{key}]", inner, lists)
    elif not isinstance(value, (list, tuple)):
        yield name, text(value)
    elif any(isinstance(inner, (dict, list, tuple)) for inner in value):
        for index, inner in enumerate(value):
            yield from _deep_pairs(f"{name}[{index}]", inner, lists)
    elif lists == "comma":
        if value:
            yield name, ",".join([_without_comma(text(inner)) for inner in value])
    else:
        for index, inner in enumerate(value):
            yield _LIST_NAMES[lists].format(name, index), text(inner)


_LIST_NAMES: Mapping[str, str] = {"": "{0}[]", "indices": "{0}[{1}]", "repeat": "{0}"}


# --- headers and cookies -----------------------------------------------------------------------


def header_writer(row: ValueRow) -> Callable[[Any], str | None]:
    """Writes a header's value; None when there is nothing to send."""
    style, explode = style_of(row, "header")
    joined = _delimiter_writer(style, _unchanged, False)

    def write(value: Any) -> str | None:
        if is_empty(value):
            return None
        if not isinstance(value, _COMPOUND):
            return header_value(text(value))
        if explode and isinstance(value, dict):
            return header_value(_object(value, True, ",", _without_comma))
        return header_value(joined(_flat(value)))

    return write


def header_value(value: str) -> str:
    """`value` if RFC 9110 section 5.5 lets it through unharmed; else SerializationError."""
    if value and _HEADER_VALUE.fullmatch(value) is None:
        raise SerializationError(
            "a header value must be visible ASCII text, without line breaks and without"
            " spaces at its ends"
        )
    return value


def header_name(name: str) -> str:
    """`name` if it is a token (RFC 9110 section 5.6.2); else SerializationError."""
    if _HEADER_NAME.fullmatch(name) is None:
        raise SerializationError("a header name must be a token of RFC 9110")
    return name


def cookie_writer(wire: str, row: ValueRow) -> Callable[[Any], list[str]]:
    """Writes `name=value` pairs of the Cookie header.

    Style form is percent-encoded, exploded values become cookies of their own. Style cookie
    (OpenAPI 3.2) sends values as they are and refuses what RFC 6265 does not allow.
    """
    style, explode = style_of(row, "cookie")
    encode = _plain_cookie if style == "cookie" else cookie_octets
    name = header_name(wire)

    def write(value: Any) -> list[str]:
        if is_empty(value):
            return []
        if isinstance(value, (list, tuple)):
            items = [encode(text(each)) for each in value]
            if explode:
                return [f"{name}={each}" for each in items]
            return [f"{name}={','.join(items)}"]
        if isinstance(value, dict):
            if explode:
                return _object(value, True, "\n", encode).split("\n")
            return [f"{name}={_object(value, False, ',', encode)}"]
        return [f"{name}={encode(text(value))}"]

    return write


def _plain_cookie(value: str) -> str:
    if _COOKIE_VALUE.fullmatch(value) is None:
        raise SerializationError(
            "a cookie value must be ASCII without spaces, quotes, commas, semicolons or"
            " backslashes"
        )
    return value


def style_of(row: ValueRow, place: str) -> tuple[Style, bool]:
    """The style and whether it explodes, defaults filled in."""
    style = row.get("style", DEFAULT_STYLES.get(place, "form"))
    return style, row.get("explode", style in ("form", "cookie"))
