"""Plain YAML scalars by the core schema of YAML 1.2 (section 10.3.2): JSON's types, nothing else.

Dates, `no`, `12:30`, `1_000` stay text. Imports `faults`, `json_faults`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from toolbind.read.json_faults import is_out_of_range

Scalar = str | int | float | bool | None

WORDS: Final[Mapping[str, bool | None]] = MappingProxyType(
    {
        **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
        **dict.fromkeys(("true", "True", "TRUE"), True),
        **dict.fromkeys(("false", "False", "FALSE"), False),
    }
)
NUMBER_STARTS: Final = frozenset("0123456789+-.")

_DECIMAL = re.compile(r"[-+]?[0-9]+")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class NotJsonError(ValueError):
    """A number of YAML that JSON cannot hold."""


def plain(text: str) -> Scalar:
    """The value of an unquoted scalar. Raises NotJsonError for what is no JSON number."""
    if text in WORDS:
        return WORDS[text]
    return number(text) if text[0] in NUMBER_STARTS else text


def number(text: str) -> Scalar:
    """The value of a scalar that begins like a number: a number if it is one, else the text."""
    if _DECIMAL.fullmatch(text):
        return int(_within(text, real=False))
    if _REAL.fullmatch(text):
        return float(_within(text, real=True))
    if _OCTAL.fullmatch(text):
        return int(_within(text, real=False), 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(_within(text, real=False), 16)
    if _NOT_A_NUMBER.fullmatch(text):
        raise NotJsonError(text)
    return text


def _within(text: str, *, real: bool) -> str:
    if is_out_of_range(text, real):
        raise NotJsonError(text)
    return text


def _as(kind: type, text: str) -> Scalar:
    value = plain(text)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise NotJsonError(text)
    return value


TAGGED: Final[Mapping[str, Callable[[str], Scalar]]] = MappingProxyType(
    {
        "!": str,
        "tag:yaml.org,2002:str": str,
        "tag:yaml.org,2002:int": lambda text: _as(int, text),
        "tag:yaml.org,2002:float": lambda text: _as(float, text),
        "tag:yaml.org,2002:bool": lambda text: _as(bool, text),
        "tag:yaml.org,2002:null": lambda text: _as(type(None), text),
    }
)
"""What an explicit tag on a scalar makes of its text."""
